import Foundation
import Testing

/// Common forms of Sudoku files, through the whole program.
@Suite struct SudokuFileTests {
    static let puzzle = "1....2....2...41"
    static let answer = "1432321441232341"

    /// Boxes of 6×6 may be taller than wide: the answers of a file determine the shape, which is
    /// kept up to the model.
    @Test func tallBoxesFromFileToModel() throws {
        try Workbench.use { bench in
            let train = """
                .2.3....6.1....2.5.1......3..435.6..,125346536412641235412563263154354621
                2.3.1.3.2....4...........3..2651....,263415352164145632624351431526516243
                46..2....5...3........4.6..2...2..3.,461325214563532614356142643251125436
                5.3....6.....1.6...21..5.....3...46.,543126264531312654621345456213135462
                """
            try bench.write("quizzes,solutions\n" + train, to: "train.csv")
            try bench.write(
                "...4.11...4.2.6.5........51.......65;563421132546246153625314451632314265",
                to: "test.csv")
            let made = try bench.hrm(
                "prepare", "sudoku", "--train", "train.csv", "--test", "test.csv", "--output",
                "data",
                "--augmentations", "3")
            #expect(made.status == 0, "\(made.errors)")
            #expect(
                made.output.contains("4 training puzzles of 6×6 with boxes of 3 rows and 2 columns")
            )
            let inspected = try bench.hrm("inspect", "data")
            #expect(inspected.status == 0 && inspected.output.contains("──┬──────┬──"))

            // A model for boxes of another shape cannot be evaluated on these boards, and its
            // relations are not used.
            let measured = try bench.hrm("evaluate", "--checkpoint", "sudoku-6x6", "--data", "data")
            expectFailure(
                measured, mentioning: "boxes of 3 rows and 2 columns",
                "boxes of 2 rows and 3 columns")
            let relations = ["--set", "relations=row,column,box"]
            let arguments =
                ["train", "--data", "data", "--steps", "2", "--preset", "sudoku-tiny"]
                + Workbench.tinyShared + ["--set", "symbols=6", "--set", "hidden_size=48"]
            let refused = try bench.hrm(arguments + relations + ["--output", "wrong"])
            expectFailure(
                refused, mentioning: "boxes of 2 rows and 3 columns",
                "relations=row,column,tall_box")
            let trained = try bench.hrm(
                arguments + ["--set", "relations=row,column,tall_box", "--output", "run"])
            #expect(trained.status == 0, "\(trained.errors)")

            // The model contains the shape of its boxes.
            let drawn =
                ". . | 1 . | . 5\n. . | 4 . | 1 .\n3 . | . . | . .\n----+-----+----\n"
                + ". . | . . | . 2\n. 1 | . 5 | . .\n4 . | . 6 | . ."
            let solved = try bench.hrm("solve", "--checkpoint", "run", drawn)
            #expect(solved.status == 0 && solved.output.count > 36, "\(solved.errors)")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "sudoku-6x6", drawn),
                mentioning:
                    "drawn with boxes of 3 rows and 2 columns; the model knows boxes of 2 rows and 3"
            )
        }
    }

    @Test func generatedBoxesAreThoseAskedFor() throws {
        try Workbench.use { bench in
            func generate(_ more: String...) throws -> Program.Result {
                try bench.hrm(
                    [
                        "prepare", "sudoku", "--generate", "3", "--test-size", "2", "--output",
                        "data",
                    ] + more)
            }
            for (wrong, words) in [
                (["--size", "5"], "use 4, 6, 8 or 9"),
                (["--size", "4", "--givens=-1"], "ask for 4 to 15"),
                (["--size", "9", "--min-rating=-1"], "ask for 0 or more"),
                (["--size", "6", "--boxes", "3x3"], "2x3, 3x2"),
                (["--size", "6", "--boxes", "tall"], "2x3, 3x2"),
                (["--size", "9", "--givens", "16"], "ask for 17 to 80"),
            ] {
                let result = try bench.hrm(
                    [
                        "prepare", "sudoku", "--generate", "3", "--test-size", "2", "--output",
                        "data",
                    ] + wrong)
                expectFailure(result, status: 2, mentioning: words)
            }
            let made = try generate("--size", "6", "--boxes", "3x2")
            #expect(
                made.status == 0 && made.output.contains("boxes of 3 rows and 2 columns"),
                "\(made.errors)")
            let text = String(decoding: try bench.bytes("data/task.json"), as: UTF8.self)
            #expect(text == #"{"box_columns":2,"box_rows":3,"size":6,"task":"sudoku"}"#)
        }
    }

    /// Contradictory givens are reported with their cells; other puzzles are answered, with a
    /// remark if there is no solution.
    @Test func impossiblePuzzlesAreTold() throws {
        try Workbench.use { bench in
            try bench.write(
                "1..1............\n\(Self.puzzle)\n2.4..3.......1.2\n" + "................\n",
                to: "list")
            let result = try bench.hrm("solve", "--checkpoint", "sudoku-4x4", "list")
            #expect(result.status == 1)
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 3 && lines[0].hasPrefix("\(Self.answer)  valid  "))
            #expect(lines[1].contains("(the puzzle has no solution)"))
            #expect(lines[2].contains("(nothing was given)"))
            let errors = result.errors.split(separator: "\n")
            #expect(errors.count == 1)
            #expect(
                errors[0].hasPrefix(
                    "Error: list, line 1: 1 occurs twice in row 1 (columns 1 and 4)"))
        }
    }

    /// `solve` reads the files of `prepare`, and reports an answer beside a puzzle that differs.
    @Test func solveReadsWhatPrepareReads() throws {
        try Workbench.use { bench in
            try bench.write(
                "id;puzzle;solution\n1;\(Self.puzzle);\(Self.answer)\n2;\(Self.puzzle);1234341221434321\n"
                    + "3;....43.1.2...41.;2134432112433412\n", to: "own.csv")
            let result = try bench.hrm("solve", "own.csv")
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 3 && lines[0].hasPrefix("\(Self.answer)  valid  "))
            #expect(
                lines[1].contains("valid (but different from the answer given with the puzzle)"))
            #expect(lines[2].contains("several solutions)"))
        }
    }

    /// JSON and Markdown tables as written by programs and notebooks, from files and standard
    /// input, with a named model and with an automatically selected one.
    @Test func jsonAndTablesAreSolved() throws {
        try Workbench.use { bench in
            let matrix = "[[1,0,0,0],[0,2,0,0],[0,0,2,0],[0,0,4,1]]"
            let table =
                "| 1 | | | |\n|---|---|---|---|\n| | 2 | | |\n| | | 2 | |\n| | | 4 | 1 |\n"
            for (name, text, count) in [
                ("one.json", matrix, 1), ("two.json", "[\n\(matrix),\n\(matrix)\n]\n", 2),
                ("object.json", "{\"puzzle\": \(matrix), \"rating\": 3}", 1),
                ("lines.jsonl", "\(matrix)\n\(matrix)\n", 2), ("table.md", "# A\n\n\(table)", 1),
                ("tables.md", "\(table)\n\(table)\n\(Self.puzzle)", 3),
            ] {
                try bench.write(text, to: name)
                for model in [[], ["--checkpoint", "sudoku-4x4"]] {
                    let arguments = ["solve", "--halt", "sign"] + model
                    for result in [
                        try bench.hrm(arguments + [name]), try bench.hrm(arguments, input: text),
                    ] {
                        let lines = result.output.split(separator: "\n")
                        #expect(lines.count == count && result.status == 0, "\(name) \(result)")
                        #expect(lines.allSatisfy { $0.hasPrefix("\(Self.answer)  valid  ") })
                    }
                }
            }
            let typed = try bench.hrm("solve", "--halt", "sign", matrix)
            #expect(typed.output.hasPrefix(Self.answer))
            let wrong = matrix.replacingOccurrences(of: "[0,2", with: "[0,22")
            try bench.write("[\(wrong),\n\(matrix)]", to: "wrong.json")
            let result = try bench.hrm("solve", "wrong.json")
            #expect(result.status == 1 && result.output.hasPrefix(Self.answer))
            #expect(result.errors.hasPrefix("Error: wrong.json, line 1: '22' in row 2, column 2"))
            try bench.write("{\"train\":[],\"test\":[]}", to: "task.json")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "sudoku-4x4", "task.json"),
                mentioning: "not for ARC tasks")
        }
    }

    /// A question that equals its answer is useless for training and evaluation.
    @Test func questionsWithoutABlankAreNoted() throws {
        try Workbench.use { bench in
            try bench.write(
                "question,answer\n\(Self.puzzle),\(Self.answer)\n\(Self.answer),\(Self.answer)\n",
                to: "train.csv")
            try bench.write("question,answer\n\(Self.puzzle),\(Self.answer)\n", to: "test.csv")
            let prepare = ["prepare", "sudoku", "--test", "test.csv", "--train"]
            let made = try bench.hrm(prepare + ["train.csv", "--output", "data"])
            #expect(
                made.errors.contains(
                    "Note: 1 question has no blank cell ('.' or '0'), so there is nothing to solve; "
                        + "it is in train.csv, line 3\n"), "\(made.errors)")
            let chosen = try bench.hrm(
                prepare + ["train.csv", "--subsample", "1", "--output", "sample"])
            #expect(chosen.errors.contains("it is in train.csv, line 3\n"), "\(chosen.errors)")
            let good = try bench.hrm(prepare + ["test.csv", "--output", "good"])
            #expect(good.status == 0 && !good.errors.contains("no blank cell"))
        }
    }

    @Test func severalSolutionsAreNoted() throws {
        try Workbench.use { bench in
            let rows = "....43.1.2...41.,2134432112433412\n.3.441.2.......3,2314413234211243\n"
            try bench.write("question,answer\n" + rows, to: "p.csv")
            let made = try bench.hrm(
                "prepare", "sudoku", "--train", "p.csv", "--test", "p.csv", "--output", "data")
            let note =
                "2 of 2 test puzzles have several solutions; exact accuracy counts one of them only"
            #expect(made.status == 0 && made.errors.contains("Note: \(note)\n"), "\(made.errors)")
            let inspected = try bench.hrm("inspect", "data")
            #expect(inspected.status == 0 && inspected.output.contains("Note: \(note).\n"))
            #expect(inspected.output.contains("puzzles with several solutions"))
            let json = try bench.hrm("inspect", "data", "--json").json
            let split = try #require((json["splits"] as? [[String: Any]])?.last)
            let set = try #require((split["sets"] as? [[String: Any]])?.first)
            #expect(set["several_solutions"] as? [String: Int] == ["count": 2, "examined": 2])
            try bench.write("question,answer\n1..1............,2134432112433412\n", to: "wrong.csv")
            expectFailure(
                try bench.hrm(
                    "prepare", "sudoku", "--train", "p.csv", "--test", "wrong.csv", "--output",
                    "none"),
                mentioning:
                    "wrong.csv, line 2: in the question, 1 occurs twice in row 1 (columns 1 and 4)")
            try bench.write("question,answer,question\n" + rows, to: "twice.csv")
            expectFailure(
                try bench.hrm(
                    "prepare", "sudoku", "--train", "p.csv", "--test", "twice.csv", "--output",
                    "none"),
                mentioning: "twice.csv, line 1: the first line names the column 'question' 2 times")
        }
    }

    /// Files in the formats that 'hrm solve' reads can be used for training as well.
    @Test func filesInJSONArePrepared() throws {
        try Workbench.use { bench in
            let solution = "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]"
            try bench.write(
                """
                [{"puzzle": [[1,0,3,0],[3,4,1,2],[2,1,4,3],[4,3,2,1]], "solution": \(solution)},
                 {"puzzle": [[0,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,null]], "solution": \(solution)}]
                """, to: "train.json")
            try bench.write(
                "{\"puzzle\": \"12343412214343..\", \"solution\": \"1234341221434321\"}\n",
                to: "test.json")
            let prepare = ["prepare", "sudoku", "--test", "test.json", "--train"]
            let made = try bench.hrm(prepare + ["train.json", "--output", "data"])
            #expect(made.status == 0, "\(made.errors)")
            #expect(
                made.output.contains(
                    "2 training puzzles of 4×4, 2 examples with their shuffles; 1"),
                "\(made.output)")
            let trained = try bench.train(steps: 1)
            #expect(trained.status == 0, "\(trained.errors)")
            try bench.write("[\(solution)]", to: "alone.json")
            expectFailure(
                try bench.hrm(prepare + ["alone.json", "--output", "none"]),
                mentioning: "alone.json, line 1: a puzzle has no solution")
        }
    }
}

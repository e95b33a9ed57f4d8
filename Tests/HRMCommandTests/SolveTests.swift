import Foundation
import HRMData
import HRMFiles
import Testing

@testable import HRMCommand
@testable import HRMInference

/// Streams of puzzles through `hrm solve`, and its inference options.
@Suite struct SolveTests {
    /// Returns distinct puzzles, so that answers can be assigned to them.
    private static func puzzles(_ count: Int) -> [String] {
        (0..<count).map { number in
            var cells = Array(repeating: Character("."), count: 16)
            cells[number % 16] = "1"
            cells[(number / 16) % 16] = "2"
            return String(cells)
        }
    }

    @Test func answersAndErrorsComeInTheOrderOfALongInput() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            // Every 20th line is invalid, and some consecutive ones.
            let lines = Self.puzzles(260).enumerated().map { number, puzzle in
                number % 20 == 7 || (100..<108).contains(number) ? "broken \(number)" : puzzle
            }
            try bench.write(lines.joined(separator: "\n"), to: "many.txt")
            let solve = [
                "solve", "--checkpoint", "run", "many.txt", "--halt", "never", "--batch-size", "6",
            ]
            let object = try bench.hrm(solve + ["--json"]).json
            let results = try #require(object["puzzles"] as? [[String: Any]])
            #expect(results.compactMap { $0["puzzle"] as? String } == lines)
            #expect(results.compactMap { $0["line"] as? Int } == Array(1...260))
            let isBroken = results.map { $0["error"] != nil }
            #expect(isBroken == lines.map { $0.hasPrefix("broken") })
            let broken = isBroken.count { $0 }
            #expect(object["errors"] as? Int == broken)
            #expect(object["count"] as? Int == 260 - broken)

            let plain = try bench.hrm(solve)
            #expect(plain.status == 1)
            let numbers = plain.errors.split(separator: "\n").compactMap {
                $0.split(separator: ":").dropFirst().first.flatMap {
                    $0.split(separator: " ").last.flatMap { Int($0) }
                }
            }
            #expect(numbers == isBroken.indices.filter { isBroken[$0] }.map { $0 + 1 })
            let answers = plain.output.split(separator: "\n").map { String($0.prefix(16)) }
            #expect(answers == results.compactMap { $0["answer"] as? String })
            // Neither neighbours nor slots affect an answer.
            let alone = try bench.hrm("solve", "--checkpoint", "run", "--halt", "never", lines[200])
            #expect(plain.output.contains(alone.output))
            #expect(
                try bench.hrm(["solve", "--checkpoint", "run", "--halt", "never", "many.txt"])
                    .output == plain.output)
        }
    }

    /// Without a checkpoint, a model included with the program is selected by the first puzzle,
    /// wherever it is, and no input is lost or read twice.
    @Test func thePuzzleChoosesAModel() throws {
        try Workbench.use { bench in
            let puzzle = "1....2....2...41"
            let answer = "1432321441232341"
            func expectAnswers(
                _ count: Int, _ result: Program.Result, _ note: String, errors: Int = 0
            ) {
                let lines = result.output.split(separator: "\n")
                #expect(
                    lines.count == count && lines.allSatisfy { $0.hasPrefix(answer) }, "\(note)")
                #expect(result.errors.split(separator: "\n").count == errors, "\(note)")
            }
            let text = "# two\n\n\(puzzle)\nbroken\n\(puzzle)"
            try bench.write(text, to: "puzzles.txt")
            let solve = ["solve", "--halt", "sign"]
            expectAnswers(1, try bench.hrm(solve + [puzzle]), "an argument")
            expectAnswers(2, try bench.hrm(solve + ["puzzles.txt"]), "a file", errors: 1)
            expectAnswers(
                3, try bench.hrm(solve + ["-", "-", puzzle], input: text), "standard input",
                errors: 1)
            expectAnswers(
                1, try bench.hrm(solve + ["--checkpoint", "sudoku-4x4", puzzle]), "its name")
            let maze = ["S..", ".#.", "..G"]
            expectFailure(
                try bench.hrm("solve", maze.joined(separator: "\n")), mentioning: "'S..'",
                "this model takes 9×9 mazes", "# for a wall")
            expectFailure(
                try bench.hrm(["solve"], input: ""), mentioning: "standard input has no puzzle")
        }
    }

    /// Drawn boards can be mixed with ones in one line, and an incomplete one does not affect
    /// others.
    @Test func drawnSudokusAreRead() throws {
        try Workbench.use { bench in
            let drawing = """
                1 . | . .
                . 2 | . .
                ----+----
                . . | 2 .
                . . | 4 1

                """
            let line = "1....2....2...41"
            let answer = "1432321441232341"
            let text = "\(drawing)\n# and others\n\(line)\n1...\n..2.\n\(line)\n1..\n\(drawing)12.x"
            try bench.write(text, to: "1234")
            let result = try bench.hrm("solve", "1234", "--json").json
            let puzzles = try #require(result["puzzles"] as? [[String: Any]])
            #expect(puzzles.compactMap { $0["line"] as? Int } == [1, 8, 9, 11, 12, 13, 18])
            let answers = puzzles.map { $0["answer"] as? String }
            #expect(answers == [answer, answer, nil, answer, nil, answer, nil])
            let errors = puzzles.compactMap { $0["error"] as? String }
            #expect(errors.count == 3)
            #expect(errors[0].contains("1234, line 9: a 4×4 puzzle has 4 rows, but 2 are drawn"))
            #expect(errors[1].contains("16 cells, but this one has 3"))
            #expect(errors[2].contains("'x'") || errors[2].contains("cells"), "\(errors[2])")
            let argument = try bench.hrm("solve", drawing)
            #expect(argument.status == 0 && argument.output.hasPrefix(answer), "\(argument)")
            let typed = try bench.hrm(["solve"], input: drawing)
            #expect(typed.output.hasPrefix(answer))
            expectFailure(
                try bench.hrm("solve", "12.."), mentioning: "'12..'", "4 rows, but 1 is drawn")
        }
    }

    @Test func modelsAreListedWithTheirCards() throws {
        try Workbench.use { bench in
            let list = try bench.hrm("models")
            #expect(list.status == 0)
            for name in ["sudoku-4x4", "sudoku-6x6", "sudoku-9x9", "maze-9x9"] {
                #expect(list.output.contains("\n\(name) "))
                #expect(try bench.hrm("models", name).output.hasPrefix("# \(name)\n"))
            }
            expectFailure(
                try bench.hrm("models", "chess"), status: 2, mentioning: "chess", "sudoku-9x9")
        }
    }

    @Test func whoTypesAPuzzleIsAnsweredAtOnce() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let conversation = try Conversation(
                ["solve", "--checkpoint", "run", "--halt", "never"], in: bench)
            for puzzle in Self.puzzles(3) {
                try conversation.write(String(puzzle.prefix(5)))
                try conversation.write("\(puzzle.dropFirst(5))\n")
                #expect(conversation.line().contains("3 steps"))
            }
            // The last one has no line end.
            try conversation.write(EndToEndTests.puzzle)
            let end = try conversation.finish()
            #expect(end.output.contains("3 steps") && end.status == 0)
        }
    }

    @Test func whatCannotBeReadKeepsNothingElseFromBeingSolved() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let puzzle = EndToEndTests.puzzle
            // A folder can be opened as standard input, but not read.
            let process = Process()
            process.executableURL = try Program.executable.get()
            process.arguments = ["solve", "--checkpoint", "run", puzzle, "-", ".", puzzle]
            process.currentDirectoryURL = bench.folder
            process.standardInput = try FileHandle(forReadingFrom: bench.url("run"))
            let (output, errors) = (Pipe(), Pipe())
            (process.standardOutput, process.standardError) = (output, errors)
            try process.run()
            let answers = output.fileHandleForReading.readDataToEndOfFile()
            let told = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(String(decoding: answers, as: UTF8.self).split(separator: "\n").count == 2)
            #expect(
                told.contains("Error: standard input cannot be read: Is a directory"), "\(told)")
            #expect(process.terminationStatus == 1)
        }
    }

    @Test func memoryDoesNotGrowWithTheInput() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let conversation = try Conversation(
                ["solve", "--checkpoint", "run", "--json", "--thinking-steps", "1"], in: bench)
            func solve(_ count: Int) throws {
                // Written incrementally, while the answers are not read.
                for puzzle in Self.puzzles(count) {
                    try conversation.write("\(puzzle)\nno puzzle\n")
                    for _ in 0..<2 { _ = conversation.read { $0 == UInt8(ascii: "}") } }
                }
            }
            try solve(150)
            let before = conversation.peakMemory
            try solve(1200)
            let after = conversation.peakMemory
            let end = try conversation.finish()
            #expect(end.status == 1 && end.output.contains("\"count\":1350"), "\(end)")
            if let before, let after {
                #expect(after - before < 600, "\(before) KiB, then \(after) KiB")
            }
        }
    }

    /// By default an attempt runs until its answer has converged, also in evaluations.
    @Test func shippedModelsThinkUntilTheyHaveSettled() throws {
        try Workbench.use { bench in
            func solved(_ more: String...) throws -> (plan: [String: Any], puzzle: [String: Any]) {
                let object = try bench.hrm(["solve", "--json", "1....2....2...41"] + more).json
                return (
                    try #require(object["plan"] as? [String: Any], "\(more)"),
                    try #require((object["puzzles"] as? [[String: Any]])?.first, "\(more)")
                )
            }
            let usual = try solved()
            #expect(usual.plan["halt"] as? String == "converged")
            #expect(usual.plan["max_steps"] as? Int == 64)
            #expect(usual.plan["restarts"] as? Int == 15)
            #expect(usual.puzzle["halted"] as? Bool == true)
            #expect(usual.puzzle["valid"] as? Bool == true)
            let steps = try #require(usual.puzzle["steps"] as? Int)
            #expect((2...8).contains(steps))
            let trace = try solved("--trace").puzzle["trace"] as? [Any]
            #expect(trace?.count == steps)
            #expect(try solved("--starts", "2").plan["restarts"] as? Int == 0)
            let longer = try solved("--halt", "never", "--thinking-steps", "9")
            #expect(longer.plan["restarts"] as? Int == 0)
            #expect(longer.puzzle["steps"] as? Int == 9)
            #expect(longer.puzzle["halted"] as? Bool == false)

            try bench.prepare()
            let evaluate = ["evaluate", "--checkpoint", "sudoku-4x4", "--data", "data", "--json"]
            func plan(_ more: String...) throws -> [String: Any] {
                try #require(try bench.hrm(evaluate + more).json["plan"] as? [String: Any])
            }
            let settled = try plan()
            #expect(settled as NSDictionary == usual.plan as NSDictionary)
            let never = try plan("--halt", "never")
            #expect(never["max_steps"] as? Int == 16 && never["restarts"] as? Int == 0)
        }
    }

    @Test func thinkingOptionsChangeWhatIsThought() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let solve = ["solve", "--checkpoint", "run", "--json", EndToEndTests.puzzle]
            func puzzle(_ more: String...) throws -> [String: Any] { try puzzle(more) }
            func puzzle(_ more: [String]) throws -> [String: Any] {
                let object = try bench.hrm(solve + more).json
                return try #require((object["puzzles"] as? [[String: Any]])?.first, "\(more)")
            }
            let usual = try puzzle("--halt", "never")
            #expect(usual["steps"] as? Int == 3 && usual["halted"] as? Bool == false)
            #expect(usual["votes"] == nil && usual["checked_answer"] == nil)
            let longer = try puzzle("--thinking-steps", "5", "--halt", "never")
            #expect(longer["steps"] as? Int == 5)
            // Every confidence is higher.
            let early = try puzzle("--halt", "0.000001")
            #expect(early["steps"] as? Int == 1 && early["halted"] as? Bool == true)
            let votes = [
                "--votes", "3", "--starts", "2", "--thinking-seed", "5", "--halt", "never",
            ]
            let voted = try puzzle(votes)
            #expect(voted["voters"] as? Int == 3 && voted["total_steps"] as? Int == 18)
            let plain = ["solve", "--checkpoint", "run", EndToEndTests.puzzle] + votes
            let first = try bench.hrm(plain).output
            #expect(first.contains("  3 steps (18 in all)  "), "\(first)")
            #expect(first.contains(" of 3 votes"), "\(first)")
            #expect(try bench.hrm(plain + ["--batch-size", "5"]).output == first)
            let plan = try bench.hrm(solve + ["--starts", "2", "--noise", "0.5"]).json["plan"]
            #expect((plan as? [String: Any])?["noise"] as? Double == 0.5)

            // Every confidence is lower.
            let again = try puzzle(
                "--restarts", "2", "--halt", "0.999999", "--thinking-steps", "3")
            #expect(again["total_steps"] as? Int == 9 && again["halted"] as? Bool == false)
            let began = try bench.hrm(solve + ["--restarts", "2"]).json["plan"] as? [String: Any]
            #expect(began?["halt"] as? String == "converged" && began?["restarts"] as? Int == 2)
            for refused in [
                ["--restarts", "1", "--halt", "never"], ["--restarts", "-1"], ["--noise", "0.5"],
            ] {
                expectFailure(
                    try bench.hrm(solve + refused), status: 2, mentioning: "--restarts")
            }
            expectFailure(
                try bench.hrm(solve + ["--trace", "--restarts", "1"]), mentioning: "--restarts")

            let traced = try puzzle("--trace", "--thinking-steps", "4", "--halt", "never")
            #expect((traced["trace"] as? [Any])?.count == 4)
            #expect((try puzzle("--trace", "--halt", "0.000001")["trace"] as? [Any])?.count == 1)
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--trace", "--votes", "2", "1"),
                mentioning: "--trace", "--votes")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--batch-size", "0", "1"),
                status: 2, mentioning: "--batch-size")
        }
    }

    @Test func theCheckersFindStandsApart() throws {
        let question = try PuzzleQuestion(parsing: "1234341221434...", task: .sudoku(.four))
        let full = try SudokuBoard(parsing: "1234341221434321", geometry: .four)
        let found = full.tokens.map(Int32.init)
        let thought = StepOutput(
            step: 2, tokens: question.tokens, isUnchanged: false, qHalt: 0, qContinue: 0)
        func solved(_ firstValid: [Int32]?) -> SolvedPuzzle {
            SolvedPuzzle(
                question: question,
                solution: PuzzleSolution(
                    thoughts: [thought], hasHalted: false, firstValid: firstValid),
                isChecked: true)
        }
        let own = "1234341221434...  not valid: 3 cells without a digit  2 steps  confidence 50.0 %"
        #expect(solved(found).line == "\(own)  checker: 1234341221434321")
        #expect(solved(nil).line == "\(own)  checker: no answer on the way was valid")
        let members = solved(found).members
        guard case .text("1234341221434321")? = members["checked_answer"],
            case .text("1234341221434...")? = members["answer"],
            case .flag(false)? = members["valid"]
        else {
            Issue.record("\(members)")
            return
        }

        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let unsolved = try bench.hrm(
                "solve", "--checkpoint", "run", "--json", "--checker", EndToEndTests.puzzle
            ).json
            let missed = try #require((unsolved["puzzles"] as? [[String: Any]])?.first)
            #expect(missed["checked_answer"] is NSNull)
        }
    }

    @Test func gridsHaveNoChecker() throws {
        try Workbench.use { bench in
            let pairs = (0..<6).map { "{\"input\":[[\($0 % 2),1]],\"output\":[[1,\($0 % 2)]]}" }
            try bench.write(pairs.joined(separator: "\n") + "\n", to: "pairs.jsonl")
            let prepared = try bench.hrm(
                "prepare", "grid", "--train", "pairs.jsonl", "--test-share", "0.2", "--output",
                "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            _ = try bench.train()
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--checker", "0 1"),
                mentioning: "--checker", "grids of your own")
        }
    }
}

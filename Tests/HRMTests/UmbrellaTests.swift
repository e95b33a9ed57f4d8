import Foundation
import HRM
import Testing

/// The symbols that `import HRM` alone provides.
@Suite struct UmbrellaTests {
    @Test func anAnswerCanBeDrawn() async throws {
        let reasoner = try Reasoner(pretrained: "sudoku-4x4")
        let answer = try await reasoner.solve("2..3..2.....43..")
        #expect(answer.text == "2143342112344312" && answer.isValid == true)
        #expect(answer.puzzle.task == reasoner.task)
        let picture = answer.picture
        #expect(picture.rows == 4 && picture.boxRows == 2 && picture.marked.isEmpty)
        #expect(picture.cells.map(\.glyph).joined() == answer.text)
        // Givens are black, the model's digits are not.
        let given = picture.cells[0].ink
        let new = Set(picture.cells.filter { $0.ink != given }.map(\.ink))
        #expect(new.count == 1 && picture.cells.count { $0.ink == given } == 5)
        #expect(picture.svg.hasPrefix("<svg") && picture.svg.contains(">4</text>"))
        #expect(picture.png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(picture.text(color: false).split(separator: "\n").count == 7)
        #expect(answer.puzzle.picture.cells.filter { !$0.glyph.isEmpty }.count == 5)
        #expect(answer.comparison.rows[0].map(\.caption) == ["puzzle", "answer"])
        #expect(answer.comparison.terminal.contains("puzzle"))
    }

    @Test func wrongCellsAreMarked() throws {
        let puzzle = try PuzzleQuestion(parsing: "1...2.......3...", task: .sudoku(.four))
        var tokens = puzzle.tokens
        tokens[0] = 3
        tokens[1] = 3
        #expect(puzzle.answer(tokens).picture.marked == [0, 1, 4])
    }

    @Test func aGridOfOnesOwnIsDrawnWithoutItsCanvas() throws {
        let alphabet = try GridAlphabet(characters: ".AB")
        let task = GridTask(alphabet: alphabet, canvas: try GridCanvas(rows: 3, columns: 4))
        let text = #"{"input": "A./.B", "output": "AB/AB"}"#
        let puzzle = try PuzzleQuestion(parsing: text, task: .grid(task))
        #expect(puzzle.picture.rows == 2 && puzzle.picture.columns == 2)
        #expect(puzzle.picture.cells.map(\.glyph) == ["A", ".", ".", "B"])
        let answer = task.canvas.tokens(of: try PuzzleGrid("AB/BB", alphabet: ".AB"))
        let picture = puzzle.answer(answer.map(Int32.init)).picture
        #expect(picture.cells.map(\.glyph) == ["A", "B", "B", "B"] && picture.marked == [2])
        let nothing = puzzle.answer(Array(repeating: 0, count: 12)).picture
        #expect(nothing.rows == 1 && nothing.cells.map(\.glyph) == ["?"])
    }

    @Test func unknownModelsAreNamedWithTheKnownOnes() {
        #expect {
            try Reasoner(pretrained: "sudoku-9×9")
        } throws: { error in
            "\(error)".hasPrefix("no model is named 'sudoku-9×9'; the package includes sudoku-4x4")
        }
    }

    @Test func pairsBecomeAModelAndACurve() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-umbrella-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let alphabet = try GridAlphabet(characters: ".AB")
        let pair = try GridPair(input: "A./.A", output: "AB/BA", alphabet: alphabet)
        let other = try GridPair(input: ".A/..", output: "BA/AB", alphabet: alphabet)
        let splits = GridSplits(train: [pair, other], test: [pair], alphabet: alphabet)
        let data = try GridDatasetBuilder().datasets(
            from: splits, in: folder.appendingPathComponent("data"))
        #expect(data.train.exampleCount == 2 && data.test.exampleCount == 1)

        var configuration = TrainingConfiguration(preset: .gridTiny)
        configuration.globalBatchSize = 2
        configuration.architecture.hiddenSize = 8
        configuration.architecture.haltMaxSteps = 2
        let session = try TrainingSession(
            configuration: configuration, training: data.train, test: data.test,
            limits: .init(steps: 3))
        let run = folder.appendingPathComponent("run")
        let outcome = try session.run(in: run)
        let report = try #require(outcome.evaluation?.best.first)
        #expect(report.count == 1 && (0...1).contains(report.exactAccuracy))
        #expect(try Evaluator(model: session.model).evaluate(data.test).first?.count == 1)

        let chart = try MetricsHistory(ofRun: run).chart("train/lm_loss", "none", title: "loss")
        #expect(chart.series.map(\.name) == ["train/lm_loss"] && chart.title == "loss")
        #expect(chart.series[0].points.map(\.x) == [1, 2, 3])
        #expect(chart.svg.hasPrefix("<svg") && chart.text(color: false).contains("loss"))
        let answer = try await Reasoner(contentsOf: run).solve("A./.A")
        #expect(answer.isValid == nil && answer.puzzle.tokens.count == 4)
    }
}

import Foundation
import HRMData
import HRMEngine
import HRMInference
import HRMModel
import HRMTensor
import Testing

@testable import HRMPretrained

/// The included models: complete, documented, and as accurate as stated in their cards.
@Suite struct PretrainedModelTests {
    @Test(arguments: PretrainedModel.allCases)
    func itIsSmallAndKnowsItsPuzzle(model: PretrainedModel) throws {
        let file = try model.load()
        #expect(file.task != nil)
        #expect(file.model.configuration.forwardPrecision == .bfloat16)
        let size = try #require(try model.url().resourceValues(forKeys: [.fileSizeKey]).fileSize)
        // Two bytes per weight, and some thousand for names and settings.
        #expect(size < 2 * file.model.layout.parameterCount + 8192)
        #expect(size < 8 << 20)
    }

    @Test(arguments: PretrainedModel.allCases)
    func theCardSaysWhatMatters(model: PretrainedModel) throws {
        let card = try model.card()
        #expect(card.hasPrefix("# \(model.rawValue)\n"))
        for part in ["## Data", "## Compute", "## Accuracy", "## Limits"] {
            #expect(card.contains("\n\(part)\n"), "\(part)")
        }
    }

    @Test(arguments: PretrainedModel.allCases)
    func aReasonerThinksAsTheModelWants(model: PretrainedModel) throws {
        let plan = try Reasoner(model).plan
        #expect(plan == PretrainedModel.plan && plan.halting == .converged)
        #expect(try plan.maxSteps > model.load().model.configuration.haltMaxSteps)
        #expect(try InferenceOptions.recommended(for: model.load().model) == plan)
    }

    /// New puzzles, as many as can be solved in a debug build in reasonable time.
    @Test(arguments: [
        (PretrainedModel.sudoku4x4, SudokuGeometry.four, SudokuGenerator.Difficulty.minimal),
        (.sudoku6x6, .six, .minimal), (.sudoku9x9, .nine, .givens(40)),
    ])
    func newSudokusAreSolved(
        model: PretrainedModel, geometry: SudokuGeometry, difficulty: SudokuGenerator.Difficulty
    ) async throws {
        var random = SeededGenerator(seed: 301)
        var generator = try SudokuGenerator(geometry, difficulty: difficulty)
        let puzzles = try (0..<12).map { _ in try generator.next(using: &random) }
        try await expectAnswers(of: model, to: puzzles.map(\.question.description))
    }

    @Test func newMazesAreSolved() async throws {
        var random = SeededGenerator(seed: 302)
        var generator = try MazeGenerator(size: 9, requiresUniquePath: true)
        let mazes = try (0..<12).map { _ in try generator.next(using: &random) }
        try await expectAnswers(of: .maze9x9, to: mazes.map(\.question.description))
    }

    /// At most one answer in twelve may be wrong; the cards state a lower rate.
    private func expectAnswers(of model: PretrainedModel, to questions: [String]) async throws {
        var right = 0
        for await result in try Reasoner(model).solve(questions) {
            right += try result.get().isValid == true ? 1 : 0
        }
        #expect(right >= questions.count - 1)
    }

    @Test(arguments: [
        ("1...2.......3...", PretrainedModel.sudoku4x4), ("1...2.......3..x", .sudoku4x4),
        ("0000000000000000\n", .sudoku4x4),
        ("# a comment\n\n  3..16416..5..5.6....14...1..4....231  \n", .sudoku6x6),
        (String(repeating: ".", count: 81), .sudoku9x9),
        ("\nS........\n#########\n", .maze9x9), (" #  G   #\n", .maze9x9),
        (String(repeating: "#S.G ##..", count: 9), .maze9x9),
        ("12..\n..12\n", .sudoku4x4), ("1 . . | 2 . .\n", .sudoku6x6),
        ("+-------+\n| 5 3 . | . 7 . | . . . |\n", .sudoku9x9),
        (".........\n5..3.....\n", .sudoku9x9), (".........\n.#..G....\n", .maze9x9),
        (".........\n", .maze9x9), ("530070000\n", .sudoku9x9),
    ])
    func aPuzzleHasItsModel(text: String, model: PretrainedModel) {
        #expect(PretrainedModel.suitable(for: text) == model)
    }

    @Test(arguments: ["", "\n", "12", "1...2.......3..y", "S..G", "puzzles.txt", "[[0,1],[1,0]]"])
    func otherTextHasNone(text: String) {
        #expect(PretrainedModel.suitable(for: text) == nil)
    }

    @Test func whatIsMissingIsSaidWithItsPlace() {
        let error = PretrainedModelError(model: .maze9x9, places: ["/a", "/b"])
        let text = error.description
        #expect(
            text.hasPrefix("the model 'maze-9x9' that comes with the package was not found in /a"))
        #expect(text.contains("/b; put the folder swift-hrm_HRMPretrained."))
    }
}

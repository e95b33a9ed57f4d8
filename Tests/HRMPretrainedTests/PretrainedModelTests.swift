import Foundation
import HRMData
import HRMModel
import HRMTensor
import HRMTraining
import Testing

@testable import HRMPretrained

/// The models that come with the package: whole, described, and as good as their cards say.
@Suite struct PretrainedModelTests {
    @Test(arguments: PretrainedModel.allCases)
    func itIsSmallAndKnowsItsPuzzle(model: PretrainedModel) throws {
        let file = try model.load()
        #expect(file.task != nil)
        #expect(file.configuration.architecture.forwardPrecision == .bfloat16)
        let size = try #require(try model.url().resourceValues(forKeys: [.fileSizeKey]).fileSize)
        // Two bytes a weight, and some thousand for the names and the settings.
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

    /// New puzzles that nobody has seen: fewer may be wrong than the cards say, and not many more.
    @Test(arguments: [
        (PretrainedModel.sudoku4x4, SudokuGeometry.four, SudokuGenerator.Difficulty.minimal, 60),
        (.sudoku6x6, .six, .minimal, 57), (.sudoku9x9, .nine, .givens(40), 57),
    ])
    func newSudokusAreSolved(
        model: PretrainedModel, geometry: SudokuGeometry, difficulty: SudokuGenerator.Difficulty,
        atLeast wanted: Int
    ) async throws {
        var random = SeededGenerator(seed: 301)
        var generator = try SudokuGenerator(geometry, difficulty: difficulty)
        var puzzles: [SudokuPuzzle] = []
        for _ in 0..<60 { puzzles.append(try generator.next(using: &random)) }
        let reasoner = try Reasoner(model)
        var right = 0
        for await result in reasoner.solve(puzzles.map(\.question.description)) {
            right += try result.get().isValid == true ? 1 : 0
        }
        #expect(right >= wanted)
    }

    @Test func newMazesAreSolved() async throws {
        var random = SeededGenerator(seed: 302)
        var generator = try MazeGenerator(size: 9, requiresUniquePath: true)
        var mazes: [MazePuzzle] = []
        for _ in 0..<60 { mazes.append(try generator.next(using: &random)) }
        var right = 0
        for await result in try Reasoner(.maze9x9).solve(mazes.map(\.question.description)) {
            right += try result.get().isValid == true ? 1 : 0
        }
        #expect(right >= 54)
    }

    @Test(arguments: [
        ("1...2.......3...", PretrainedModel.sudoku4x4), ("0000000000000000\n", .sudoku4x4),
        ("# a comment\n\n  3..16416..5..5.6....14...1..4....231  \n", .sudoku6x6),
        (String(repeating: ".", count: 81), .sudoku9x9),
        ("\nS........\n#########\n", .maze9x9), (" #  G   #\n", .maze9x9),
        (String(repeating: "#S.G ##..", count: 9), .maze9x9),
    ])
    func aPuzzleHasItsModel(text: String, model: PretrainedModel) {
        #expect(PretrainedModel.suitable(for: text) == model)
    }

    @Test(arguments: ["", "\n", "12", "1...2.......3..x", "S..G", "puzzles.txt", "[[0,1],[1,0]]"])
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

import HRMFiles
import Testing

@testable import HRMData

@Suite struct ArticleTests {
    @Test func numbersHaveTheArticleOfTheirFirstSound() {
        for number in [8, 11, 18, 80, 81, 89, 800, 888, 8000, 11_000, 18_500, 80_000, 8_000_000] {
            #expect(number.article == "an", "\(number)")
        }
        for number in [0, 1, 4, 9, 10, 12, 17, 28, 79, 90, 108, 110, 180, 900, 1100, 1800, 110_000]
        {
            #expect(number.article == "a", "\(number)")
        }
    }

    @Test func sizesInMessagesHaveTheirArticle() {
        let board = SudokuError.wrongLength(found: 3, geometry: .eight)
        #expect("\(board)".hasPrefix("an 8×8 puzzle has 64 cells"))
        #expect("\(SudokuError.wrongLength(found: 3, geometry: .nine))".hasPrefix("a 9×9 puzzle"))
        let maze = MazeBuildError.mixedSizes(found: 11, expected: 9)
        #expect("\(maze)".hasPrefix("an 11×11 maze is among others"))
        #expect("\(BinaryPuzzleError.givens(64, size: 8))".hasPrefix("an 8×8 puzzle"))
        #expect("\(LatinPuzzleError.givens(64, size: 8))".hasPrefix("an 8×8 puzzle"))
    }
}

import HRMFiles
import Testing

@testable import HRMData

/// Counts with their nouns, and the messages that contain them.
@Suite struct CountedTests {
    @Test func nounsAgree() {
        #expect(0.counted("row") == "0 rows")
        #expect(1.counted("row") == "1 row")
        #expect(2.counted("row") == "2 rows")
        #expect((-1).counted("row") == "-1 rows")
        #expect(
            1.counted("pass", "passes") == "1 pass" && 3.counted("pass", "passes") == "3 passes")
        #expect(1.word("is", "are") == "is" && 0.word("is", "are") == "are")
    }

    @Test func messagesAgree() throws {
        #expect(SudokuDrawnBoxes.rules(after: [1]).description == "rules after 1 row")
        #expect(SudokuDrawnBoxes.rules(after: [2]).description == "rules after 2 rows")
        #expect(SudokuDrawnBoxes.rules(after: [1, 3]).description == "rules after 1, 3 rows")
        #expect(SudokuDrawnBoxes.bars(after: [1]).description == "bars after 1 cell of a row")
        let messages = [
            "\(GridError.ragged(row: 1, cells: 1, expected: 3))",
            "\(MazeError.cellCount(found: 1, expected: MazeSize(rows: 9, columns: 9)))",
            "\(MazeError.longRow(1, length: 1, size: MazeSize(rows: 9, columns: 9)))",
            "\(SudokuError.wrongRowCount(1, geometry: .nine))",
            "\(SudokuError.unknownLength(1))",
            "\(DatasetError.wrongIdentifierCount(path: "a", found: 1, expected: 3))",
            "\(DatasetError.batchNotFilled(set: "a", batchSize: 2, epochsPerPass: 1, examplesPerEpoch: 1))",
            "\(SudokuBuildError.subsampleTooLarge(wanted: 1, available: 0))",
            "\(ARCTaskError(path: "a", problem: .unevenRow(found: 1, expected: 2)))",
        ]
        for message in messages {
            #expect(
                message.firstMatch(
                    of: /\b1 (rows|cells|puzzles|names|examples|epochs|training puzzles|are)\b/)
                    == nil,
                "\(message)")
        }
    }
}

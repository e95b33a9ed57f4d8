import Foundation
import HRMFiles

/// Scans the questions of a set of Sudokus for contradictory givens and for several solutions.
struct SudokuScan {
    /// The survey of the puzzles tested for several solutions.
    private(set) var survey = SudokuSurvey()
    /// The questions with contradictory givens, as one violation.
    private(set) var violation: DatasetViolation?

    private let geometry: SudokuGeometry
    private var solver: SudokuSolver

    init(_ geometry: SudokuGeometry) {
        self.geometry = geometry
        solver = SudokuSolver(geometry)
    }

    /// Reads all inputs in chunks of rows; other violations in the file are already recorded.
    mutating func run(_ url: URL, path: String) {
        let length = geometry.cellCount
        guard let reader = try? NPYReader(contentsOf: url), reader.header.shape.last == length
        else {
            return
        }
        var file = reader
        defer { file.close() }
        var example = 0
        while file.remaining > 0 {
            var piece = CompactIntegers()
            guard (try? file.read(upTo: 1000 * length, into: &piece)) != nil, piece.count > 0 else {
                return
            }
            for start in stride(from: 0, to: piece.count - length + 1, by: length) {
                add(piece, start, example: example, path: path)
                example += 1
            }
        }
    }

    private mutating func add(_ tokens: CompactIntegers, _ start: Int, example: Int, path: String) {
        let cells = (start..<(start + geometry.cellCount)).map { tokens[$0] }
        guard let board = try? SudokuBoard(tokens: cells, geometry: geometry) else { return }
        if let contradiction = board.contradiction {
            let first =
                violation?.error
                ?? .impossiblePuzzle(
                    path: path, example: example, reason: contradiction.description)
            violation = DatasetViolation(first, count: (violation?.count ?? 0) + 1)
        }
        survey.add(board, using: &solver)
    }
}

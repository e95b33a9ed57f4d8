import Foundation
import HRMData
import HRMFiles

/// Files of Sudokus in JSON, which are told from ARC tasks by what is in them.
enum JSONSudokus {
    /// Bytes of a file that are looked at.
    private static let reach = 1 << 18

    /// True if the first board in a file is one of a Sudoku.
    static func areIn(_ file: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: file) else { return false }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: reach),
            let text = try? TextDecoder.decoded(Array(data))
        else { return false }
        var finder = JSONBoardFinder()
        let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            finder.read(line, line: index + 1)
            if let board = finder.boards.first { return isSudoku(board.text) }
            guard finder.state != .invalid else { return false }
        }
        return false
    }

    private static func isSudoku(_ text: String) -> Bool {
        guard JSONBoardFinder.begins(text) else { return SudokuDrawing.cells(text) != nil }
        let size = (try? JSONBoard(text))?.size
        return size.map { (try? SudokuGeometry(size: $0)) != nil } ?? false
    }
}

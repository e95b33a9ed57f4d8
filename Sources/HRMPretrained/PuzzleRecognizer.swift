import HRMData

/// Determines line by line which model a text of puzzles is for.
public struct PuzzleRecognizer: Sendable {
    /// The result for a line.
    public enum Reading: Sendable, Equatable {
        /// The line is blank or a comment.
        case nothing
        /// The line does not decide; later ones must.
        case undecided
        /// The line is a puzzle for this model, or a row of one.
        case model(PretrainedModel)
    }

    /// The model if no line decides: a row of open cells alone may belong to a maze or a Sudoku,
    /// and counts as a maze's unless a later line decides otherwise.
    public private(set) var assumption: PretrainedModel?
    /// The first line that is neither blank nor a comment.
    public private(set) var firstLine: String?
    /// A clause about the first line that is almost a puzzle, such as a Sudoku with 80 of 81 cells.
    public private(set) var nearMiss: String?

    /// Creates a recognizer in its initial state.
    public init() {}

    /// Reads the next line.
    ///
    /// - Parameter line: The line without its line end.
    /// - Returns: The result for this line.
    public mutating func read(_ line: some StringProtocol) -> Reading {
        guard !line.allSatisfy(\.isWhitespace) || line.count == Self.side else { return .nothing }
        guard !Maze.isComment(line) else { return .nothing }
        firstLine = firstLine ?? String(line)
        if let model = maze(line) { return .model(model) }
        if let model = Self.sudoku(line) { return .model(model) }
        nearMiss = nearMiss ?? Self.nearMiss(line)
        return .undecided
    }

    private static let side = 9
    private static let cells = side * side

    /// Returns the model for a maze's first row, or for a whole maze in one line; rows may begin or
    /// end with open cells.
    private mutating func maze(_ line: some StringProtocol) -> PretrainedModel? {
        let isMaze = line.contains { "#SG".contains($0) }
        let rows = line.split(separator: "/", omittingEmptySubsequences: false)
        if rows.count > 1 {
            let fits = rows.count == Self.side && rows.allSatisfy { $0.count <= Self.side }
            return fits && isMaze && line.allSatisfy { "#SG. /".contains($0) } ? .maze9x9 : nil
        }
        guard line.allSatisfy({ "#SG. ".contains($0) }),
            [Self.side, Self.cells].contains(line.count)
        else { return nil }
        if isMaze { return .maze9x9 }
        if line.count == Self.side || line.contains(" ") { assumption = .maze9x9 }
        return nil
    }

    /// Returns the model for a Sudoku in one line, possibly one of several fields, or for a row of
    /// a drawing.
    private static func sudoku(_ line: some StringProtocol) -> PretrainedModel? {
        // A row of a maze that consists only of open cells.
        guard !line.allSatisfy({ ". ".contains($0) }) || line.count != side else { return nil }
        let isOpen = line.count == cells && line.allSatisfy { ". ".contains($0) }
        if isOpen, line.contains(" ") { return nil }
        switch SudokuDrawing.cells(line)?.count {
        case 4, 16: return .sudoku4x4
        case 6, 36: return .sudoku6x6
        case 9, 81: return .sudoku9x9
        default: break
        }
        // A line of a table, or of a list with notes: one field is a whole board.
        for field in line.split(whereSeparator: { ",;\t \"|:".contains($0) }) {
            guard let cells = SudokuDrawing.cells(field) else { continue }
            let largest = cells.compactMap(\.wholeNumberValue).max() ?? 0
            switch (cells.count, largest) {
            case (16, ...4): return .sudoku4x4
            case (36, ...6): return .sudoku6x6
            case (81, _): return .sudoku9x9
            default: continue
            }
        }
        return nil
    }

    /// Returns a clause that states why a line is almost, but not quite, a puzzle; nil for other
    /// lines.
    private static func nearMiss(_ line: some StringProtocol) -> String? {
        let cellsAndMore = line.filter { !$0.isWhitespace && $0 != "|" }
        let isSudoku =
            cellsAndMore.allSatisfy { "0123456789._*?-xX".contains($0) }
            && cellsAndMore.contains { $0 == "." || $0.isNumber }
        let count = cellsAndMore.count
        if isSudoku, count > 9 {
            let whole = [16, 36, cells].min { abs($0 - count) < abs($1 - count) } ?? cells
            return count < whole
                ? "\(count) of \(whole) cells of a Sudoku are written"
                : "\(count) cells are written, but a Sudoku has \(whole)"
        }
        let isMaze =
            line.contains { "#SG".contains($0) } && line.allSatisfy { "#SGo. /".contains($0) }
        return isMaze ? "this model takes \(side)×\(side) mazes" : nil
    }
}

extension PretrainedModel {
    /// The notation of these models' puzzles, in one clause.
    public static let notation =
        "a Sudoku has 16, 36 or 81 cells in one line, or a line for each row, a digit in each or '.' "
        + "where it is blank; a maze has 9 rows of 9 cells, # for a wall, a space or . for an open "
        + "cell, S for the start and G for the goal"
}

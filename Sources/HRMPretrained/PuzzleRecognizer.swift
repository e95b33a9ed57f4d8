import HRMData

/// Determines line by line which model a text of puzzles is for.
package struct PuzzleRecognizer: Sendable {
    /// The result for a line.
    package enum Reading: Sendable, Equatable {
        /// The line is blank or a comment.
        case nothing
        /// The line does not identify a model; a later one may.
        case undecided
        /// The line is a puzzle for this model, or a row of one.
        case model(PretrainedModel)
    }

    /// The model if no line decides: a row of open cells alone may belong to a maze or a Sudoku,
    /// and counts as a maze's unless a later line decides otherwise.
    package private(set) var assumption: PretrainedModel?
    /// The first line that is neither blank nor a comment.
    package private(set) var firstLine: String?
    /// The first line that is nearly a puzzle, such as a Sudoku with 80 of 81 cells.
    package var nearMissLine: String? { nearMiss.flatMap { _ in miss?.line } }
    /// A clause about that line, or about the drawing that begins there.
    package var nearMiss: String? { miss?.clause }
    /// The number of characters in lines that were parsed, not only counted by kind.
    private(set) var closelyRead = 0

    private var miss: NearMiss?
    /// The JSON text that has begun but not ended.
    private var json: JSONBoardFinder?
    private var lineNumber = 0

    /// Creates a recognizer in its initial state.
    package init() {}

    /// Reads the next line.
    ///
    /// The time is proportional to the length of the line, and hardly depends on text around a
    /// puzzle.
    ///
    /// - Parameter line: The line without its line end.
    /// - Returns: The result for the line.
    package mutating func read(_ line: some StringProtocol) -> Reading {
        lineNumber += 1
        guard !line.allSatisfy(\.isWhitespace) || line.count == Self.side else { return .nothing }
        guard !Maze.isComment(line) else { return .nothing }
        firstLine = firstLine ?? String(line)
        let content = LineContent(line)
        if content.mayBeMaze {
            closelyRead += line.utf8.count
            if let model = maze(line) { return .model(model) }
        }
        if content.mayBeSudoku {
            closelyRead += line.utf8.count
            if let model = Self.sudoku(line, content) { return .model(model) }
        }
        if let model = json(line) { return .model(model) }
        if miss == nil {
            miss = NearMiss(line, content)
        } else {
            miss?.add(line, content)
        }
        return .undecided
    }

    /// Returns the model for a board in JSON, which may have begun in an earlier line.
    private mutating func json(_ line: some StringProtocol) -> PretrainedModel? {
        guard json != nil || JSONBoardFinder.begins(line) else { return nil }
        closelyRead += line.utf8.count
        var finder = json ?? JSONBoardFinder()
        // Released here, so that changing the finder does not copy it.
        json = nil
        finder.read(line, line: lineNumber)
        for board in finder.boards {
            if !JSONBoardFinder.begins(board.text), let model = Self.sudoku(board.text) {
                return model
            }
            guard let size = (try? JSONBoard(board.text))?.size else { continue }
            if let model = Self.model(ofSize: size) { return model }
            miss = miss ?? NearMiss(board: size, in: line)
        }
        if finder.state == .open {
            finder.forgetBoards()
            json = finder
        }
        return nil
    }

    /// Returns the model for Sudokus with the given number of rows.
    private static func model(ofSize size: Int) -> PretrainedModel? {
        switch size {
        case 4: .sudoku4x4
        case 6: .sudoku6x6
        case 9: .sudoku9x9
        default: nil
        }
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

    /// Returns the model for a Sudoku in one line, possibly in one of several fields, or for a row
    /// of a drawing.
    private static func sudoku(
        _ line: some StringProtocol, _ content: LineContent? = nil
    ) -> PretrainedModel? {
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
        guard content?.mayHoldSudoku ?? true else { return nil }
        // A line of a table, or of a list with notes: one field is a whole board.
        for field in line.split(whereSeparator: { ",;\t \"|:".contains($0) }) {
            guard field.utf8.count >= 16, LineContent(field).mayBeSudoku,
                let cells = SudokuDrawing.cells(field)
            else { continue }
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
}

extension PretrainedModel {
    /// The number of rows of a Sudoku model's boards; nil for other puzzles.
    package var sudokuSize: Int? {
        switch self {
        case .sudoku4x4: 4
        case .sudoku6x6: 6
        case .sudoku9x9: 9
        case .maze9x9: nil
        }
    }

    /// The notation of these models' puzzles, in one clause.
    public static let notation =
        "a Sudoku has 16, 36 or 81 cells in one line, or a line for each of its 4, 6 or 9 rows, a digit "
        + "in each or '.' where it is blank; a maze has 9 rows of 9 cells, # for a wall, a space or . for an open "
        + "cell, S for the start and G for the goal"
}

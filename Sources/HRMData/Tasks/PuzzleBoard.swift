/// The cells of a question or of an answer, in the notation of their task.
///
/// Of a custom puzzle these are the cells of the grid, without the rest of the canvas; an answer
/// without a grid is one cell without text.
public struct PuzzleBoard: Sendable, Hashable {
    /// The board of a task.
    package enum Content: Sendable, Hashable {
        case sudoku(SudokuBoard)
        case maze(Maze)
        case grid(PuzzleGrid, GridTask)
    }

    package let content: Content

    /// Creates a board from that of a task.
    package init(_ content: Content) {
        self.content = content
    }

    /// The number of rows.
    public var rows: Int {
        switch content {
        case .sudoku(let board): board.geometry.size
        case .maze(let maze): maze.size.rows
        case .grid(let grid, _): max(1, grid.rows)
        }
    }

    /// The number of columns.
    public var columns: Int {
        switch content {
        case .sudoku(let board): board.geometry.size
        case .maze(let maze): maze.size.columns
        case .grid(let grid, _): max(1, grid.columns)
        }
    }

    /// The texts of the cells, row by row, `[rows · columns]`.
    public var cells: [String] {
        switch content {
        case .sudoku(let board): board.description.map(String.init)
        case .maze(let maze): maze.cells.map { String($0.character) }
        case .grid(let grid, let task):
            grid.cells.isEmpty ? [""] : grid.cells.map { task.alphabet.text($0) }
        }
    }

    /// The tokens of the cells, row by row; 0 for a cell without text.
    package var tokens: [UInt8] {
        switch content {
        case .sudoku(let board): board.tokens
        case .maze(let maze): maze.tokens
        case .grid(let grid, _):
            grid.cells.isEmpty
                ? [GridCanvas.padding] : grid.cells.map { $0 + GridCanvas.firstSymbol }
        }
    }

    /// Returns the cells that differ from another board, or all cells if the extents differ.
    ///
    /// - Parameter other: A board of the same task.
    /// - Returns: Indices of the cells.
    public func cells(differingFrom other: PuzzleBoard) -> Set<Int> {
        let (mine, others) = (tokens, other.tokens)
        let isComparable = (rows, columns) == (other.rows, other.columns)
        return Set(mine.indices.filter { !isComparable || mine[$0] != others[$0] })
    }
}

extension PuzzleBoard: CustomStringConvertible {
    /// The board in one line; empty if it is no grid.
    public var description: String {
        switch content {
        case .sudoku(let board): board.description
        case .maze(let maze): maze.description
        case .grid(let grid, let task): grid.cells.isEmpty ? "" : task.alphabet.line(grid)
        }
    }
}

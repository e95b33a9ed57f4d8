package import HRMData
package import HRMFigures

extension PuzzleTask {
    /// The drawing style of the task's tokens; nil if there are too many.
    package var appearance: TokenAppearance? {
        switch self {
        case .sudoku(let geometry):
            TokenAppearance(
                kind: .sudoku, rows: geometry.size, columns: geometry.size,
                boxRows: geometry.boxRows, boxColumns: geometry.boxColumns)
        case .maze(let size):
            TokenAppearance(kind: .maze, rows: size.rows, columns: size.columns)
        case .grid(let task): task.appearance(rows: task.canvas.rows, columns: task.canvas.columns)
        }
    }
}

extension GridTask {
    /// Returns the drawing style of a canvas or a grid: small numbers as colours, other symbols as
    /// text.
    package func appearance(rows: Int, columns: Int) -> TokenAppearance? {
        if case .numbers(...ARCTask.colorCount) = alphabet {
            return TokenAppearance(kind: .arc, rows: rows, columns: columns)
        }
        let symbols = (0..<alphabet.count).map { alphabet.text(UInt8($0)) }
        return TokenAppearance(kind: .symbols, rows: rows, columns: columns, symbols: symbols)
    }
}

extension TokenAppearance {
    /// Creates the drawing style of a data set's tokens, by task or, if unknown, by the vocabulary
    /// and the sequence length.
    package init?(task: PuzzleTask?, vocabularySize: Int?, sequenceLength: Int) {
        if let task, task.sequenceLength == sequenceLength {
            guard let appearance = task.appearance else { return nil }
            self = appearance
        } else {
            self.init(vocabularySize: vocabularySize, sequenceLength: sequenceLength)
        }
    }

    /// Returns the picture of a grid that fills the canvas of this style.
    ///
    /// - Parameters:
    ///   - grid: Symbols or colours, with the style's extents.
    ///   - marked: The cells to mark as wrong.
    /// - Returns: The picture.
    package func picture(of grid: PuzzleGrid, marked: Set<Int> = []) -> GridPicture {
        picture(Layer(grid.cells.map { Int($0 + GridCanvas.firstSymbol) }, marked: marked))
    }
}

extension GridPicture {
    /// The picture for an answer without a grid.
    package static let empty = GridPicture(
        rows: 1, columns: 1,
        cells: [.init("?", fill: RGBColor(0xFFFFFF), ink: RGBColor(0xFF4136))])

    /// Returns the picture of an ARC grid in its colours.
    ///
    /// - Parameters:
    ///   - grid: The grid; it may be empty.
    ///   - right: The correct answer, if known; cells that differ are marked.
    /// - Returns: The picture.
    package static func arc(_ grid: PuzzleGrid, right: PuzzleGrid? = nil) -> GridPicture {
        let appearance = TokenAppearance(kind: .arc, rows: grid.rows, columns: grid.columns)
        let marked = right.map { grid.cells(differingFrom: $0) } ?? []
        return appearance.map { $0.picture(of: grid, marked: marked) } ?? .empty
    }
}

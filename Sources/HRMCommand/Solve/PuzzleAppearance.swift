import HRMData
import HRMFigures

extension PuzzleTask {
    /// How the task's tokens are drawn; nil when there are too many.
    var appearance: TokenAppearance? {
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
    /// How a canvas or a grid of this task is drawn: few numbers as colours, else as they are written.
    func appearance(rows: Int, columns: Int) -> TokenAppearance? {
        if case .numbers(...ARCTask.colorCount) = alphabet {
            return TokenAppearance(kind: .arc, rows: rows, columns: columns)
        }
        let symbols = (0..<alphabet.count).map { alphabet.text(UInt8($0)) }
        return TokenAppearance(kind: .symbols, rows: rows, columns: columns, symbols: symbols)
    }
}

extension TokenAppearance {
    /// How a data set's tokens are drawn: as its task says, or by their number where nothing does.
    init?(task: PuzzleTask?, vocabularySize: Int?, sequenceLength: Int) {
        if let task, task.sequenceLength == sequenceLength {
            guard let appearance = task.appearance else { return nil }
            self = appearance
        } else {
            self.init(vocabularySize: vocabularySize, sequenceLength: sequenceLength)
        }
    }

    /// The picture of a grid on the whole canvas of this appearance.
    ///
    /// - Parameters:
    ///   - grid: Symbols or colours, of the appearance's extents.
    ///   - marked: The cells to point out as wrong.
    /// - Returns: The picture.
    func picture(of grid: PuzzleGrid, marked: Set<Int> = []) -> GridPicture {
        picture(Layer(grid.cells.map { Int($0 + GridCanvas.firstSymbol) }, marked: marked))
    }
}

extension GridPicture {
    /// What stands for an answer that is no grid.
    static let empty = GridPicture(
        rows: 1, columns: 1,
        cells: [.init("?", fill: RGBColor(0xFFFFFF), ink: RGBColor(0xFF4136))])

    /// An ARC grid in its colours.
    ///
    /// - Parameters:
    ///   - grid: The grid; it may be empty.
    ///   - right: The right answer, if it is known: cells that differ are marked.
    /// - Returns: The picture.
    static func arc(_ grid: PuzzleGrid, right: PuzzleGrid? = nil) -> GridPicture {
        let appearance = TokenAppearance(kind: .arc, rows: grid.rows, columns: grid.columns)
        let marked = right.map { grid.cells(differingFrom: $0) } ?? []
        return appearance.map { $0.picture(of: grid, marked: marked) } ?? .empty
    }
}

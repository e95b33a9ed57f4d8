/// The rectangle of tokens that grids of different sizes are placed on, at its top left.
///
/// Token 0 is padding, 1 the end mark, 2 the symbol 0, and so on. End marks fill the row below a grid
/// over its columns, and the column right of it over its rows, where there is room.
public struct GridCanvas: Sendable, Hashable {
    /// Number of rows.
    public var rows: Int
    /// Number of columns.
    public var columns: Int

    /// The most rows, and the most columns, of a canvas.
    public static let largestSide = 128
    /// The token of no cell.
    public static let padding: UInt8 = 0
    /// The token beside the end of a grid.
    public static let endMark: UInt8 = 1
    /// The token of the symbol 0.
    public static let firstSymbol: UInt8 = 2

    /// A canvas.
    ///
    /// - Throws: ``GridError/canvas(rows:columns:)``.
    public init(rows: Int, columns: Int) throws(GridError) {
        let sides = 1...Self.largestSide
        guard sides.contains(rows), sides.contains(columns) else {
            throw .canvas(rows: rows, columns: columns)
        }
        self.rows = rows
        self.columns = columns
    }

    /// A square whose side is known to be accepted.
    init(side: Int) {
        precondition((1...Self.largestSide).contains(side), "a canvas of \(side) rows")
        (rows, columns) = (side, side)
    }

    /// Tokens in an example.
    public var sequenceLength: Int { rows * columns }

    /// The largest token plus one.
    public static func vocabularySize(symbols: Int) -> Int { symbols + Int(firstSymbol) }

    /// Whether a grid has room.
    public func fits(_ grid: PuzzleGrid) -> Bool { grid.rows <= rows && grid.columns <= columns }

    /// Whether a grid leaves no room.
    func isFilled(by grid: PuzzleGrid) -> Bool { grid.rows == rows && grid.columns == columns }

    /// The canvas with a grid on it.
    ///
    /// - Parameter grid: Symbols.
    /// - Returns: Tokens, `[rows · columns]`.
    /// - Precondition: The grid fits.
    public func tokens(of grid: PuzzleGrid) -> [UInt8] {
        var tokens: [UInt8] = []
        tokens.reserveCapacity(sequenceLength)
        append(grid, row: 0, column: 0, to: &tokens)
        return tokens
    }

    /// Appends the canvas with a grid somewhere on it.
    ///
    /// - Parameters:
    ///   - grid: Symbols.
    ///   - firstRow: The canvas's row of the grid's first row.
    ///   - firstColumn: The canvas's column of the grid's first column.
    ///   - tokens: `[rows · columns]` more.
    /// - Precondition: The grid has room there.
    func append(
        _ grid: PuzzleGrid, row firstRow: Int, column firstColumn: Int, to tokens: inout [UInt8]
    ) {
        let (bottom, right) = (firstRow + grid.rows, firstColumn + grid.columns)
        precondition(
            firstRow >= 0 && firstColumn >= 0 && bottom <= rows && right <= columns,
            "a grid of [\(grid.rows), \(grid.columns)] at (\(firstRow), \(firstColumn)) of "
                + "[\(rows), \(columns)]")
        let start = tokens.count
        tokens.append(contentsOf: repeatElement(Self.padding, count: sequenceLength))
        for row in 0..<grid.rows {
            let first = start + (firstRow + row) * columns + firstColumn
            for column in 0..<grid.columns {
                tokens[first + column] =
                    grid.cells[row * grid.columns + column] + Self.firstSymbol
            }
            if right < columns { tokens[first + grid.columns] = Self.endMark }
        }
        if bottom < rows {
            let first = start + bottom * columns + firstColumn
            for column in 0..<grid.columns { tokens[first + column] = Self.endMark }
        }
    }

    /// The grid on a canvas: the largest rectangle of symbols at its top left.
    ///
    /// Of several rectangles of the same area, the one with the fewest rows is taken.
    ///
    /// - Parameters:
    ///   - tokens: `[rows · columns]`, such as a model's answer.
    ///   - symbols: How many symbols there are.
    /// - Returns: Symbols; without rows and columns when the first token is no symbol.
    /// - Precondition: There are as many tokens as cells.
    public func grid(in tokens: some RandomAccessCollection<Int32>, symbols: Int) -> PuzzleGrid {
        precondition(
            tokens.count == sequenceLength, "\(tokens.count) tokens on [\(rows), \(columns)]")
        let values = Array(tokens)
        let valid = Int32(Self.firstSymbol)..<(Int32(Self.firstSymbol) + Int32(symbols))
        var (best, width) = ((rows: 0, columns: 0), columns)
        for row in 0..<rows {
            let cells = values[(row * columns)..<(row * columns + width)]
            width = cells.firstIndex { !valid.contains($0) }.map { $0 - row * columns } ?? width
            if (row + 1) * width > best.rows * best.columns { best = (row + 1, width) }
        }
        var cells: [UInt8] = []
        cells.reserveCapacity(best.rows * best.columns)
        for row in 0..<best.rows {
            for column in 0..<best.columns {
                cells.append(UInt8(values[row * columns + column]) - Self.firstSymbol)
            }
        }
        return PuzzleGrid(rows: best.rows, columns: best.columns, cells: cells)
    }
}

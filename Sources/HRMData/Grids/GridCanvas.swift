/// A rectangle of tokens that holds grids of different sizes at its top left.
///
/// Token 0 is padding, 1 the end mark, 2 the symbol 0, and so on. End marks fill the row below a
/// grid over its columns, and the column to its right over its rows, where there is room.
public struct GridCanvas: Sendable, Hashable {
    /// The number of rows.
    public var rows: Int
    /// The number of columns.
    public var columns: Int

    /// The maximum number of rows and of columns.
    public static let largestSide = 128
    /// The padding token.
    public static let padding: UInt8 = 0
    /// The token just beyond the end of a grid.
    public static let endMark: UInt8 = 1
    /// The token of the symbol 0.
    public static let firstSymbol: UInt8 = 2

    /// Creates a canvas.
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

    /// Creates a square canvas of a valid side.
    init(side: Int) {
        precondition((1...Self.largestSide).contains(side), "a canvas of \(side) rows")
        (rows, columns) = (side, side)
    }

    /// The number of tokens in an example.
    public var sequenceLength: Int { rows * columns }

    /// Returns the largest token plus one.
    public static func vocabularySize(symbols: Int) -> Int { symbols + Int(firstSymbol) }

    /// Returns true if the grid fits on the canvas.
    public func fits(_ grid: PuzzleGrid) -> Bool { grid.rows <= rows && grid.columns <= columns }

    /// True if a grid fills the whole canvas.
    func isFilled(by grid: PuzzleGrid) -> Bool { grid.rows == rows && grid.columns == columns }

    /// Returns the tokens of a canvas with a grid at its top left.
    ///
    /// - Parameter grid: The grid of symbols.
    /// - Returns: The tokens, `[rows · columns]`.
    /// - Precondition: The grid fits.
    public func tokens(of grid: PuzzleGrid) -> [UInt8] {
        var tokens: [UInt8] = []
        tokens.reserveCapacity(sequenceLength)
        append(grid, row: 0, column: 0, to: &tokens)
        return tokens
    }

    /// Appends the tokens of a canvas with a grid at a given position.
    ///
    /// - Parameters:
    ///   - grid: The grid of symbols.
    ///   - firstRow: The canvas row of the grid's first row.
    ///   - firstColumn: The canvas column of the grid's first column.
    ///   - tokens: Extended by `rows · columns` tokens.
    /// - Precondition: The grid fits at that position.
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

    /// Decodes the grid on a canvas: the largest rectangle of symbols at its top left.
    ///
    /// Of equally large rectangles, the one with the fewest rows is returned.
    ///
    /// - Parameters:
    ///   - tokens: Tokens such as a model's answer, `[rows · columns]`.
    ///   - symbols: The number of symbols.
    /// - Returns: The grid of symbols; without rows and columns if the first token is not a symbol.
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

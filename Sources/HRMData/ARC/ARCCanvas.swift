/// The square canvas that maps grids of all sizes to sequences of one length.
///
/// Tokens are 0 for empty cells, 1 on the border just below and to the right of a grid, and the
/// colour plus 2 inside the grid.
public struct ARCCanvas: Sendable, Hashable {
    /// The number of rows and of columns.
    public let size: Int

    /// The token of cells outside grid and border.
    public static let padToken = GridCanvas.padding
    /// The token of the border that ends a grid.
    public static let endToken = GridCanvas.endMark
    /// The token of colour 0.
    public static let firstColorToken = GridCanvas.firstSymbol
    /// The number of tokens.
    public static let vocabularySize = GridCanvas.vocabularySize(symbols: ARCTask.colorCount)

    private var square: GridCanvas { GridCanvas(side: size) }

    /// Creates a canvas.
    ///
    /// - Precondition: `1 ≤ size ≤ 30`.
    public init(size: Int = ARCTask.largestSide) {
        precondition((1...ARCTask.largestSide).contains(size), "a canvas of \(size) rows")
        self.size = size
    }

    /// Creates the canvas for a sequence length; `nil` if the length is not the square of a valid
    /// size.
    public init?(sequenceLength: Int) {
        let sizes = 1...ARCTask.largestSide
        guard let size = sizes.first(where: { $0 * $0 == sequenceLength }) else { return nil }
        self.init(size: size)
    }

    /// Tokens in a sequence.
    public var sequenceLength: Int { size * size }

    /// Returns true if the grid fits on the canvas.
    public func fits(_ grid: PuzzleGrid) -> Bool {
        max(grid.rows, grid.columns) <= size
    }

    /// Encodes a grid as a sequence of shape `[size · size]`, row by row.
    ///
    /// - Parameters:
    ///   - grid: The grid of colours.
    ///   - row: The canvas row of the grid's first row.
    ///   - column: The canvas column of the grid's first column.
    /// - Returns: The tokens.
    /// - Precondition: The grid fits on the canvas at that position.
    public func encode(_ grid: PuzzleGrid, row: Int = 0, column: Int = 0) -> [UInt8] {
        var tokens: [UInt8] = []
        tokens.reserveCapacity(sequenceLength)
        append(grid, row: row, column: column, to: &tokens)
        return tokens
    }

    /// Appends the sequence of a grid to `tokens`.
    func append(
        _ grid: PuzzleGrid, row firstRow: Int, column firstColumn: Int, to tokens: inout [UInt8]
    ) {
        square.append(grid, row: firstRow, column: firstColumn, to: &tokens)
    }

    /// Decodes the grid at the top left of a sequence: the largest rectangle of colour tokens.
    ///
    /// Of equally large rectangles, the one with fewer rows is returned.
    ///
    /// - Parameter tokens: Tokens of any value, `[size · size]`.
    /// - Returns: The grid; without rows if the first token is not a colour.
    /// - Precondition: There are as many tokens as the canvas has cells.
    public func decode(_ tokens: [Int32]) -> PuzzleGrid {
        square.grid(in: tokens, symbols: ARCTask.colorCount)
    }
}

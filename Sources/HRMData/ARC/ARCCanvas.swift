/// The square on which grids of all sizes become sequences of the same length.
///
/// Tokens are 0 where there is nothing, 1 on the border just below and right of a grid, and a
/// colour plus 2 in the grid.
public struct ARCCanvas: Sendable, Hashable {
    /// Rows and columns.
    public let size: Int

    /// The token of cells outside grid and border.
    public static let padToken = GridCanvas.padding
    /// The token of the border that ends a grid.
    public static let endToken = GridCanvas.endMark
    /// The token of colour 0.
    public static let firstColorToken = GridCanvas.firstSymbol
    /// How many tokens there are.
    public static let vocabularySize = GridCanvas.vocabularySize(symbols: ARCTask.colorCount)

    private var square: GridCanvas { GridCanvas(side: size) }

    /// A canvas.
    ///
    /// - Precondition: `1 ≤ size ≤ 30`.
    public init(size: Int = ARCTask.largestSide) {
        precondition((1...ARCTask.largestSide).contains(size), "a canvas of \(size) rows")
        self.size = size
    }

    /// The canvas of sequences of a length; `nil` when it is no square of a possible size.
    public init?(sequenceLength: Int) {
        let sizes = 1...ARCTask.largestSide
        guard let size = sizes.first(where: { $0 * $0 == sequenceLength }) else { return nil }
        self.init(size: size)
    }

    /// Tokens in a sequence.
    public var sequenceLength: Int { size * size }

    /// Whether the grid has room.
    public func fits(_ grid: PuzzleGrid) -> Bool {
        max(grid.rows, grid.columns) <= size
    }

    /// The sequence of a grid, `[size · size]`, row by row.
    ///
    /// - Parameters:
    ///   - grid: Colours.
    ///   - row: The canvas's row of the grid's first row.
    ///   - column: The canvas's column of the grid's first column.
    /// - Returns: Tokens.
    /// - Precondition: The grid has room there.
    public func encode(_ grid: PuzzleGrid, row: Int = 0, column: Int = 0) -> [UInt8] {
        var tokens: [UInt8] = []
        tokens.reserveCapacity(sequenceLength)
        append(grid, row: row, column: column, to: &tokens)
        return tokens
    }

    /// Appends the sequence of a grid to others.
    func append(
        _ grid: PuzzleGrid, row firstRow: Int, column firstColumn: Int, to tokens: inout [UInt8]
    ) {
        square.append(grid, row: firstRow, column: firstColumn, to: &tokens)
    }

    /// The grid that a sequence begins with: the largest rectangle of colours at the top left; the
    /// lower one of equally large ones does not count.
    ///
    /// - Parameter tokens: `[size · size]`, of any value.
    /// - Returns: The grid; without rows when the first token is no colour.
    /// - Precondition: There are as many tokens as the canvas has cells.
    public func decode(_ tokens: [Int32]) -> PuzzleGrid {
        square.grid(in: tokens, symbols: ARCTask.colorCount)
    }
}

/// A symmetry of Sudoku, which maps a puzzle to an equivalent one.
///
/// `new[i, j] = digitMap[old[rowPermutation[i], columnPermutation[j]]]`, where `old` is transposed
/// first if ``isTransposed``.
package struct SudokuShuffle: Sendable, Hashable {
    /// The geometry of the boards.
    package let geometry: SudokuGeometry
    /// The new digit of each digit, `[size + 1]`; blanks (0) are fixed.
    package let digitMap: [UInt8]
    /// True if the board is transposed first.
    package let isTransposed: Bool
    /// The source row of each row.
    package let rowPermutation: [Int]
    /// The source column of each column.
    package let columnPermutation: [Int]
    /// The source cell of each cell, row by row.
    let sources: [Int]

    /// Creates a symmetry from its parts.
    ///
    /// - Precondition: The digits are permuted and 0 is fixed; rows and columns are permuted within
    ///   bands and stacks, and bands and stacks as a whole; only boards with square boxes are
    ///   transposed.
    package init(
        _ geometry: SudokuGeometry, digitMap: [UInt8], isTransposed: Bool, rowPermutation: [Int],
        columnPermutation: [Int]
    ) {
        let size = geometry.size
        precondition(
            digitMap.first == 0 && digitMap.sorted().elementsEqual((0...size).map { UInt8($0) }),
            "\(digitMap) does not permute 1 to \(size)")
        precondition(
            Self.keepsBlocks(rowPermutation, size: size, block: geometry.boxRows),
            "\(rowPermutation) does not keep the bands of \(geometry)")
        precondition(
            Self.keepsBlocks(columnPermutation, size: size, block: geometry.boxColumns),
            "\(columnPermutation) does not keep the stacks of \(geometry)")
        precondition(
            geometry.isSquare || !isTransposed, "\(geometry) boards have no square boxes")
        self.init(
            unchecked: geometry, digitMap: digitMap, isTransposed: isTransposed,
            rowPermutation: rowPermutation, columnPermutation: columnPermutation)
    }

    private init(
        unchecked geometry: SudokuGeometry, digitMap: [UInt8], isTransposed: Bool,
        rowPermutation: [Int], columnPermutation: [Int]
    ) {
        self.geometry = geometry
        self.digitMap = digitMap
        self.isTransposed = isTransposed
        self.rowPermutation = rowPermutation
        self.columnPermutation = columnPermutation
        var sources: [Int] = []
        sources.reserveCapacity(geometry.cellCount)
        for row in rowPermutation {
            for column in columnPermutation {
                sources.append(
                    isTransposed ? column * geometry.size + row : row * geometry.size + column)
            }
        }
        self.sources = sources
    }

    /// Draws a random symmetry.
    package init(
        drawing geometry: SudokuGeometry, using generator: inout some RandomNumberGenerator
    ) {
        self = ErasedGenerator.erasing(&generator) { generator in
            var draws = RandomDraws(generator: generator)
            return SudokuShuffle(geometry, drawing: &draws)
        }
    }

    /// Creates a symmetry from draws in the reference's order: the digits, the transposition, the
    /// bands, the rows of each band in their new order, then stacks and columns likewise.
    ///
    /// There is no draw for the transposition if boxes are not square.
    package init(_ geometry: SudokuGeometry, drawing draws: inout some SudokuShuffleDraws) {
        let digitMap = [0] + draws.permutation(of: geometry.size).map { UInt8($0 + 1) }
        let isTransposed = geometry.isSquare && draws.uniform() < 0.5
        let rows = Self.lines(
            blocks: geometry.bandCount, of: geometry.boxRows, drawing: &draws)
        let columns = Self.lines(
            blocks: geometry.stackCount, of: geometry.boxColumns, drawing: &draws)
        self.init(
            unchecked: geometry, digitMap: digitMap, isTransposed: isTransposed,
            rowPermutation: rows, columnPermutation: columns)
    }

    private static func lines(
        blocks: Int, of block: Int, drawing draws: inout some SudokuShuffleDraws
    ) -> [Int] {
        var lines: [Int] = []
        for first in draws.permutation(of: blocks) {
            for line in draws.permutation(of: block) { lines.append(first * block + line) }
        }
        return lines
    }

    private static func keepsBlocks(_ lines: [Int], size: Int, block: Int) -> Bool {
        lines.sorted().elementsEqual(0..<size)
            && lines.indices.allSatisfy { lines[$0] / block == lines[$0 / block * block] / block }
    }

    /// The inverse symmetry.
    package var inverse: SudokuShuffle {
        func inverted(_ permutation: [Int]) -> [Int] {
            var result = permutation
            for (index, value) in permutation.enumerated() { result[value] = index }
            return result
        }
        let rows = inverted(rowPermutation)
        let columns = inverted(columnPermutation)
        return SudokuShuffle(
            unchecked: geometry,
            digitMap: inverted(digitMap.map { Int($0) }).map { UInt8($0) },
            isTransposed: isTransposed, rowPermutation: isTransposed ? columns : rows,
            columnPermutation: isTransposed ? rows : columns)
    }

    /// Returns the image of a board.
    ///
    /// - Precondition: The board has the same geometry.
    package func apply(to board: SudokuBoard) -> SudokuBoard {
        precondition(
            board.geometry == geometry,
            "\(board.geometry.withArticle) board for \(geometry.withArticle) shuffle")
        return SudokuBoard(
            geometry, cells: sources.map { digitMap[Int(board.cells[$0])] })
    }

    /// Returns the image of a puzzle.
    package func apply(to puzzle: SudokuPuzzle) -> SudokuPuzzle {
        SudokuPuzzle(
            source: puzzle.source, question: apply(to: puzzle.question),
            answer: apply(to: puzzle.answer), rating: puzzle.rating)
    }
}

/// The source of the random choices for a ``SudokuShuffle``: a generator, or a record of one.
package protocol SudokuShuffleDraws {
    /// Returns a permutation of `0 ..< count`.
    mutating func permutation(of count: Int) -> [Int]
    /// Returns a number in `0 ..< 1`.
    mutating func uniform() -> Double
}

private struct RandomDraws: SudokuShuffleDraws {
    var generator: ErasedGenerator

    mutating func permutation(of count: Int) -> [Int] {
        (0..<count).shuffled(using: &generator)
    }

    mutating func uniform() -> Double {
        Double.random(in: 0..<1, using: &generator)
    }
}

extension PuzzleTask {
    /// True if `symmetry(of:using:)` can return a symmetry other than the identity.
    public var hasSymmetries: Bool {
        switch self {
        case .sudoku, .maze: true
        case .grid(let task): task.hasSymmetries
        }
    }

    /// Returns a random symmetry that maps a puzzle to another one of the same task.
    ///
    /// Sudoku: permutations of digits, of rows and columns within bands and stacks, and of bands
    /// and stacks, and transposition. Mazes: rotations and flips that keep the size. Grids: the
    /// declared symmetries, which move cells only if all grids fill the canvas; none if none are
    /// declared.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - generator: The source of the random choice.
    /// - Returns: The symmetry; the identity if there is no other.
    package func symmetry(
        of tokens: [Int32], using generator: inout some RandomNumberGenerator
    ) -> TokenSymmetry {
        switch self {
        case .sudoku(let geometry):
            return TokenSymmetry(SudokuShuffle(drawing: geometry, using: &generator))
        case .maze(let size):
            let all = size.symmetries
            let transform = all[Int.random(in: all.indices, using: &generator)]
            return TokenSymmetry(
                sources: transform.sources(rows: size.rows, columns: size.columns),
                tokenMap: (0..<vocabularySize).map { Int32($0) })
        case .grid(let task):
            return task.symmetry(of: tokens, using: &generator)
        }
    }
}

extension TokenSymmetry {
    /// Creates the token symmetry of a Sudoku shuffle; tokens are digits plus one, 0 is padding.
    init(_ shuffle: SudokuShuffle) {
        self.init(
            sources: shuffle.sources, tokenMap: [0] + shuffle.digitMap.map { Int32($0) + 1 })
    }
}

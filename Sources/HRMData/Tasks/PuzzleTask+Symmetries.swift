extension PuzzleTask {
    /// True if ``symmetry(of:using:)`` can return another symmetry than the identity.
    public var hasSymmetries: Bool {
        switch self {
        case .sudoku, .maze: true
        case .grid(let task): task.hasSymmetries
        }
    }

    /// A random symmetry under which a puzzle becomes another of the same task.
    ///
    /// Sudoku: digits, rows and columns within bands and stacks, these as a whole, and transposition.
    /// Mazes: rotations and flips that keep the size. Grids: the symmetries that their description names,
    /// which cells change places under where all grids fill the canvas; none where it names none.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - generator: Where the choice comes from.
    /// - Returns: The symmetry; the identity where there is no other.
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

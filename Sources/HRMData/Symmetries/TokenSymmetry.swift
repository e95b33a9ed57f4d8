/// A symmetry of a puzzle as a permutation of cells and a permutation of tokens.
public struct TokenSymmetry: Sendable, Hashable {
    /// The source cell of each cell, `[S]`.
    public let sources: [Int]
    /// The new token of each token, `[V]`.
    public let tokenMap: [Int32]
    private let inverseMap: [Int32]

    /// Creates a symmetry from its parts.
    ///
    /// - Precondition: Both are permutations.
    public init(sources: [Int], tokenMap: [Int32]) {
        precondition(
            sources.sorted().elementsEqual(sources.indices),
            "\(sources) does not permute \(sources.count) cells")
        precondition(
            tokenMap.sorted().elementsEqual(tokenMap.indices.map { Int32($0) }),
            "\(tokenMap) does not permute \(tokenMap.count) tokens")
        self.sources = sources
        self.tokenMap = tokenMap
        var inverse = tokenMap
        for (old, new) in tokenMap.enumerated() { inverse[Int(new)] = Int32(old) }
        inverseMap = inverse
    }

    /// Returns the identity.
    public static func identity(cells: Int, tokens: Int) -> TokenSymmetry {
        TokenSymmetry(
            sources: Array(0..<cells), tokenMap: (0..<tokens).map { Int32($0) })
    }

    /// Returns the image of a puzzle.
    ///
    /// - Parameter tokens: The puzzle's tokens, `[S]`, each below `V`.
    /// - Returns: The image's tokens, `[S]`.
    public func applied(to tokens: [Int32]) -> [Int32] {
        sources.map { tokenMap[Int(tokens[$0])] }
    }

    /// Returns the puzzle of an image: `undone(applied(tokens)) == tokens`.
    ///
    /// - Parameter tokens: The image's tokens, `[S]`, each below `V`.
    /// - Returns: The puzzle's tokens, `[S]`.
    public func undone(from tokens: [Int32]) -> [Int32] {
        var result = tokens
        for (new, old) in sources.enumerated() { result[old] = inverseMap[Int(tokens[new])] }
        return result
    }
}

extension PuzzleTask {
    /// True if ``symmetry(of:using:)`` can return another symmetry than the identity.
    public var hasSymmetries: Bool {
        switch self {
        case .sudoku, .maze: true
        case .grid(let task): task.canvas.rows == task.canvas.columns
        }
    }

    /// Returns a random symmetry that maps a puzzle to another of the same task.
    ///
    /// Sudoku: permutations of digits, of rows and columns within bands and stacks, and of bands
    /// and stacks, and transposition. Mazes, and grids that fill a square canvas: rotations and
    /// flips that keep the size. Permutations of a grid puzzle's symbols are not part of its
    /// description.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - generator: The source of the random choice.
    /// - Returns: The symmetry; the identity if there is no other.
    public func symmetry(
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
            let transform = Self.randomTransform(using: &generator)
            let isFull = tokens.allSatisfy { $0 >= Int32(GridCanvas.firstSymbol) }
            guard task.canvas.rows == task.canvas.columns, isFull else {
                return .identity(cells: sequenceLength, tokens: vocabularySize)
            }
            return .dihedral(transform, side: task.canvas.rows, tokens: vocabularySize)
        }
    }

    private static func randomTransform(
        using generator: inout some RandomNumberGenerator
    ) -> DihedralTransform {
        let all = DihedralTransform.allCases
        return all[Int.random(in: all.indices, using: &generator)]
    }
}

extension TokenSymmetry {
    /// Returns a dihedral transform of a square.
    static func dihedral(
        _ transform: DihedralTransform, side: Int, tokens: Int
    ) -> TokenSymmetry {
        TokenSymmetry(
            sources: transform.sources(side: side), tokenMap: (0..<tokens).map { Int32($0) })
    }

    /// Creates the token symmetry of a Sudoku shuffle; tokens are digits plus one, 0 is padding.
    init(_ shuffle: SudokuShuffle) {
        self.init(
            sources: shuffle.sources, tokenMap: [0] + shuffle.digitMap.map { Int32($0) + 1 })
    }
}

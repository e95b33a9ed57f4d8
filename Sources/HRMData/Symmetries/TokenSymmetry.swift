/// A symmetry of a puzzle, in terms of tokens: cells change places, and tokens their meaning.
public struct TokenSymmetry: Sendable, Hashable {
    /// The old cell of each new one, `[S]`.
    public let sources: [Int]
    /// The new token of each old one, `[V]`.
    public let tokenMap: [Int32]
    private let inverseMap: [Int32]

    /// A symmetry from its parts.
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

    /// The one that changes nothing.
    public static func identity(cells: Int, tokens: Int) -> TokenSymmetry {
        TokenSymmetry(
            sources: Array(0..<cells), tokenMap: (0..<tokens).map { Int32($0) })
    }

    /// The image of a puzzle.
    ///
    /// - Parameter tokens: `[S]`, each below `V`.
    /// - Returns: `[S]`.
    public func applied(to tokens: [Int32]) -> [Int32] {
        sources.map { tokenMap[Int(tokens[$0])] }
    }

    /// The puzzle of an image: `undone(applied(tokens)) == tokens`.
    ///
    /// - Parameter tokens: `[S]`, each below `V`.
    /// - Returns: `[S]`.
    public func undone(from tokens: [Int32]) -> [Int32] {
        var result = tokens
        for (new, old) in sources.enumerated() { result[old] = inverseMap[Int(tokens[new])] }
        return result
    }
}

extension PuzzleTask {
    /// Whether ``symmetry(of:using:)`` knows any but the identity.
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
            return task.symmetry(of: tokens, using: &generator)
        }
    }
}

extension TokenSymmetry {
    /// A Sudoku's symmetry; tokens are digits plus one, 0 is the padding.
    init(_ shuffle: SudokuShuffle) {
        self.init(
            sources: shuffle.sources, tokenMap: [0] + shuffle.digitMap.map { Int32($0) + 1 })
    }
}

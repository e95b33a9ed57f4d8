/// A symmetry of a puzzle as a permutation of cells and a permutation of tokens.
package struct TokenSymmetry: Sendable, Hashable {
    /// The source cell of each cell, `[S]`.
    package let sources: [Int]
    /// The new token of each token, `[V]`.
    package let tokenMap: [Int32]
    private let inverseMap: [Int32]

    /// Creates a symmetry from its parts.
    ///
    /// - Precondition: Both are permutations.
    package init(sources: [Int], tokenMap: [Int32]) {
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
    package static func identity(cells: Int, tokens: Int) -> TokenSymmetry {
        TokenSymmetry(
            sources: Array(0..<cells), tokenMap: (0..<tokens).map { Int32($0) })
    }

    /// Returns the image of a puzzle.
    ///
    /// - Parameter tokens: The puzzle's tokens, `[S]`, each below `V`.
    /// - Returns: The image's tokens, `[S]`.
    package func applied(to tokens: [Int32]) -> [Int32] {
        sources.map { tokenMap[Int(tokens[$0])] }
    }

    /// Returns the puzzle of an image: `undone(applied(tokens)) == tokens`.
    ///
    /// - Parameter tokens: The image's tokens, `[S]`, each below `V`.
    /// - Returns: The puzzle's tokens, `[S]`.
    package func undone(from tokens: [Int32]) -> [Int32] {
        var result = tokens
        for (new, old) in sources.enumerated() { result[old] = inverseMap[Int(tokens[new])] }
        return result
    }
}

/// Tokens of one sequence with their types.
package struct TextRow: Sendable, Hashable {
    /// The tokens.
    package var ids: [Int32]
    /// The token types, as many as tokens, or none for a causal sequence.
    ///
    /// Tokens of type 1 are members of the bidirectional block; any other value means causal.
    package var types: [Int32]
    /// The positions, as many as tokens; nil for 0, 1, 2, ….
    ///
    /// A step other than +1 begins a new sample that sees only itself. Without a cache only.
    package var positions: [Int32]?
    /// The mask, 1 for each token and 0 for padding, which no token sees; nil without padding.
    ///
    /// Without a cache only.
    package var mask: [Int32]?

    /// Creates a sequence.
    package init(
        ids: [Int32], types: [Int32] = [], positions: [Int32]? = nil, mask: [Int32]? = nil
    ) {
        self.ids = ids
        self.types = types
        self.positions = positions
        self.mask = mask
    }

    /// Creates a prompt, whose tokens all see each other.
    package static func prompt(_ ids: [Int32]) -> TextRow {
        TextRow(ids: ids, types: [Int32](repeating: 1, count: ids.count))
    }
}

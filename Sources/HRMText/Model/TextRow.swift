/// Tokens of one sequence with their types.
package struct TextRow: Sendable, Hashable {
    /// The tokens.
    package var ids: [Int32]
    /// The token types: 1 for members of the bidirectional block, any other value for causal
    /// tokens. As many as tokens, or none for a causal sequence.
    package var types: [Int32]

    /// Creates a sequence.
    package init(ids: [Int32], types: [Int32] = []) {
        self.ids = ids
        self.types = types
    }

    /// Creates a prompt, whose tokens all see each other.
    package static func prompt(_ ids: [Int32]) -> TextRow {
        TextRow(ids: ids, types: [Int32](repeating: 1, count: ids.count))
    }
}

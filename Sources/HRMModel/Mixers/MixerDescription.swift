/// The token mixer of a block: the tensors of the layer that exchanges information between
/// positions, and its cost.
///
/// It contains no code that computes. The engine has a type for each kind that does.
public struct MixerDescription: Sendable {
    /// The kinds of mixers.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// Attention over all positions.
        case attention
        /// A SwiGLU across positions.
        case tokenMixing
    }

    /// A weight of the mixer.
    public struct Tensor: Sendable, Hashable {
        /// The reference's name within the block.
        public var name: String
        /// Extents, outermost first.
        public var shape: [Int]
        /// True for the last matrix of the mixer, which can be initialized to zero.
        public var isOutput: Bool
    }

    /// The kind of the mixer.
    public var kind: Kind
    /// The weights, in the reference's order.
    public var tensors: [Tensor]
    /// The floating-point operations in the products of one sequence with the weights.
    public var products: Double
    /// The floating-point operations in the products of one sequence's activations with each other.
    ///
    /// The backward pass takes two and a half times as many of these operations, and twice as many
    /// of ``products``.
    public var attention: Double
}

extension HRMConfiguration {
    /// The kind of the token mixer; nil if blocks read related cells instead.
    public var mixerKind: MixerDescription.Kind? {
        if mixesPositions { return .tokenMixing }
        return relations.isEmpty ? .attention : nil
    }

    /// Returns the token mixer of a block.
    ///
    /// - Parameter positions: `T`, the number of positions of a sequence.
    /// - Returns: The description, or nil if blocks read related cells instead.
    public func mixer(positions: Int) -> MixerDescription? {
        mixerKind.map { kind in
            switch kind {
            case .attention: .attention(of: self, positions: positions)
            case .tokenMixing: .tokenMixing(of: self, positions: positions)
            }
        }
    }
}

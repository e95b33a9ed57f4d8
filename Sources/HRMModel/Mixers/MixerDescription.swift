/// The token mixer of a block: the tensors of the layer that exchanges information between
/// positions, and its cost.
///
/// It contains no code that computes. The engine has a type for each kind that does.
package struct MixerDescription: Sendable {
    /// The kinds of mixers.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// Attention over all positions.
        case attention
        /// A SwiGLU across positions.
        case tokenMixing
    }

    /// A weight of the mixer.
    package struct Tensor: Sendable, Hashable {
        /// The reference's name within the block.
        package var name: String
        /// Extents, outermost first.
        package var shape: [Int]
        /// True for the last matrix of the mixer, which can be initialized to zero.
        package var isOutput: Bool
    }

    /// The kind of the mixer.
    package var kind: Kind
    /// The weights, in the reference's order.
    package var tensors: [Tensor]
    /// The floating-point operations in the products of one sequence with the weights.
    package var products: Double
    /// The floating-point operations in the products of one sequence's activations with each other.
    ///
    /// The backward pass takes two and a half times as many of these operations, and twice as many
    /// of ``products``.
    package var attention: Double
}

extension HRMConfiguration {
    /// The kind of the token mixer; nil if blocks read related cells instead.
    package var mixerKind: MixerDescription.Kind? {
        if mixesPositions { return .tokenMixing }
        return relations.isEmpty ? .attention : nil
    }

    /// Returns the token mixer of a block.
    ///
    /// - Parameter positions: `T`, the number of positions of a sequence.
    /// - Returns: The description, or nil if blocks read related cells instead.
    package func mixer(positions: Int) -> MixerDescription? {
        mixerKind.map { kind in
            switch kind {
            case .attention: .attention(of: self, positions: positions)
            case .tokenMixing: .tokenMixing(of: self, positions: positions)
            }
        }
    }
}

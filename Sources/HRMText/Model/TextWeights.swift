package import HRMTensor

/// The weights of one block; a bias is nil if the model has none there.
package struct TextBlockWeights: Sendable {
    /// Shape `[4·A·D, C]`: all heads' gates, then queries, keys and values.
    package var attention: StoredWeight
    /// Shape `[1, 4·A·D]`, float32.
    package var attentionBias: Matrix?
    /// Shape `[C, A·D]`.
    package var attentionOutput: StoredWeight
    /// Shape `[1, C]`, float32.
    package var attentionOutputBias: Matrix?
    /// Shape `[2·F, C]`: the gates, then the gated values.
    package var gateUp: StoredWeight
    /// Shape `[1, 2·F]`, float32.
    package var gateUpBias: Matrix?
    /// Shape `[C, F]`.
    package var down: StoredWeight
    /// Shape `[1, C]`, float32.
    package var downBias: Matrix?
}

/// All weights of a text model.
package struct TextWeights: Sendable {
    /// Shape `[V, C]`.
    package var embedding: StoredWeight
    /// The initial fast state of every position, shape `[1, C]`, float32.
    package var initialLow: Matrix
    /// The blocks of the fast module.
    package var low: [TextBlockWeights]
    /// The blocks of the slow module.
    package var high: [TextBlockWeights]
    /// Shape `[V, C]`; the embedding if it is tied.
    package var head: StoredWeight

    /// The bytes of weights that one token's forward pass reads.
    package func byteCountPerToken(_ configuration: TextConfiguration) -> Int {
        func bytes(_ blocks: [TextBlockWeights]) -> Int {
            blocks.reduce(0) {
                $0 + $1.attention.byteCount + $1.attentionOutput.byteCount + $1.gateUp.byteCount
                    + $1.down.byteCount
            }
        }
        return configuration.highCycles * (configuration.lowCycles * bytes(low) + bytes(high))
            + head.byteCount
    }

    /// The number of weights in the blocks' products, times their uses for one token.
    package func productCountPerToken(_ configuration: TextConfiguration) -> Int {
        func count(_ blocks: [TextBlockWeights]) -> Int {
            blocks.reduce(0) { sum, block in
                [block.attention, block.attentionOutput, block.gateUp, block.down].reduce(sum) {
                    $0 + $1.outputs * $1.inputs
                }
            }
        }
        return configuration.highCycles * (configuration.lowCycles * count(low) + count(high))
    }
}

import HRMModel
import HRMTensor

/// The values that all blocks of a model share for one micro-batch.
struct BlockContext: Sendable {
    /// The number of positions, and the layout of the heads.
    let heads: RotaryEmbedding
    /// The epsilon of the norms.
    let epsilon: Float
    /// The workers that compute.
    let team: Team
    /// Measures the time by operation, if enabled.
    let stopwatch: Stopwatch<EngineOperation>?

    /// Runs a part of the computation and measures its time, if enabled.
    func time<Result>(_ operation: EngineOperation, _ body: () -> Result) -> Result {
        guard let stopwatch else { return body() }
        return stopwatch.time(operation, body)
    }
}

/// The parts of a segment's computation that are timed separately.
package enum EngineOperation: String, Sendable, Hashable, CaseIterable {
    /// The projection to queries, keys and values, and their rotation.
    case queriesKeysValues = "qkv"
    /// Scores, softmax and the weighted sum of values.
    case attention
    /// The output projection of the attention, its residual and norm.
    case attentionOutput = "o"
    /// Token mixing by a SwiGLU, including its backward pass.
    case positionMixing = "token_mixing"
    /// The first product of the SwiGLU, and the gate; with means, all of the SwiGLU.
    case gateUp = "gate_up"
    /// The second product of the SwiGLU, its residual and norm.
    case down
    /// Products that propagate gradients from outputs to inputs.
    case inputGradients = "input_gradients"
    /// Products that compute the gradients of weights.
    case weightGradients = "weight_gradients"
    /// The backward pass of the attention.
    case attentionGradient = "attention_gradient"
    /// The backward pass of the norms.
    case norms
    /// Embedding, sums of states, heads and losses.
    case other
}

/// The dimensions that determine the memory of a segment.
struct SegmentShape: Sendable {
    /// `T`, the positions of a sequence, including the puzzle embedding's.
    let positions: Int
    /// `D`.
    let width: Int
    /// `nH`.
    let headCount: Int
    /// The means that are inputs of a block's SwiGLU in addition to the features.
    let pooling: FeaturePooling?
    /// `I`.
    let innerSize: Int
    /// The architecture.
    let configuration: HRMConfiguration
    /// The precision of activations.
    let precision: Precision

    /// The type of the mixer; nil if a block consists of a SwiGLU only, which also reads means over
    /// other positions.
    var mixer: (any Mixer.Type)? { configuration.mixerKind?.type }

    /// `C`, the symbols that share a position's features, or 1.
    var symbols: Int { pooling?.symbols ?? 1 }

    /// Allocates states, `[rows, D]`; without gaps if symbols share a row, so that rows can be
    /// split by symbol.
    func states(rows: Int) -> Matrix {
        symbols > 1
            ? Matrix(rows: rows, columns: width, precision: precision)
            : .activations(rows: rows, columns: width, precision: precision)
    }
}

import HRMTensor

/// The values that all blocks of a model share for one micro-batch.
struct BlockContext: Sendable {
    /// Positions and heads.
    let heads: RotaryEmbedding
    /// Of the norms.
    let epsilon: Float
    /// The workers that compute.
    let team: Team
    /// Takes the time where somebody wants to know.
    let stopwatch: Stopwatch<EngineOperation>?

    /// Runs a part of the computation.
    func time<Result>(_ operation: EngineOperation, _ body: () -> Result) -> Result {
        guard let stopwatch else { return body() }
        return stopwatch.time(operation, body)
    }
}

/// The parts of a segment's computation whose time can be told apart.
public enum EngineOperation: String, Sendable, Hashable, CaseIterable {
    /// The product that makes queries, keys and values, and their rotation.
    case queriesKeysValues = "qkv"
    /// Scores, softmax and the mixing of values.
    case attention
    /// The product behind the attention, its residual and norm.
    case attentionOutput = "o"
    /// The mixing of positions by a SwiGLU with all that belongs to it, and its backward pass.
    case positionMixing = "token_mixing"
    /// The first product of the SwiGLU, and the gate.
    case gateUp = "gate_up"
    /// The second product of the SwiGLU, its residual and norm.
    case down
    /// Products that take gradients from outputs to inputs.
    case inputGradients = "input_gradients"
    /// Products that make gradients of weights.
    case weightGradients = "weight_gradients"
    /// The backward pass of the attention.
    case attentionGradient = "attention_gradient"
    /// The backward pass of the norms.
    case norms
    /// Embedding, sums of states, heads and losses.
    case other
}

/// The extents that decide how much memory a segment takes.
struct SegmentShape: Sendable {
    /// `T`, positions of a sequence, the puzzle embedding's included.
    let positions: Int
    /// `D`.
    let width: Int
    /// `nH`.
    let headCount: Int
    /// The relations whose means stand beside the features in a block's SwiGLU.
    let pooling: FeaturePooling?
    /// `I`.
    let innerSize: Int
    /// `J`, the width inside the SwiGLU across positions, where there is one.
    let mixingInnerSize: Int
    /// Indicates whether token mixing replaces attention.
    let mixesPositions: Bool
    /// Of activations.
    let precision: Precision

    /// `C`, symbols that share a position's features, or 1.
    var symbols: Int { pooling?.symbols ?? 1 }

    /// Indicates whether a block is a SwiGLU alone, which also reads means over other positions.
    var relatesPositions: Bool { pooling?.relatesPositions ?? false }

    /// Room for states, `[rows, D]`: without gaps where symbols share a row, so that the rows can be
    /// cut into theirs.
    func states(rows: Int) -> Matrix {
        symbols > 1
            ? Matrix(rows: rows, columns: width, precision: precision)
            : .activations(rows: rows, columns: width, precision: precision)
    }
}

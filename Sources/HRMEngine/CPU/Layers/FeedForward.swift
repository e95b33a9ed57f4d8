import HRMModel
import HRMTensor

/// The second half of a block: a SwiGLU over the features of a position, `y = RMSNorm(h + SwiGLU(h))`.
///
/// If `C` symbols share a position, with `d = D / C` features each, the same weights serve every
/// symbol. Their inputs are the symbol's features and the mean over all symbols, and the norm is
/// per symbol. With relations, the mean over each related group is a further input:
///
/// ```
/// y_s = RMSNorm(h_s + SwiGLU([h_s, mean of h over all symbols, mean of h_s over its row, …]))
/// ```
struct FeedForward: Sendable {
    let gateUp: GateUp
    let down: LinearLayer

    var layers: [LinearLayer] { [gateUp.own] + gateUp.means + [down] }

    /// Intermediate results for the backward pass; `rows = B·T·C`.
    struct Activations: Sendable {
        /// `[rows, 2·I]`; nil unless a backward pass follows.
        let gateUp: Matrix?
        /// `[rows, 1]`.
        let inverseRMS: Matrix
        /// Shared by all blocks of a worker.
        let buffers: Buffers
    }

    /// Buffers for values that the backward pass recomputes.
    struct Buffers: Sendable {
        /// `[rows, I]`; empty with means unless a backward pass follows.
        let swiGLU: Matrix
        /// Nil without means.
        let means: MeanBuffers?
    }

    /// Buffers for inner gradients.
    struct Gradients: Sendable {
        /// The gradient of the norm's input, `[B·T, D]`.
        let sum: Matrix
        let gateUp: Matrix
    }

    init(
        _ layout: ParameterLayout, prefix: String, pooling: FeaturePooling?,
        precision: Precision, trainable: Bool
    ) {
        gateUp = GateUp(
            layout.entry(prefix + "mlp.gate_up_proj.weight"), pooling: pooling,
            precision: precision, trainable: trainable)
        down = LinearLayer(
            layout.entry(prefix + "mlp.down_proj.weight"), precision: precision,
            trainable: trainable)
    }

    /// Computes `y` from `h`.
    ///
    /// - Parameters:
    ///   - h: Shape `[B·T, D]`.
    ///   - y: Shape `[B·T, D]`; overwritten. Not `h`.
    ///   - activations: Receives the intermediate results, which are kept if it has the memory for
    ///     them.
    ///   - context: The values shared by all blocks.
    func forward(
        _ h: Matrix, into y: Matrix, activations: Activations, context: BlockContext
    ) {
        let (a, team) = (activations, context.team)
        if let pooling = gateUp.pooling {
            forward(boards: h, into: y, pooling: pooling, activations: a, context: context)
            return
        }
        context.time(.gateUp) {
            team.shareRows(h.rows) { rows, scratch in
                Linear.forwardSwiGLU(
                    h.rows(rows), gateUp.own.forward, into: a.buffers.swiGLU.rows(rows),
                    gateUp: a.gateUp?.rows(rows), scratch: scratch)
            }
        }
        context.time(.down) {
            team.shareRows(h.rows) { rows, scratch in
                Linear.forwardResidualNorm(
                    a.buffers.swiGLU.rows(rows), down.forward, residual: h.rows(rows),
                    epsilon: context.epsilon, into: y.rows(rows),
                    inverseRMS: a.inverseRMS.rows(rows), scratch: scratch)
            }
        }
    }

    /// Computes the gradient of `h` from that of `y`, and adds the weights' gradients to
    /// `gradients`.
    ///
    /// - Parameters:
    ///   - dy: Shape `[B·T, D]`.
    ///   - h: The forward pass's input.
    ///   - y: The forward pass's output.
    ///   - activations: The forward pass's intermediate results.
    ///   - buffers: Buffers for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dh: Shape `[B·T, D]`; overwritten.
    ///   - context: The values shared by all blocks.
    func backward(
        _ dy: Matrix, h: Matrix, y: Matrix, activations: Activations, buffers: Gradients,
        gradients: Matrix, into dh: Matrix, context: BlockContext
    ) {
        let (a, scratch) = (activations, context.team.scratch)
        guard let savedGateUp = a.gateUp else {
            preconditionFailure("a backward pass through activations that were not saved")
        }
        if let pooling = gateUp.pooling {
            backward(
                boards: dy, h: h, y: y, pooling: pooling, activations: a, buffers: buffers,
                gradients: gradients, into: dh, context: context)
            return
        }
        let sum = buffers.sum
        context.time(.norms) {
            RMSNorm.backward(dy, y: y, inverseRMS: a.inverseRMS, into: sum)
        }
        context.time(.inputGradients) {
            Linear.backwardSwiGLU(
                sum, down.gradientPath, gateUp: savedGateUp, gradient: buffers.gateUp,
                activation: a.buffers.swiGLU, scratch: scratch)
        }
        down.accumulateGradient(sum, a.buffers.swiGLU, into: gradients, context: context)
        gateUp.own.accumulateGradient(buffers.gateUp, h, into: gradients, context: context)
        context.time(.inputGradients) {
            Linear.forward(
                buffers.gateUp, gateUp.own.gradientPath, adding: sum, into: dh, scratch: scratch)
        }
    }
}

extension FeedForward.Buffers {
    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape, training: Bool) {
        let rows = sequences * shape.positions * shape.symbols
        means = FeedForward.MeanBuffers(shape: shape, training: training)
        swiGLU = .activations(
            rows: training || means == nil ? rows : 0, columns: shape.innerSize,
            precision: shape.precision)
    }

    /// Returns the part for the first rows.
    func prefix(rows count: Int) -> Self {
        Self(swiGLU: swiGLU.rows(0..<min(count, swiGLU.rows)), means: means)
    }
}

extension FeedForward.Activations {
    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape, saved: Bool, buffers: FeedForward.Buffers) {
        let rows = sequences * shape.positions * shape.symbols
        gateUp =
            saved
            ? .activations(rows: rows, columns: 2 * shape.innerSize, precision: shape.precision)
            : nil
        inverseRMS = Matrix(rows: rows, columns: 1)
        self.buffers = buffers
    }

    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = sequences * shape.positions * shape.symbols
        return Self(
            gateUp: gateUp?.rows(0..<rows), inverseRMS: inverseRMS.rows(0..<rows),
            buffers: buffers.prefix(rows: rows))
    }
}

extension FeedForward.Gradients {
    /// Allocates memory for some positions.
    init(rows: Int, shape: SegmentShape) {
        let symbolRows = rows * shape.symbols
        sum = shape.states(rows: rows)
        gateUp = .activations(
            rows: symbolRows, columns: 2 * shape.innerSize, precision: shape.precision)
    }

    /// Returns the part for the first positions.
    func prefix(rows: Int, symbols: Int) -> Self {
        Self(
            sum: sum.rows(0..<rows), gateUp: gateUp.rows(0..<(rows * symbols)))
    }
}

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
        /// `[rows, I]`.
        let swiGLU: Matrix
        /// Nil without means.
        let gateUp: GateUp.Buffers?
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
        let (input, output) = (bySymbol(h), bySymbol(y))
        context.time(.gateUp) {
            gateUp.forward(
                input, into: a.buffers.swiGLU, gateUp: a.gateUp, buffers: a.buffers.gateUp,
                team: team)
        }
        context.time(.down) {
            team.shareRows(input.rows) { rows, scratch in
                Linear.forwardResidualNorm(
                    a.buffers.swiGLU.rows(rows), down.forward, residual: input.rows(rows),
                    epsilon: context.epsilon, into: output.rows(rows),
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
        let sum = bySymbol(buffers.sum)
        context.time(.norms) {
            RMSNorm.backward(
                bySymbol(dy), y: bySymbol(y), inverseRMS: a.inverseRMS, into: sum)
        }
        context.time(.inputGradients) {
            Linear.backwardSwiGLU(
                sum, down.gradientPath, gateUp: savedGateUp, gradient: buffers.gateUp,
                activation: a.buffers.swiGLU, scratch: scratch)
        }
        down.accumulateGradient(sum, a.buffers.swiGLU, into: gradients, context: context)
        gateUp.backward(
            buffers.gateUp, x: bySymbol(h), adding: sum, buffers: a.buffers.gateUp,
            gradients: gradients, into: bySymbol(dh), context: context)
    }

    /// Returns a view with one row per symbol, `[B·T·C, d]`.
    private func bySymbol(_ positions: Matrix) -> Matrix {
        guard let symbols = gateUp.pooling?.symbols, symbols > 1 else { return positions }
        return positions.regrouped(rows: positions.rows * symbols)
    }
}

extension FeedForward.Buffers {
    /// Allocates memory for some sequences.
    init(sequences: Int, shape: SegmentShape) {
        let rows = sequences * shape.positions * shape.symbols
        swiGLU = .activations(rows: rows, columns: shape.innerSize, precision: shape.precision)
        gateUp = GateUp.Buffers(shape: shape)
    }

    /// Returns the part for the first rows.
    func prefix(rows count: Int) -> Self {
        Self(swiGLU: swiGLU.rows(0..<count), gateUp: gateUp)
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

import HRMTensor

/// The second half of a block: a SwiGLU over the features of a position, `y = RMSNorm(h + SwiGLU(h))`.
///
/// Where `C` symbols share a position, `d = D / C` features each, the same weights serve every symbol.
/// They see its features and the mean over all symbols, and the norm is a symbol's own. Where a
/// position looks at others, they see the mean over each group that it looks at, too:
///
/// ```
/// y_s = RMSNorm(h_s + SwiGLU([h_s, mean of h over all symbols, mean of h_s over its row, …]))
/// ```
struct FeatureMixing: Sendable {
    let gateUp: GateUp
    let down: LinearLayer

    var layers: [LinearLayer] { [gateUp.own] + gateUp.means + [down] }

    /// What the backward pass needs of some sequences; `rows = B·T·C`.
    struct Activations: Sendable {
        /// `[rows, 2·I]`, only where a backward pass follows.
        let gateUp: Matrix?
        /// `[rows, 1]`.
        let inverseRMS: Matrix
        /// Shared by all blocks of a worker.
        let buffers: Buffers
    }

    /// Room for what the backward pass computes again rather than keep it.
    struct Buffers: Sendable {
        /// `[rows, I]`.
        let swiGLU: Matrix
        /// None without means.
        let gateUp: GateUp.Buffers?
    }

    /// Room for the gradients inside.
    struct Gradients: Sendable {
        /// Of the sum that is normed, `[B·T, D]`.
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

    /// From `h` to `y`.
    ///
    /// - Parameters:
    ///   - h: Shape `[B·T, D]`.
    ///   - y: Shape `[B·T, D]`; overwritten. Not `h`.
    ///   - activations: Where intermediate results go; kept for the backward pass if they can be.
    ///   - context: What all blocks share.
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

    /// The gradient of `h` from that of `y`, adding the weights' gradients to `gradients`.
    ///
    /// - Parameters:
    ///   - dy: Shape `[B·T, D]`.
    ///   - h: The forward pass's input.
    ///   - y: The forward pass's output.
    ///   - activations: What the forward pass kept.
    ///   - buffers: Room for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dh: Shape `[B·T, D]`; overwritten.
    ///   - context: What all blocks share.
    func backward(
        _ dy: Matrix, h: Matrix, y: Matrix, activations: Activations, buffers: Gradients,
        gradients: Matrix, into dh: Matrix, context: BlockContext
    ) {
        let (a, scratch) = (activations, context.team.scratch)
        guard let keptGateUp = a.gateUp else {
            preconditionFailure("a backward pass through activations that were not kept")
        }
        let sum = bySymbol(buffers.sum)
        context.time(.norms) {
            RMSNorm.backward(
                bySymbol(dy), y: bySymbol(y), inverseRMS: a.inverseRMS, into: sum)
        }
        context.time(.inputGradients) {
            Linear.backwardSwiGLU(
                sum, down.gradientPath, gateUp: keptGateUp, gradient: buffers.gateUp,
                activation: a.buffers.swiGLU, scratch: scratch)
        }
        down.accumulateGradient(sum, a.buffers.swiGLU, into: gradients, context: context)
        gateUp.backward(
            buffers.gateUp, x: bySymbol(h), adding: sum, buffers: a.buffers.gateUp,
            gradients: gradients, into: bySymbol(dh), context: context)
    }

    /// Rows of positions as rows of symbols, `[B·T·C, d]`.
    private func bySymbol(_ positions: Matrix) -> Matrix {
        guard let symbols = gateUp.pooling?.symbols, symbols > 1 else { return positions }
        return positions.regrouped(rows: positions.rows * symbols)
    }
}

extension FeatureMixing.Buffers {
    /// Room for some sequences.
    init(sequences: Int, shape: SegmentShape) {
        let rows = sequences * shape.positions * shape.symbols
        swiGLU = .activations(rows: rows, columns: shape.innerSize, precision: shape.precision)
        gateUp = GateUp.Buffers(shape: shape)
    }

    /// The part for the first rows.
    func prefix(rows count: Int) -> Self {
        Self(swiGLU: swiGLU.rows(0..<count), gateUp: gateUp)
    }
}

extension FeatureMixing.Activations {
    /// Room for some sequences.
    init(sequences: Int, shape: SegmentShape, kept: Bool, buffers: FeatureMixing.Buffers) {
        let rows = sequences * shape.positions * shape.symbols
        gateUp =
            kept
            ? .activations(rows: rows, columns: 2 * shape.innerSize, precision: shape.precision)
            : nil
        inverseRMS = Matrix(rows: rows, columns: 1)
        self.buffers = buffers
    }

    /// The part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self {
        let rows = sequences * shape.positions * shape.symbols
        return Self(
            gateUp: gateUp?.rows(0..<rows), inverseRMS: inverseRMS.rows(0..<rows),
            buffers: buffers.prefix(rows: rows))
    }
}

extension FeatureMixing.Gradients {
    /// Room for some positions.
    init(rows: Int, shape: SegmentShape) {
        let symbolRows = rows * shape.symbols
        sum = shape.states(rows: rows)
        gateUp = .activations(
            rows: symbolRows, columns: 2 * shape.innerSize, precision: shape.precision)
    }

    /// The part for the first positions.
    func prefix(rows: Int, symbols: Int) -> Self {
        Self(
            sum: sum.rows(0..<rows), gateUp: gateUp.rows(0..<(rows * symbols)))
    }
}

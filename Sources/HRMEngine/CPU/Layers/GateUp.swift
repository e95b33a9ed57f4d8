import HRMModel
import HRMTensor

/// The first product of a block's SwiGLU, and the gate: `silu(gate) ∘ up` of `[gate | up] = W·[x | m₁ | …]`.
///
/// With means, each part of `W` is a separate layer. The contribution of a mean is computed once
/// for all rows that read it, and in the backward pass the gradients of these rows are summed
/// before they pass through the layer. For a 9×9 Sudoku this takes 1,053 short products per
/// sequence, while rows concatenated with all their means would take 3,645.
struct GateUp: Sendable {
    /// The part for a row's own features.
    let own: LinearLayer
    /// The parts for the means, by kind.
    let means: [LinearLayer]
    /// The means; nil if a position's own features are the only input.
    let pooling: FeaturePooling?

    /// Buffers for the means of one sequence.
    struct Buffers: Sendable {
        /// The means, or the sums from which they are computed; `[means, d]`.
        let means: Matrix
        /// The gradients of these sums, `[means, d]`.
        let gradients: Matrix
        /// The contributions of the means to `[gate | up]`, or their gradients; `[means, 2·I]`.
        let products: Matrix
    }

    init(
        _ entry: ParameterLayout.Entry, pooling: FeaturePooling?, precision: Precision,
        trainable: Bool
    ) {
        let kinds = pooling?.kinds.count ?? 0
        let width = entry.shape[1] / (1 + kinds)
        func part(_ index: Int, _ layout: PackedWeight.Layout) -> LinearLayer {
            LinearLayer(
                entry, columns: (index * width)..<((index + 1) * width), precision: precision,
                trainable: trainable, layout: layout)
        }
        own = part(0, .gated)
        means = (0..<kinds).map { part(1 + $0, .plain) }
        self.pooling = pooling
    }

    /// Computes `swiGLU` from `x`.
    ///
    /// - Parameters:
    ///   - x: Shape `[B·T·C, d]`.
    ///   - swiGLU: Shape `[B·T·C, I]`; overwritten.
    ///   - gateUp: Keeps `[gate | up]` for the backward pass, shape `[B·T·C, 2·I]`.
    ///   - buffers: Buffers for the means, if there are any.
    ///   - team: The workers that share the rows.
    func forward(
        _ x: Matrix, into swiGLU: Matrix, gateUp: Matrix?, buffers: Buffers?, team: Team
    ) {
        eachSequence(of: x, buffers: buffers) { rows, means in
            let (x, y, saved) = (x.rows(rows), swiGLU.rows(rows), gateUp?.rows(rows))
            if let means { addends(of: x, means, team: team) }
            let sums = means.map { $0.pooling.seen($0.buffers.products) }
            team.shareRows(rows.count) { share, scratch in
                Linear.forwardSwiGLU(
                    x.rows(share), own.forward, adding: sums?.from(share.lowerBound),
                    into: y.rows(share), gateUp: saved?.rows(share), scratch: scratch)
            }
        }
    }

    /// Computes the gradient of `x` from that of `[gate | up]`, and adds the weights' gradients to
    /// `gradients`.
    ///
    /// - Parameters:
    ///   - dGateUp: Shape `[B·T·C, 2·I]`.
    ///   - x: The forward pass's input.
    ///   - addend: A further summand of the gradient of `x`, shape `[B·T·C, d]`.
    ///   - buffers: Buffers for the means' gradients, if there are means.
    ///   - gradients: The flat array of this worker.
    ///   - dx: Shape `[B·T·C, d]`; overwritten, may be `addend`.
    ///   - context: The values shared by all blocks.
    func backward(
        _ dGateUp: Matrix, x: Matrix, adding addend: Matrix, buffers: Buffers?,
        gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        own.accumulateGradient(dGateUp, x, into: gradients, context: context)
        eachSequence(of: x, buffers: buffers) { rows, means in
            if let means {
                backward(
                    dGateUp.rows(rows), x: x.rows(rows), means, gradients: gradients,
                    context: context)
            }
            context.time(.inputGradients) {
                Linear.forward(
                    dGateUp.rows(rows), own.gradientPath, adding: addend.rows(rows),
                    sums: means.map { $0.pooling.members($0.buffers.gradients) },
                    into: dx.rows(rows), scratch: context.team.scratch)
            }
        }
    }

    private typealias Means = (pooling: FeaturePooling, buffers: Buffers)

    /// Runs `body` for each sequence, or once for all without means.
    private func eachSequence(
        of x: Matrix, buffers: Buffers?, _ body: (_ rows: Range<Int>, _ means: Means?) -> Void
    ) {
        guard let pooling, let buffers else {
            precondition(pooling == nil, "no room for means")
            return body(0..<x.rows, nil)
        }
        precondition(
            x.rows.isMultiple(of: pooling.rows),
            "sequences of \(pooling.rows) rows in \(x.shapeDescription)")
        for first in stride(from: 0, to: x.rows, by: pooling.rows) {
            body(first..<(first + pooling.rows), (pooling, buffers))
        }
    }

    /// Computes the contributions of a sequence's means to `[gate | up]`.
    private func addends(of x: Matrix, _ means: Means, team: Team) {
        let (pooling, buffers) = means
        team.shareRows(pooling.meanCount) { share, scratch in
            pooling.takeMeans(of: x, share, into: buffers.means)
            for (kind, layer) in zip(pooling.kinds, self.means) {
                let rows = kind.clamped(to: share)
                guard !rows.isEmpty else { continue }
                Linear.forward(
                    buffers.means.rows(rows), layer.forward, into: buffers.products.rows(rows),
                    scratch: scratch)
            }
        }
    }

    /// Computes the gradients of a sequence's means and of their weights.
    private func backward(
        _ dGateUp: Matrix, x: Matrix, _ means: Means, gradients: Matrix, context: BlockContext
    ) {
        let (pooling, buffers) = means
        context.time(.inputGradients) {
            pooling.takeGradients(of: dGateUp, into: buffers.products)
            pooling.takeSums(of: x, into: buffers.means)
        }
        for (rows, layer) in zip(pooling.kinds, self.means) {
            let products = buffers.products.rows(rows)
            layer.accumulateGradient(
                products, buffers.means.rows(rows), into: gradients, context: context)
            context.time(.inputGradients) {
                Linear.forward(
                    products, layer.gradientPath, into: buffers.gradients.rows(rows),
                    scratch: context.team.scratch)
            }
        }
    }
}

extension GateUp.Buffers {
    /// Allocates memory for the means of one sequence; nil without means.
    init?(shape: SegmentShape) {
        guard let pooling = shape.pooling else { return nil }
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: pooling.meanCount, columns: columns, precision: shape.precision)
        }
        let width = shape.width / shape.symbols
        (means, gradients) = (matrix(width), matrix(width))
        products = matrix(2 * shape.innerSize)
    }
}

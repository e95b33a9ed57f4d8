import HRMTensor

/// Both directions of the passes of one stack.
struct StackTraining {
    let configuration: TextConfiguration
    let pool: WorkerPool
    let rotary: RotaryEmbedding
    let segments: [TrainingSegment]
    let weights: [PackedBlock]
    /// Receives the sums of the weights' gradients.
    let gradients: [TextParameters.Block]

    private var width: Int { configuration.headCount * configuration.headSize }

    // MARK: Forward

    /// Computes `norm(blocks(residual))` into the tape's result; the residual sums are overwritten.
    func forward(_ residual: Matrix, tape: StackTape) {
        for (block, tape) in zip(weights, tape.blocks) { forward(block, residual, tape) }
        let epsilon = configuration.normEpsilon
        shareRows(residual.rows) { rows, _ in
            RowOperations.norm(
                residual.rows(rows), epsilon: epsilon, into: tape.result.normed.rows(rows),
                inverseRMS: tape.result.inverse.rows(rows))
        }
    }

    private func forward(_ block: PackedBlock, _ residual: Matrix, _ tape: BlockTape) {
        let epsilon = configuration.normEpsilon
        shareRows(residual.rows) { rows, scratch in
            let normed = tape.first.normed.rows(rows)
            RowOperations.norm(
                residual.rows(rows), epsilon: epsilon, into: normed,
                inverseRMS: tape.first.inverse.rows(rows))
            Linear.forward(
                normed, block.attention, into: tape.projections.rows(rows), scratch: scratch)
        }
        shareHeads { segment, head, scratch in
            let part = HeadColumns(tape.projections.rows(segment.rows), configuration, head)
            for matrix in [part.queries, part.keys] {
                RowOperations.rotate(
                    matrix, rotary: rotary, positions: segment.positions[...], into: matrix)
            }
            let columns = part.range(0)
            let attended = tape.attended.rows(segment.rows).columns(columns)
            ContextAttention.forward(
                queries: part.queries, keys: part.keys, values: part.values,
                visibility: segment.visibility, into: attended, scratch: scratch)
            let gated = tape.gated.rows(segment.rows).columns(columns)
            gated.assign(attended)
            RowOperations.applySigmoid(part.gates, to: gated)
        }
        shareRows(residual.rows) { rows, scratch in
            let sum = residual.rows(rows)
            Linear.forward(
                tape.gated.rows(rows), block.attentionOutput, adding: sum, into: sum,
                scratch: scratch)
            let normed = tape.second.normed.rows(rows)
            RowOperations.norm(
                sum, epsilon: epsilon, into: normed, inverseRMS: tape.second.inverse.rows(rows))
            Linear.forwardSwiGLU(
                normed, block.gateUp, into: tape.inner.rows(rows), gateUp: tape.gateUp.rows(rows),
                scratch: scratch)
            Linear.forward(
                tape.inner.rows(rows), block.down, adding: sum, into: sum, scratch: scratch)
        }
    }

    // MARK: Backward

    /// Replaces the gradient of the result by that of the input, and adds those of the weights.
    func backward(_ gradient: Matrix, tape: StackTape, memory: BackwardMemory) {
        shareRows(gradient.rows) { rows, _ in
            RMSNorm.backward(
                gradient.rows(rows), y: tape.result.normed.rows(rows),
                inverseRMS: tape.result.inverse.rows(rows), into: gradient.rows(rows))
        }
        for index in weights.indices.reversed() {
            transformBackward(
                weights[index], gradients[index], gradient, tape.blocks[index], memory)
            attendBackward(weights[index], gradients[index], gradient, tape.blocks[index], memory)
        }
    }

    private func transformBackward(
        _ block: PackedBlock, _ sums: TextParameters.Block, _ gradient: Matrix, _ tape: BlockTape,
        _ memory: BackwardMemory
    ) {
        shareRows(gradient.rows) { rows, scratch in
            Linear.backwardSwiGLU(
                gradient.rows(rows), block.downBack, gateUp: tape.gateUp.rows(rows),
                gradient: memory.gateUp.rows(rows), activation: tape.inner.rows(rows),
                scratch: scratch)
        }
        accumulate(gradient, tape.inner, into: sums.down)
        accumulate(memory.gateUp, tape.second.normed, into: sums.gateUp)
        descend(memory.gateUp, block.gateUpBack, tape.second, gradient, memory)
    }

    private func attendBackward(
        _ block: PackedBlock, _ sums: TextParameters.Block, _ gradient: Matrix, _ tape: BlockTape,
        _ memory: BackwardMemory
    ) {
        shareRows(gradient.rows) { rows, scratch in
            Linear.forward(
                gradient.rows(rows), block.attentionOutputBack, into: memory.attention.rows(rows),
                scratch: scratch)
        }
        accumulate(gradient, tape.gated, into: sums.attentionOutput)
        shareHeads { segment, head, scratch in
            let part = HeadColumns(tape.projections.rows(segment.rows), configuration, head)
            let target = HeadColumns(memory.projections.rows(segment.rows), configuration, head)
            let columns = part.range(0)
            let attended = tape.attended.rows(segment.rows).columns(columns)
            let down = memory.attention.rows(segment.rows).columns(columns)
            RowOperations.sigmoidBackward(
                gate: part.gates, x: attended, gradient: down, gateGradient: target.gates)
            ContextAttention.backward(
                (part.queries, part.keys, part.values), visibility: segment.visibility,
                output: attended, outputGradient: down,
                into: (target.queries, target.keys, target.values), scratch: scratch)
            for matrix in [target.queries, target.keys] {
                RowOperations.rotate(
                    matrix, rotary: rotary, positions: segment.positions[...], into: matrix,
                    isBackward: true)
            }
        }
        accumulate(memory.projections, tape.first.normed, into: sums.attention)
        descend(memory.projections, block.attentionBack, tape.first, gradient, memory)
    }

    /// Adds the gradient that passes through a product and the norm before it.
    private func descend(
        _ outputGradient: Matrix, _ weight: PackedWeight,
        _ norm: (normed: Matrix, inverse: Matrix), _ gradient: Matrix, _ memory: BackwardMemory
    ) {
        shareRows(gradient.rows) { rows, scratch in
            let input = memory.normed.rows(rows)
            Linear.forward(outputGradient.rows(rows), weight, into: input, scratch: scratch)
            RMSNorm.backward(
                input, y: norm.normed.rows(rows), inverseRMS: norm.inverse.rows(rows), into: input)
            Sum.of(gradient.rows(rows), input, into: gradient.rows(rows))
        }
    }

    /// Adds `dyᵀ · x` to the gradient of a weight; each worker has rows of its own.
    private func accumulate(_ dy: Matrix, _ x: Matrix, into gradient: Matrix) {
        pool.share(gradient.rows, inStepsOf: 6) { rows, scratch in
            Linear.accumulateWeightGradient(
                dy.columns(rows), x, into: gradient.rows(rows), scratch: scratch)
        }
    }

    // MARK: Shares

    private func shareRows(_ count: Int, _ body: @Sendable (Range<Int>, Scratch) -> Void) {
        pool.share(count, inStepsOf: 6, body)
    }

    private func shareHeads(_ body: @Sendable (TrainingSegment, Int, Scratch) -> Void) {
        let heads = configuration.headCount
        let segments = segments
        pool.share(segments.count * heads) { range, scratch in
            for item in range { body(segments[item / heads], item % heads, scratch) }
        }
    }
}

/// The columns of one head in rows of gates, queries, keys and values.
struct HeadColumns {
    let gates: Matrix
    let queries: Matrix
    let keys: Matrix
    let values: Matrix
    private let head: Int
    private let width: Int
    private let size: Int

    init(_ projections: Matrix, _ configuration: TextConfiguration, _ head: Int) {
        let size = configuration.headSize
        let width = configuration.headCount * size
        func columns(_ kind: Int) -> Matrix {
            let first = kind * width + head * size
            return projections.columns(first..<(first + size))
        }
        (gates, queries, keys, values) = (columns(0), columns(1), columns(2), columns(3))
        (self.head, self.width, self.size) = (head, width, size)
    }

    /// The columns of the head among those of all heads of one kind.
    func range(_ kind: Int) -> Range<Int> {
        let first = kind * width + head * size
        return first..<(first + size)
    }
}

/// Temporary gradients of a block's backward pass.
struct BackwardMemory: Sendable {
    let normed: Matrix
    let attention: Matrix
    let projections: Matrix
    let gateUp: Matrix

    init(_ configuration: TextConfiguration, rows: Int) {
        func matrix(_ columns: Int) -> Matrix {
            .activations(rows: rows, columns: columns, precision: .float32)
        }
        let heads = configuration.headCount * configuration.headSize
        normed = matrix(configuration.hiddenSize)
        attention = matrix(heads)
        projections = matrix(4 * heads)
        gateUp = matrix(2 * configuration.innerSize)
    }
}

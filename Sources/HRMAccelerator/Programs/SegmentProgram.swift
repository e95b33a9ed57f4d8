internal import HRMModel

/// The program of a segment without gradient.
package enum SegmentProgram {
    /// The number of values of a sequence in the result `outcomes`.
    package static let outcomeCount = 9

    /// Creates the program.
    ///
    /// Its arguments are the weights, `z_H`, `z_L`, `inputs`, `labels`, `puzzle_identifiers`,
    /// `fresh` and `active`; its results the new states, `logits` `[B, S, V]` and `outcomes`
    /// `[B, 9]`, whose columns are those of ``OutcomeColumn``.
    ///
    /// - Parameters:
    ///   - shape: The model and the batch.
    ///   - observed: True to return the states before the first module application and after each,
    ///     too, as `high.i` and `low.i`.
    /// - Returns: The program.
    package static func graph(_ shape: ModelShape, observed: Bool = false) -> Graph {
        let builder = GraphBuilder()
        let layers = Layers(builder, shape: shape)
        let batch = BatchArguments(builder, shape: shape)
        let start = layers.initialized(batch.states, fresh: batch.fresh)
        let rows = layers.weights.optional(TensorName.puzzles)?.rows(at: batch.identifiers)
        let input = layers.embedding(inputs: batch.inputs, puzzleRows: rows)
        var moments = [start]
        let states = layers.segment(
            layers.configuration.schedule, from: start, input: input
        ) { moments.append($0) }
        let (logits, q) = (layers.logits(states.high), layers.qLogits(states.high))
        let losses = layers.losses(
            logits: logits, labels: batch.labels, qLogits: q, target: nil, smoothing: 0)
        batch.output(layers.kept(states, in: batch.active, otherwise: batch.states))
        builder.output(TensorName.logits, logits)
        builder.output(
            TensorName.outcomes, layers.outcomes(losses, qLogits: q, nextQLogits: nil))
        if observed {
            for (index, states) in moments.enumerated() {
                builder.output("high.\(index)", states.high)
                builder.output("low.\(index)", states.low)
            }
        }
        return builder.graph
    }

    /// Creates the program of both heads: from `z_H` the results `logits` and `q_logits`.
    package static func heads(_ shape: ModelShape) -> Graph {
        let builder = GraphBuilder()
        let layers = Layers(builder, shape: shape)
        let high = builder.argument(TensorName.high, shape.stateType)
        builder.output(TensorName.logits, layers.logits(high))
        builder.output("q_logits", layers.qLogits(high))
        return builder.graph
    }
}

/// The columns of the result `outcomes` of a program.
package enum OutcomeColumn: Int, CaseIterable {
    case labelCount, correctCount, tokenLoss, qHaltLoss, qContinueLoss
    case qHalt, qContinue, nextQHalt, nextQContinue
}

/// The arguments of a program about its batch.
struct BatchArguments {
    let states: SegmentStates
    let inputs: Expression
    let labels: Expression
    let identifiers: Expression
    let fresh: Expression
    let active: Expression
    private let builder: GraphBuilder

    init(_ builder: GraphBuilder, shape: ModelShape) {
        self.builder = builder
        let cells = BufferType([shape.batch, shape.dimensions.sequenceLength], .int32)
        let flags = BufferType([shape.batch], .bool)
        states = SegmentStates(
            high: builder.argument(TensorName.high, shape.stateType),
            low: builder.argument(TensorName.low, shape.stateType))
        inputs = builder.argument(TensorName.inputs, cells)
        labels = builder.argument(TensorName.labels, cells)
        identifiers = builder.argument(
            TensorName.identifiers, BufferType([shape.batch], .int32))
        fresh = builder.argument(TensorName.fresh, flags)
        active = builder.argument(TensorName.active, flags)
    }

    /// Adds the new states as results in the memory of the old ones.
    func output(_ states: SegmentStates) {
        builder.output(TensorName.high, states.high, donor: TensorName.high)
        builder.output(TensorName.low, states.low, donor: TensorName.low)
    }
}

extension Layers {
    /// The result `outcomes`, `[B, 9]`.
    func outcomes(
        _ losses: LossRows, qLogits: Expression, nextQLogits: Expression?
    ) -> Expression {
        let own = columns(qLogits)
        let next = nextQLogits.map(columns) ?? (own.0.like(0), own.0.like(0))
        let values = [
            losses.labelCount, losses.correctCount, losses.tokenLoss, losses.qHaltLoss,
            losses.qContinueLoss, own.0, own.1, next.0, next.1,
        ]
        return .concatenated(values.map { $0.reshaped([shape.batch, 1]) }, axis: 1)
    }
}

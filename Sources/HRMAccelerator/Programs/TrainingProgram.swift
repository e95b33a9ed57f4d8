package import HRMModel

/// The program of a whole training step: segment, Q target, losses, backward pass and update, with
/// weights and states that stay on the device.
package struct TrainingProgram: Sendable, Hashable {
    /// The model and the batch of one replica.
    package var shape: ModelShape
    /// The schedule of the segment.
    package var schedule: SegmentSchedule
    /// The optimizers.
    package var optimizers: OptimizerDescription
    /// True if the weights are updated.
    package var updates: Bool
    /// True if the averages of the weights move, too.
    package var averages: Bool
    /// True if the gradients are results.
    package var keepsGradients: Bool

    /// Creates a description.
    package init(
        shape: ModelShape, schedule: SegmentSchedule, optimizers: OptimizerDescription,
        updates: Bool, averages: Bool, keepsGradients: Bool
    ) {
        self.shape = shape
        self.schedule = schedule
        self.optimizers = optimizers
        self.updates = updates
        self.averages = averages
        self.keepsGradients = keepsGradients
    }

    /// The program.
    ///
    /// Beside the arguments of a segment it has `last` and `row_weights` `[B]`, `rates` `[8]` and
    /// the state of the optimizer; its results are the new states, weights and state of the
    /// optimizer, `logits`, `outcomes`, `finite` `[2]` and, if kept, `gradient.NAME`.
    package var graph: Graph {
        let builder = GraphBuilder()
        let layers = Layers(builder, shape: shape)
        let batch = BatchArguments(builder, shape: shape)
        let last = builder.argument(TensorName.last, BufferType([shape.batch], .bool))
        let rowWeights = builder.argument(TensorName.rowWeights, BufferType([shape.batch]))

        let start = layers.initialized(batch.states, fresh: batch.fresh)
        let puzzleRows = layers.weights.optional(TensorName.puzzles)?.rows(at: batch.identifiers)
        let input = layers.embedding(inputs: batch.inputs, puzzleRows: puzzleRows)
        let states = layers.segment(schedule, from: start, input: input)
        let (logits, q) = (layers.logits(states.high), layers.qLogits(states.high))

        var nextQ: Expression?
        if shape.configuration.trainsContinue {
            // The Q target: one more segment from the new states, with the same weights.
            nextQ =
                layers.qLogits(
                    layers.segment(schedule, from: states.stopped, input: input).high
                ).stopped
        }
        let losses = layers.losses(
            logits: logits, labels: batch.labels, qLogits: q,
            target: nextQ.map { target($0, last: last, layers) },
            smoothing: shape.configuration.labelSmoothing)

        let entries = shape.layout.entries
        let objective = (losses.total * rowWeights).sum
        let variables = entries.map { layers.weights[$0.name] } + (puzzleRows.map { [$0] } ?? [])
        var gradients = builder.gradients(of: objective, by: variables)
        let puzzleGradient = puzzleRows == nil ? nil : gradients.removeLast()
        gradients = gradients.map(summedOverReplicas)
        layers.shareSymbolGradients(&gradients, entries: entries)

        batch.output(layers.kept(states, in: batch.active, otherwise: batch.states))
        builder.output(TensorName.logits, logits)
        builder.output(
            TensorName.outcomes, layers.outcomes(losses, qLogits: q, nextQLogits: nextQ))
        let finite = finite(losses, batch, gradients: gradients, puzzles: puzzleGradient)
        builder.output(
            TensorName.finite,
            .concatenated([finite.losses, finite.gradients].map { $0.reshaped([1]) }, axis: 0))
        if keepsGradients {
            for (entry, gradient) in zip(entries, gradients) {
                builder.output(TensorName.gradient(entry.name), gradient)
            }
            if let puzzleGradient {
                builder.output(TensorName.gradient(TensorName.puzzles), puzzleGradient)
            }
        }
        if updates {
            update(
                layers, batch, gradients: gradients, puzzles: puzzleGradient,
                isValid: finite.losses & finite.gradients)
        }
        return builder.graph
    }

    /// `σ(last ? q_halt′ : max(q_halt′, q_continue′))`, `[B]`.
    private func target(_ next: Expression, last: Expression, _ layers: Layers) -> Expression {
        let (halt, continuation) = layers.columns(next)
        return last.select(halt, halt.maximum(continuation)).logistic
    }

    /// The sum of a tensor over the replicas, in the order of their numbers.
    private func summedOverReplicas(_ part: Expression) -> Expression {
        if shape.replicas == 1 { return part }
        let all = part.reshaped([1] + part.shape).gatheredFromAll(replicas: shape.replicas)
        let parts = (0..<shape.replicas).map {
            all.sliced($0..<($0 + 1), axis: 0).reshaped(part.shape)
        }
        return parts.dropFirst().reduce(parts[0], +)
    }

    /// Whether the losses of the sequences that learn, and all gradients, are finite, on all
    /// replicas.
    private func finite(
        _ losses: LossRows, _ batch: BatchArguments, gradients: [Expression], puzzles: Expression?
    ) -> (losses: Expression, gradients: Expression) {
        func everywhere(_ flags: [Expression]) -> Expression {
            let all = flags.dropFirst().reduce(flags[0], &).reshaped([1])
            if shape.replicas == 1 { return all.reshaped([]) }
            return all.converted(to: .int32).gatheredFromAll(replicas: shape.replicas)
                .compared(.equal, 1).all
        }
        let total = losses.total
        return (
            everywhere([batch.active.select(total, total.like(0)).isFinite.all]),
            everywhere((gradients + (puzzles.map { [$0] } ?? [])).map(\.areFinite))
        )
    }

    private func update(
        _ layers: Layers, _ batch: BatchArguments, gradients: [Expression], puzzles: Expression?,
        isValid: Expression
    ) {
        let builder = layers.builder
        let optimizers = Optimizers(builder, self.optimizers, isValid: isValid)
        func output(_ name: String, _ new: Expression) {
            builder.output(name, new, donor: name)
        }
        if let puzzles {
            let table = layers.weights[TensorName.puzzles]
            func everywhere(_ rows: Expression) -> Expression {
                rows.gatheredFromAll(replicas: shape.replicas)
            }
            let learns = everywhere(batch.active.converted(to: .int32)).compared(.equal, 1)
            output(
                TensorName.puzzles,
                optimizers.signDescent(
                    table, identifiers: everywhere(batch.identifiers), learns: learns,
                    gradients: everywhere(puzzles)))
        }
        guard !self.optimizers.freezesWeights else { return }
        for (entry, gradient) in zip(shape.layout.entries, gradients) {
            let type = BufferType(entry.shape)
            func argument(_ name: String) -> Expression { builder.argument(name, type) }
            let old = layers.weights[entry.name]
            let (firstName, secondName) = (
                TensorName.firstMoment(entry.name), TensorName.secondMoment(entry.name)
            )
            let first = argument(firstName)
            let new: Expression
            if let settings = self.optimizers.muon, entry.stackedMatrices > 0 {
                let result = optimizers.muon(
                    old, gradient: gradient, momentum: first, matrices: entry.stackedMatrices,
                    settings: settings)
                output(firstName, result.momentum)
                new = result.weight
            } else {
                let second = argument(secondName)
                let result = optimizers.adamATan2(
                    old, gradient: gradient, first: first, second: second)
                output(firstName, result.first)
                output(secondName, result.second)
                new = result.weight
            }
            output(entry.name, new)
            if averages {
                let average = argument(TensorName.average(entry.name))
                output(
                    TensorName.average(entry.name), optimizers.average(average, of: new))
            }
        }
    }
}

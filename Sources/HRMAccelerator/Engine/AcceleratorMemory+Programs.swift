internal import HRMEngine
internal import HRMModel
internal import HRMTensor

extension AcceleratorMemory {
    /// Runs a program on the slots of a batch, and takes its results.
    ///
    /// - Parameters:
    ///   - key: The program.
    ///   - batch: The batch.
    ///   - carry: The puzzles of the batch.
    ///   - count: The number of slots that take part, starting with the first.
    ///   - additions: Further arguments of each device.
    /// - Returns: The results of each device.
    /// - Throws: ``AcceleratorError``.
    mutating func run(
        _ key: ProgramKey, batch: Int, _ carry: Carry, _ count: Int,
        adding additions: [[String: AcceleratorBuffer]] = []
    ) throws(AcceleratorError) -> [[String: AcceleratorBuffer]] {
        let program = try context.program(key, devices: context.deviceCount)
        let states = try batches[batch].onDevices()
        let inputs = try BatchInputs(
            carry: carry, fresh: batches[batch].fresh, activeSlots: count
        ).buffers(context, shape: shape)
        var arguments: [[String: AcceleratorBuffer]] = []
        for device in tensors.indices {
            var own = tensors[device].merging(states[device]) { $1 }
            own.merge(inputs[device]) { $1 }
            if !additions.isEmpty { own.merge(additions[device]) { $1 } }
            arguments.append(own)
        }
        let results = try program.run(arguments)
        take(results, batch: batch)
        return results
    }

    /// Runs a training step.
    mutating func train(
        _ carry: Carry, _ step: TrainingStep
    ) throws(AcceleratorError) -> TrainingOutcome {
        guard let optimizers else {
            preconditionFailure("an engine made to infer cannot train")
        }
        let size = shape.batch * context.deviceCount
        precondition(
            carry.slotCount == size && step.slots.count == size
                && step.slots.lowerBound.isMultiple(of: size)
                && step.minimumSteps.count == size && (1...size).contains(step.learningSlots),
            "\(step.learningSlots) of \(step.slots), a carry of \(carry.slotCount), a batch of "
                + "\(size)")
        let configuration = shape.configuration
        let program = TrainingProgram(
            shape: shape, schedule: step.schedule ?? configuration.schedule,
            optimizers: optimizers, updates: step.update != nil,
            averages: step.update?.averageRate != nil && optimizers.averagesWeights,
            keepsGradients: step.keepsGradients)
        let results = try run(
            .training(program), batch: step.slots.lowerBound / size, carry, step.learningSlots,
            adding: try additions(carry, step))
        let rows = try OutcomeRows(results, count: step.learningSlots)
        let finite = try results[0][TensorName.finite]?.bytes() ?? []
        if step.keepsGradients { try keepGradients(results, count: step.learningSlots) }
        let sequences = (0..<step.learningSlots).map { slot in
            let steps = carry.steps[slot] + 1
            let next = SequenceOutcome.Next(
                qHalt: rows[slot, .nextQHalt], qContinue: rows[slot, .nextQContinue])
            let hasTarget = configuration.trainsContinue
            let (halt, continuation) = (rows[slot, .qHalt], rows[slot, .qContinue])
            return SequenceOutcome(
                row: slot, loss: rows.loss(slot), qHalt: halt, qContinue: continuation,
                targetQContinue: hasTarget
                    ? AdaptiveComputation.targetQContinue(
                        isLast: steps >= step.maxSteps, next: next) : nil,
                next: hasTarget ? next : nil, steps: steps,
                hasHalted: AdaptiveComputation.halts(
                    steps: steps, maxSteps: step.maxSteps, qHalt: halt,
                    qContinue: configuration.ignoresContinue ? 0 : continuation,
                    minimumSteps: step.minimumSteps[slot]))
        }
        let nonFinite: TrainingOutcome.NonFinite? =
            finite.first == 0 ? .loss : (finite.last == 0 ? .gradient : nil)
        return TrainingOutcome(sequences: sequences, nonFinite: nonFinite)
    }

    /// The arguments of a step that a segment does not have.
    private func additions(
        _ carry: Carry, _ step: TrainingStep
    ) throws(AcceleratorError) -> [[String: AcceleratorBuffer]] {
        let rates = try step.update.map { update throws(AcceleratorError) in
            try self.rates(update)
        }
        var result: [[String: AcceleratorBuffer]] = []
        for device in tensors.indices {
            let slots = (device * shape.batch)..<((device + 1) * shape.batch)
            let weights = slots.map { slot in
                slot < step.learningSlots
                    ? Float(
                        step.scale
                            * StepWeight.of(
                                step: carry.steps[slot] + 1,
                                base: shape.configuration.lossStepWeight)) : 0
            }
            var own = [
                TensorName.last: try context.client.flags(
                    slots.map { carry.steps[$0] + 1 >= step.maxSteps }, device: device),
                TensorName.rowWeights: try context.client.buffer(
                    copying: weights, type: .float32, shape: [shape.batch], device: device),
            ]
            if let rates { own[TensorName.rates] = rates[device] }
            result.append(own)
        }
        return result
    }

    private func rates(
        _ update: TrainingStep.Update
    ) throws(AcceleratorError) -> [AcceleratorBuffer] {
        let values = UpdateRate.values(update, optimizers ?? OptimizerDescription())
        var result: [AcceleratorBuffer] = []
        for device in tensors.indices {
            result.append(
                try context.client.buffer(
                    copying: values, type: .float32, shape: [values.count], device: device))
        }
        return result
    }

    /// Keeps the gradients among the results of a step.
    private mutating func keepGradients(
        _ results: [[String: AcceleratorBuffer]], count: Int
    ) throws(AcceleratorError) {
        gradients = []
        for entry in shape.layout.entries {
            guard let buffer = results[0][TensorName.gradient(entry.name)] else { continue }
            gradients.append(
                NamedTensor(
                    name: entry.name, shape: entry.shape,
                    values: try context.download(
                        buffer, rows: entry.count / (entry.shape.last ?? 1))))
        }
        let width = shape.configuration.puzzleEmbeddingSize
        var rows: [Float] = []
        for result in results {
            guard let buffer = result[TensorName.gradient(TensorName.puzzles)] else { return }
            rows += try buffer.read(as: Float.self)
        }
        gradients.append(
            NamedTensor(
                name: TensorName.puzzles, shape: [count, width],
                values: Matrix(Array(rows.prefix(count * width)), rows: count, columns: width)))
    }

    /// Moves the averaged weights towards the weights.
    mutating func updateAverage(rate: Double) throws(AcceleratorError) {
        guard let optimizers, optimizers.averagesWeights, !optimizers.freezesWeights else { return }
        let program = try context.program(
            .average(shape, optimizers), devices: context.deviceCount)
        let rates = try rates(
            TrainingStep.Update(
                number: 1, learningRate: 0, puzzleLearningRate: 0, averageRate: rate))
        var arguments = tensors
        for device in arguments.indices { arguments[device][TensorName.rates] = rates[device] }
        for (device, result) in try program.run(arguments).enumerated() {
            tensors[device].merge(result) { $1 }
        }
    }

    /// Computes both heads from the slow state of a moment, on all its slots.
    mutating func heads(
        _ moment: ObservedMoments.Moment
    ) throws(AcceleratorError) -> (logits: [Float], q: [Float]) {
        let program = try context.program(.heads(shape), devices: 1)
        var arguments = tensors[0]
        // Programs for one device run on the first.
        arguments[TensorName.high] =
            moment.device == 0
            ? moment.high
            : try context.client.buffer(
                copying: moment.high.bytes(), elements: moment.high.type, device: 0)
        let results = try program.run([arguments])[0]
        return (
            try results[TensorName.logits]?.read(as: Float.self) ?? [],
            try results["q_logits"]?.read(as: Float.self) ?? []
        )
    }
}

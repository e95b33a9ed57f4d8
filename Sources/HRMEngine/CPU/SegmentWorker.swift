import HRMModel
import HRMTensor

/// One worker and its memory: it computes whole segments of its micro-batches, including heads,
/// loss and backward pass, without synchronization.
struct SegmentWorker: Sendable {
    /// Gradients of `HierarchicalReasoningModel/parameters`, summed over this worker's
    /// micro-batches; nil in an engine for inference only.
    let gradients: Matrix?
    /// Measures the time by operation, if enabled.
    let stopwatch: Stopwatch<EngineOperation>?
    /// Memory by the number of sequences; all are views of one allocation.
    private let memories: [Int: SegmentMemory]
    private let memory: SegmentMemory
    private let team: Team

    /// - Parameters:
    ///   - model: The weights.
    ///   - sizes: The possible micro-batch sizes in sequences.
    ///   - team: The threads that share the work.
    ///   - training: True if gradients are needed.
    ///   - stopwatch: Measures the time, if enabled.
    init(
        model: HierarchicalReasoningModel, sizes: Set<Int>, team: Team, training: Bool,
        stopwatch: Stopwatch<EngineOperation>?
    ) {
        gradients = training ? Matrix(rows: 1, columns: model.layout.flatCount) : nil
        let full = SegmentMemory(
            model: model, sequences: sizes.max() ?? 1, training: training)
        memories = Dictionary(
            uniqueKeysWithValues: sizes.map { ($0, full.prefix($0, model: model)) })
        memory = full
        self.team = team
        self.stopwatch = stopwatch
    }

    /// Runs one segment without gradient: new states are written to the carry, logits and Q logits
    /// to `outputs`.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - carry: The carry of the whole batch.
    ///   - slots: The slots to process.
    ///   - maxSteps: The number of segments after which a sequence ends.
    ///   - outputs: The outputs of the whole batch.
    ///   - observer: Observes the segment, if given.
    /// - Returns: The outcome of each slot, in order.
    func infer(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>, maxSteps: Int,
        outputs: BatchOutputs, observer: SegmentObserver? = nil
    ) -> [SequenceOutcome] {
        let context = context(of: model)
        return context.time(.other) {
            let memory = memory(for: slots, of: model)
            embed(model, carry: carry, slots: slots, into: memory.input)
            _ = advance(
                model, through: model.schedule, carry: carry, slots: slots, outputs: outputs,
                memory: memory, saving: false, context: context,
                observe: observer.map { observation(of: $0, model: model, slots: slots) })
            return score(
                model, carry: carry, slots: slots, maxSteps: maxSteps, outputs: outputs)
        }
    }

    /// Runs one training step of some slots: segment, Q target if used, losses and backward pass.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - carry: The carry of the whole batch.
    ///   - slots: The slots to process.
    ///   - minimumSteps: One number per slot of the batch, see ``AdaptiveComputation``.
    ///   - scale: The factor of all gradients.
    ///   - schedule: The schedule of the segment; nil for the model's own.
    ///   - maxSteps: The number of segments after which a sequence ends.
    ///   - outputs: The outputs of the whole batch.
    /// - Returns: The outcome of each slot, in order.
    func train(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>,
        minimumSteps: [Int],
        scale: Double, schedule: SegmentSchedule?, maxSteps: Int, outputs: BatchOutputs
    ) -> [SequenceOutcome] {
        learn(
            model, through: schedule, carry: carry, slots: slots, outputs: outputs
        ) { states, memory, context in
            if let nextQLogits = memory.nextQLogits {
                // The Q target: one more segment from the new states, with the same weights.
                let next = run(
                    model, through: schedule ?? model.schedule, from: states, memory: memory,
                    saving: false, context: context)
                model.heads.forward(
                    high: next.high, positions: model.positionCount,
                    parameters: model.parameters, logits: nil, qLogits: nextQLogits,
                    scratch: team.scratch)
            }
            return evaluate(
                model, carry: carry, slots: slots, minimumSteps: minimumSteps,
                maxSteps: maxSteps, scale: scale, outputs: outputs, memory: memory)
        }
    }

    /// Runs a segment and its backward pass with an arbitrary loss.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - schedule: The schedule of the segment; nil for the model's own.
    ///   - carry: The carry of the whole batch.
    ///   - slots: The slots to process.
    ///   - outputs: The outputs of the whole batch.
    ///   - loss: Receives the new states, and writes the gradients of logits and Q logits to
    ///     `logitsGradient32` and `qGradient` of the memory.
    /// - Returns: The result of `loss`.
    func learn<Result>(
        _ model: HierarchicalReasoningModel, through schedule: SegmentSchedule? = nil,
        carry: CPUCarry,
        slots: Range<Int>, outputs: BatchOutputs,
        loss: (States, SegmentMemory, BlockContext) -> Result
    ) -> Result {
        let context = context(of: model)
        return context.time(.other) {
            learn(
                model, through: schedule ?? model.schedule, carry: carry, slots: slots,
                outputs: outputs, context: context, loss: loss)
        }
    }

    private func learn<Result>(
        _ model: HierarchicalReasoningModel, through schedule: SegmentSchedule, carry: CPUCarry,
        slots: Range<Int>, outputs: BatchOutputs,
        context: BlockContext, loss: (States, SegmentMemory, BlockContext) -> Result
    ) -> Result {
        guard let gradients else { preconditionFailure("an engine made to infer cannot train") }
        let memory = memory(for: slots, of: model)
        embed(model, carry: carry, slots: slots, into: memory.input)
        let states = advance(
            model, through: schedule, carry: carry, slots: slots, outputs: outputs, memory: memory,
            saving: true, context: context)

        let result = loss(states, memory, context)

        model.heads.backward(
            logitsGradient: memory.logitsGradient, qGradient: memory.qGradient, high: states.high,
            positions: model.positionCount, gradients: gradients, into: memory.highGradient,
            scratch: team.scratch)
        backward(
            model, through: schedule, memory: memory, gradients: gradients, context: context)
        model.embedding.backward(
            memory.inputGradient, inputs: model.cells(carry.current.inputs, of: slots),
            gradients: gradients,
            puzzleGradient: outputs.puzzleGradient?.rows(model.prefixRows(of: slots)))
        return result
    }

    // MARK: The segment

    private func memory(
        for slots: Range<Int>, of model: HierarchicalReasoningModel
    ) -> SegmentMemory {
        memories[slots.count] ?? memory.prefix(slots.count, model: model)
    }

    private func context(of model: HierarchicalReasoningModel) -> BlockContext {
        BlockContext(
            heads: model.rotary, epsilon: Float(model.configuration.normEpsilon), team: team,
            stopwatch: stopwatch)
    }

    /// Computes all modules and heads: new states are written to the carry, logits and Q logits to
    /// `outputs`.
    private func advance(
        _ model: HierarchicalReasoningModel, through schedule: SegmentSchedule, carry: CPUCarry,
        slots: Range<Int>, outputs: BatchOutputs, memory: SegmentMemory, saving: Bool,
        context: BlockContext, observe: Observation? = nil
    ) -> States {
        let rows = model.rows(of: slots)
        let states = run(
            model, through: schedule,
            from: States(high: carry.high.rows(rows), low: carry.low.rows(rows)),
            memory: memory, saving: saving, context: context, observe: observe)
        model.heads.forward(
            high: states.high, positions: model.positionCount, parameters: model.parameters,
            logits: outputs.logits.rows(rows), qLogits: outputs.qLogits.rows(slots),
            scratch: team.scratch)
        carry.high.rows(rows).assign(states.high)
        if schedule.updatesLow { carry.low.rows(rows).assign(states.low) }
        return states
    }

    private func embed(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>, into input: Matrix
    ) {
        model.embedding.forward(
            inputs: model.cells(carry.current.inputs, of: slots),
            identifiers: carry.current.puzzleIdentifiers[slots], parameters: model.parameters,
            puzzleEmbedding: model.puzzleEmbedding, into: input)
    }

    /// Applies the modules in the schedule's order.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - schedule: The modules, and the number that carry gradient.
    ///   - states: The initial states; not changed.
    ///   - memory: This worker's memory for these sequences.
    ///   - saving: True if the last `k` applications keep activations for the backward pass.
    ///   - context: The values shared by all blocks.
    ///   - observe: Called with the states before the first application and after each.
    /// - Returns: The new states, in this worker's memory.
    private func run(
        _ model: HierarchicalReasoningModel, through schedule: SegmentSchedule, from states: States,
        memory: SegmentMemory, saving: Bool, context: BlockContext, observe: Observation? = nil
    ) -> States {
        var states = states
        observe?(0, nil, states)
        let applications = schedule.applications
        let firstSaved = applications.count - (saving ? schedule.gradientApplications : 0)
        for (index, application) in applications.enumerated() {
            let saved = index < firstSaved ? nil : memory.saved[index - firstSaved]
            let module = model.modules[application.stack]
            let trail = saved?.trail ?? memory.reused
            switch application.updates {
            case .low: Sum.of(states.low, states.high, memory.input, into: trail.inputs[0])
            case .high: Sum.of(states.high, states.low, into: trail.inputs[0])
            case .direct: Sum.of(states.high, memory.input, into: trail.inputs[0])
            }
            let changesLow = application.updates == .low
            let output = saved?.output ?? (changesLow ? memory.states.low : memory.states.high)
            module.forward(trail: trail, into: output, context: context)
            if changesLow { states.low = output } else { states.high = output }
            observe?(index + 1, application.updates, states)
        }
        return states
    }

    /// Receives the number of completed applications, the last update and the states.
    private typealias Observation = (Int, ModuleApplication.Update?, States) -> Void

    private func observation(
        of observer: @escaping SegmentObserver, model: HierarchicalReasoningModel,
        slots: Range<Int>
    ) -> Observation {
        { applications, updates, states in
            observer(
                SegmentMoment(
                    applications: applications, updates: updates, slots: slots, high: states.high,
                    low: states.low, heads: { heads(of: states, sequences: slots.count, model) }))
        }
    }

    /// Computes both heads from the slow state.
    private func heads(
        of states: States, sequences: Int, _ model: HierarchicalReasoningModel
    ) -> (logits: Matrix, qLogits: Matrix) {
        let logits = Matrix(rows: states.high.rows, columns: model.outputCount)
        let qLogits = Matrix(rows: sequences, columns: 2)
        model.heads.forward(
            high: states.high, positions: model.positionCount, parameters: model.parameters,
            logits: logits, qLogits: qLogits, scratch: team.scratch)
        return (logits, qLogits)
    }

    /// Computes the backward pass through the last `k` applications; the gradient of the input
    /// accumulates in `memory.inputGradient`.
    ///
    /// An update `z ← M(z + injection)` passes the gradient of its sum to every addend: the
    /// replaced state, and the injected state or input.
    private func backward(
        _ model: HierarchicalReasoningModel, through schedule: SegmentSchedule,
        memory: SegmentMemory, gradients: Matrix, context: BlockContext
    ) {
        let (high, low, input) = (memory.highGradient, memory.lowGradient, memory.inputGradient)
        let applications = schedule.applications.suffix(schedule.gradientApplications)
        low.clear()
        input.clear()
        for (application, saved) in zip(applications, memory.saved).reversed() {
            let own = application.updates == .low ? low : high
            model.modules[application.stack].backward(
                own, trail: saved.trail, output: saved.output, buffers: memory.blockGradients,
                gradients: gradients, context: context)
            switch application.updates {
            case .low:
                Sum.of(high, low, into: high)
                Sum.of(input, low, into: input)
            case .high: Sum.of(low, high, into: low)
            case .direct: Sum.of(input, high, into: input)
            }
        }
    }

    // MARK: The loss

    private func score(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>, maxSteps: Int,
        outputs: BatchOutputs
    ) -> [SequenceOutcome] {
        outputs.logits.withValues { logits in
            slots.map { slot in
                let (qHalt, qContinue) = (outputs.qLogits[slot, 0], outputs.qLogits[slot, 1])
                let steps = carry.steps[slot] + 1
                return SequenceOutcome(
                    row: slot,
                    loss: candidateLoss(model, carry: carry, slot: slot)?.value(
                        logits, first: model.firstLogit(of: slot), consistency: qHalt)
                        ?? SequenceLoss(
                            type: model.configuration.lossType, logits: logits,
                            first: model.firstLogit(of: slot),
                            vocabulary: model.dimensions.vocabularySize,
                            labels: model.cells(carry.current.labels, of: slot..<(slot + 1)),
                            qLogits: (qHalt, qContinue), targetQContinue: nil),
                    qHalt: qHalt, qContinue: qContinue, targetQContinue: nil, next: nil,
                    steps: steps, hasHalted: steps >= maxSteps)
            }
        }
    }

    private func evaluate(
        _ model: HierarchicalReasoningModel, carry: CPUCarry, slots: Range<Int>,
        minimumSteps: [Int],
        maxSteps: Int, scale: Double, outputs: BatchOutputs, memory: SegmentMemory
    ) -> [SequenceOutcome] {
        let configuration = model.configuration
        let vocabulary = model.dimensions.vocabularySize
        let rows = model.rows(of: slots)
        // Cells of the puzzle embedding's positions have no loss; their gradients stay zero.
        memory.logitsGradient32.clear()
        if configuration.readsCandidates {
            return evaluateCandidates(
                model, carry: carry, slots: slots, maxSteps: maxSteps, scale: scale,
                outputs: outputs, memory: memory)
        }
        return outputs.logits.rows(rows).withValues { logits in
            memory.logitsGradient32.withMutableValues { gradient in
                var outcomes: [SequenceOutcome] = []
                for (index, slot) in slots.enumerated() {
                    let qHalt = outputs.qLogits[slot, 0]
                    let qContinue = outputs.qLogits[slot, 1]
                    let next = memory.nextQLogits.map {
                        SequenceOutcome.Next(qHalt: $0[index, 0], qContinue: $0[index, 1])
                    }
                    let steps = carry.steps[slot] + 1
                    let target = next.map {
                        AdaptiveComputation.targetQContinue(
                            isLast: steps >= maxSteps, next: $0)
                    }
                    let first = model.firstLogit(of: index)
                    let labels = model.cells(carry.current.labels, of: slot..<(slot + 1))
                    let loss = SequenceLoss(
                        type: configuration.lossType, logits: logits, first: first,
                        vocabulary: vocabulary, labels: labels, qLogits: (qHalt, qContinue),
                        targetQContinue: target, smoothing: configuration.labelSmoothing)
                    let qGradient = loss.gradient(
                        type: configuration.lossType, logits: logits, first: first,
                        vocabulary: vocabulary, labels: labels, qLogits: (qHalt, qContinue),
                        targetQContinue: target, smoothing: configuration.labelSmoothing,
                        scale: scale
                            * StepWeight.of(step: steps, base: configuration.lossStepWeight),
                        into: &gradient)
                    memory.qGradient[index, 0] = qGradient.halt
                    memory.qGradient[index, 1] = qGradient.continue
                    outcomes.append(
                        SequenceOutcome(
                            row: slot, loss: loss, qHalt: qHalt, qContinue: qContinue,
                            targetQContinue: target, next: next, steps: steps,
                            hasHalted: AdaptiveComputation.halts(
                                steps: steps, maxSteps: maxSteps, qHalt: qHalt,
                                qContinue: configuration.ignoresContinue ? 0 : qContinue,
                                minimumSteps: minimumSteps[slot])))
                }
                return outcomes
            }
        }
    }
}

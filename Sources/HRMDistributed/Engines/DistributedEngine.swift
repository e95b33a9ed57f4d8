package import HRMEngine
package import HRMModel
import HRMTensor

/// An engine whose slots are divided among processes; the caller runs in process 0 only, and the
/// others execute an ``EngineServer``.
///
/// Everything that decides — puzzles, random numbers, halting, search, metrics — stays with the
/// caller, which sees one engine. A step of `n` processes with `w` workers each gives bitwise the
/// result of one process with `n·w` workers: micro-batch `i` belongs to worker `i mod (n·w)`, and
/// gradients are added in the order of the workers (``GradientReduction``). Every process keeps all
/// weights and updates them itself.
package final class DistributedEngine: Engine {
    private let cluster: Cluster
    private let identifier: Int
    private let part: EnginePart
    /// The process with the states of each slot.
    private var owners: [Int]
    /// The changes of states that each process has to make before the next segment.
    private var operations: [[SlotOperation]]
    /// The logits of all slots in inference, `[B·T, V]`.
    private let logits: Matrix?
    private let clock = ContinuousClock()

    private var communicator: any Communicator { part.communicator }
    private var size: Int { communicator.size }
    private var local: CPUEngine { part.engine }
    private var isTraining: Bool { logits == nil }

    /// Creates the parts of an engine in all processes.
    ///
    /// - Parameters:
    ///   - description: The model, the batch and the optimizers.
    ///   - model: The weights; process 0 computes with this memory.
    ///   - cluster: The processes.
    init(
        _ description: EngineDescription, model: HierarchicalReasoningModel, cluster: Cluster
    ) {
        self.cluster = cluster
        identifier = cluster.nextIdentifier()
        var message = MessageWriter()
        message.add(Command.make.rawValue)
        message.add(identifier)
        message.add(description)
        cluster.sendToAll(message)
        let part = EnginePart(description, model: model, communicator: cluster.communicator)
        self.part = part
        let size = cluster.communicator.size
        operations = Array(repeating: [], count: size)
        if description.optimizers != nil {
            let owners = part.engine.workersOfSlots(description.batchSize)
                .map { $0 / description.workers }
            self.owners = Array(repeating: owners, count: description.batches).flatMap { $0 }
            logits = nil
        } else {
            owners = (0..<description.batchSize).map { $0 % size }
            logits = Matrix(
                rows: description.batchSize * part.engine.positionCount,
                columns: part.engine.logits(of: 0).columns)
        }
    }

    /// The architecture.
    package var configuration: HRMConfiguration { local.configuration }
    /// The dimensions that the data set determines.
    package var dimensions: PuzzleDimensions { local.dimensions }
    /// The number of slots of all processes.
    package var slotCount: Int { owners.count }

    /// Frees the parts in the other processes.
    deinit {
        if !cluster.hasEnded { send(.release) { _ in } }
    }

    private func send(_ command: Command, _ body: (inout MessageWriter) -> Void) {
        var message = MessageWriter()
        message.add(command.rawValue)
        message.add(identifier)
        body(&message)
        cluster.sendToAll(message)
    }

    /// Returns a slot's number in its process.
    private func localSlot(_ slot: Int) -> Int { isTraining ? slot : slot / size }

    private func receive(from rank: Int) -> MessageReader {
        MessageReader(communicator.receiveMessage(from: rank))
    }

    /// Reads a reply; a defect ends all processes.
    private func reading<Value>(
        from rank: Int, _ body: (inout MessageReader) throws(MessageReader.Problem) -> Value
    ) -> Value {
        do throws(MessageReader.Problem) {
            var reply = receive(from: rank)
            return try body(&reply)
        } catch {
            communicator.abort(.malformed(rank: rank, reason: error.reason))
        }
    }
}

// SAFETY: an engine is used by one thread at a time, see `Engine`.
extension DistributedEngine: @unchecked Sendable {}

// MARK: - Slots

extension DistributedEngine {
    /// Sets the states of a slot to the initial ones, plus noise, if given, before the next segment.
    package func begin(_ slot: Int, noise: StateNoise?) {
        operations[owners[slot]].append(.begin(slot: localSlot(slot), noise: noise))
    }

    /// Copies the states of one slot to another before the next segment.
    package func move(from source: Int, to target: Int) {
        let (sender, receiver) = (owners[source], owners[target])
        if sender == receiver {
            operations[sender].append(
                .move(source: localSlot(source), target: localSlot(target)))
        } else {
            operations[sender].append(.send(slot: localSlot(source), receiver: receiver))
            operations[receiver].append(.receive(slot: localSlot(target), sender: sender))
        }
    }

    /// Permutes the cells of a slot before the next segment.
    package func rearrange(_ slot: Int, sources: [Int]) {
        operations[owners[slot]].append(.rearrange(slot: localSlot(slot), sources: sources))
    }

    /// Calls `body` with the logits of a slot's cells after its last segment, `[S, V]` row-major.
    package func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        guard let logits else { return local.withLogits(of: slot, body) }
        let width = logits.columns
        let first = (slot * positionCount + configuration.prefixLength) * width
        return logits.withValues {
            body($0.extracting(first..<(first + dimensions.sequenceLength * width)))
        }
    }

    private func takeOperations() -> [[SlotOperation]] {
        defer { operations = Array(repeating: [], count: size) }
        return operations
    }
}

// MARK: - Segments

extension DistributedEngine {
    /// Runs one segment without gradient.
    ///
    /// - Precondition: There is no observer: the states are in other processes.
    package func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome] {
        guard let logits else { preconditionFailure("an engine made to train cannot infer") }
        precondition(observer == nil, "states in other processes cannot be observed")
        let operations = takeOperations()
        var own = Carry(slotCount: 1, dimensions: dimensions)
        var active = 0
        for rank in (0..<size).reversed() {
            let slots = stride(from: rank, to: count, by: size).map { $0 }
            var part = self.part.freshCarry(of: slots.count)
            for (index, slot) in slots.enumerated() {
                let cells = carry.cells(of: slot)
                part.begin(
                    index, inputs: Array(carry.current.inputs[cells]),
                    labels: Array(carry.current.labels[cells]),
                    identifier: carry.current.puzzleIdentifiers[slot])
                part.setSteps(carry.steps[slot], of: index)
            }
            guard rank > 0 else {
                (own, active) = (part, slots.count)
                continue
            }
            var message = MessageWriter()
            message.add(Command.infer.rawValue)
            message.add(identifier)
            message.add(operations[rank])
            message.add(maxSteps)
            message.add(Array(0..<slots.count), of: part)
            communicator.send(message.bytes, to: rank)
        }
        part.run(operations[0])
        var outcomes = [SequenceOutcome?](repeating: nil, count: count)
        for var outcome in part.infer(&own, first: active, maxSteps: maxSteps) {
            let slot = outcome.row * size
            rows(of: slot, in: logits).assign(local.logits(of: outcome.row))
            outcome.row = slot
            outcomes[slot] = outcome
        }
        for rank in 1..<size {
            reading(from: rank) { reply throws(MessageReader.Problem) in
                for slot in stride(from: rank, to: count, by: size) {
                    var outcome = try reply.outcome()
                    try reply.read(into: rows(of: slot, in: logits))
                    outcome.row = slot
                    outcomes[slot] = outcome
                }
            }
        }
        let all = outcomes.compactMap { $0 }
        carry.advance(all)
        return all
    }

    private func rows(of slot: Int, in matrix: Matrix) -> Matrix {
        matrix.rows((slot * positionCount)..<((slot + 1) * positionCount))
    }

    /// Runs one training step: a segment, losses, backward pass, the sum over all processes and the
    /// update of the weights.
    package func train(_ carry: inout Carry, _ step: TrainingStep) -> TrainingOutcome {
        let start = clock.now
        let owners = local.workersOfSlots(step.learningSlots).map { $0 / part.workers.count }
        transfer(step.slots, to: owners)
        let operations = takeOperations()
        let identifiers = Array(carry.current.puzzleIdentifiers.prefix(step.learningSlots))
        for rank in 1..<size {
            var message = MessageWriter()
            message.add(Command.step.rawValue)
            message.add(identifier)
            message.add(operations[rank])
            message.add(step)
            message.add(identifiers)
            message.add(owners.indices.filter { owners[$0] == rank }, of: carry)
            communicator.send(message.bytes, to: rank)
        }
        part.run(operations[0])
        let own = local.accumulate(&carry, step)
        let computed = clock.now
        var outcomes = [SequenceOutcome?](repeating: nil, count: step.learningSlots)
        for outcome in own.sequences { outcomes[outcome.row] = outcome }
        var nonFinite = own.nonFinite
        for rank in 1..<size {
            reading(from: rank) { reply throws(MessageReader.Problem) in
                if try reply.flag() { cluster.noteStopRequest() }
                let code = try reply.integer()
                if code == 1 { nonFinite = .loss }
                if code == 2, nonFinite == nil { nonFinite = .gradient }
                for _ in 0..<(try reply.integer(in: 0...step.learningSlots)) {
                    let outcome = try reply.outcome()
                    guard outcomes.indices.contains(outcome.row), owners[outcome.row] == rank else {
                        throw .init(reason: "an outcome of slot \(outcome.row)")
                    }
                    outcomes[outcome.row] = outcome
                    if let gradient = local.puzzleGradient(of: outcome.row) {
                        try reply.read(into: gradient)
                    }
                    if configuration.readsCandidates {
                        try reply.read(into: local.logits(of: outcome.row))
                    }
                }
            }
        }
        let all = outcomes.compactMap { $0 }
        guard all.count == step.learningSlots else {
            communicator.abort(.failed(reason: "\(all.count) of \(step.learningSlots) outcomes"))
        }
        carry.advance(all)
        let gathered = clock.now
        var decision = MessageWriter()
        decision.add(nonFinite == nil)
        cluster.sendToAll(decision)
        part.finish(step, isFinite: nonFinite == nil, identifiers: identifiers)
        cluster.note(
            step: clock.now - start, waiting: gathered - computed, reduction: part.reductionTime)
        return TrainingOutcome(sequences: all, nonFinite: nonFinite)
    }

    /// Moves the states of slots to the processes that process them next; they change with the number
    /// of slots that learn.
    private func transfer(_ slots: Range<Int>, to next: [Int]) {
        for (slot, receiver) in zip(slots, next) where owners[slot] != receiver {
            operations[owners[slot]].append(.send(slot: slot, receiver: receiver))
            operations[receiver].append(.receive(slot: slot, sender: owners[slot]))
            owners[slot] = receiver
        }
    }

    /// Moves the averaged weights towards the weights without a step.
    package func updateAverage(rate: Double) {
        send(.average) { $0.add(rate) }
        local.updateAverage(rate: rate)
    }
}

// MARK: - Tensors

extension DistributedEngine {
    /// Returns tensors by name; states are collected from the other processes.
    package func tensors(_ group: TensorGroup) -> [NamedTensor] {
        if group == .states { collectStates() }
        return local.tensors(group)
    }

    private func collectStates() {
        precondition(isTraining, "states are collected in training only")
        let operations = takeOperations()
        for rank in 1..<size {
            var message = MessageWriter()
            message.add(Command.states.rawValue)
            message.add(identifier)
            message.add(operations[rank])
            message.add(owners.indices.filter { owners[$0] == rank })
            communicator.send(message.bytes, to: rank)
        }
        part.run(operations[0])
        for rank in 1..<size {
            for slot in owners.indices where owners[slot] == rank {
                for state in local.states(of: slot) {
                    communicator.receive(into: state, from: rank)
                }
            }
        }
    }

    /// Replaces tensors in all processes.
    ///
    /// Weights that process 0 computes with anyway are sent as a whole.
    package func load(_ tensors: [NamedTensor], _ group: TensorGroup) {
        if group == .weights, areOwn(tensors) {
            send(.weights) { _ in }
            EnginePart.broadcast(local.model, over: communicator, workers: part.workers)
            return local.model.pack(workers: part.workers)
        }
        send(.load) { message in
            message.add(TensorGroup.allCases.firstIndex(of: group) ?? 0)
            message.add(tensors.count)
            for tensor in tensors { message.add(tensor.name) }
        }
        for tensor in tensors { communicator.broadcast(tensor.values) }
        local.load(tensors, group)
    }

    /// Returns true if tensors are the memory of all weights of process 0.
    private func areOwn(_ tensors: [NamedTensor]) -> Bool {
        let own = Dictionary(
            uniqueKeysWithValues: local.tensors(.weights).map { ($0.name, $0.values) })
        return tensors.count == own.count
            && tensors.allSatisfy { own[$0.name]?.sharesMemory(with: $0.values) == true }
    }
}

import HRMEngine
import HRMModel
import HRMTensor

/// Executes the requests of process 0 in another process: it creates parts of engines, and runs their
/// segments and steps.
///
/// It reads no files: everything comes from process 0.
package struct EngineServer {
    private let communicator: any Communicator
    private let isStopRequested: () -> Bool
    private var parts: [Int: EnginePart] = [:]

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - communicator: The processes.
    ///   - isStopRequested: True if this process has been asked to stop, which is passed on to
    ///     process 0.
    package init(_ communicator: any Communicator, isStopRequested: @escaping () -> Bool) {
        self.communicator = communicator
        self.isStopRequested = isStopRequested
    }

    /// Executes requests until process 0 ends the job.
    ///
    /// - Returns: The exit status.
    package mutating func serve() -> Int32 {
        while true {
            do throws(MessageReader.Problem) {
                var message = MessageReader(communicator.receiveMessage(from: 0))
                if let status = try execute(&message) { return status }
            } catch {
                communicator.abort(.malformed(rank: 0, reason: error.reason))
            }
        }
    }

    private mutating func execute(
        _ message: inout MessageReader
    ) throws(MessageReader.Problem) -> Int32? {
        let code = try message.integer()
        guard let command = Command(rawValue: code) else {
            throw .init(reason: "request \(code) is not known")
        }
        guard command != .end else { return Int32(truncatingIfNeeded: try message.integer()) }
        let identifier = try message.integer()
        if command == .make {
            let description = try message.engineDescription()
            let model = HierarchicalReasoningModel(
                blank: description.configuration, dimensions: description.dimensions,
                trainable: description.optimizers != nil)
            parts[identifier] = EnginePart(
                description, model: model, communicator: communicator)
            return nil
        }
        guard let part = parts[identifier] else {
            throw .init(reason: "engine \(identifier) does not exist")
        }
        switch command {
        case .make, .end: break
        case .step: try step(part, &message)
        case .infer: try infer(part, &message)
        case .average: part.engine.updateAverage(rate: try message.double())
        case .load: try load(part, &message)
        case .states: for slot in try slots(part, &message) { sendStates(part, slot) }
        case .weights:
            EnginePart.broadcast(
                part.engine.model, over: communicator, workers: part.workers)
        case .release: parts[identifier] = nil
        }
        return nil
    }

    private func step(
        _ part: EnginePart, _ message: inout MessageReader
    ) throws(MessageReader.Problem) {
        part.run(try message.operations(of: part.engine, size: communicator.size))
        let step = try message.step(slotCount: part.engine.slotCount)
        guard step.slots.count == part.description.batchSize else {
            throw .init(reason: "a step of \(step.slots.count) slots")
        }
        let identifiers = try message.tokens()
        var carry = part.freshCarry
        _ = try message.puzzles(into: &carry)
        let outcome = part.engine.accumulate(&carry, step)
        var reply = MessageWriter()
        reply.add(isStopRequested())
        reply.add(outcome.nonFinite.map { $0 == .loss ? 1 : 2 } ?? 0)
        reply.add(outcome.sequences.count)
        for sequence in outcome.sequences {
            reply.add(sequence)
            if let gradient = part.engine.puzzleGradient(of: sequence.row) { reply.add(gradient) }
            if part.engine.configuration.readsCandidates {
                reply.add(part.engine.logits(of: sequence.row))
            }
        }
        communicator.send(reply.bytes, to: 0)
        var decision = MessageReader(communicator.receiveMessage(from: 0))
        part.finish(step, isFinite: try decision.flag(), identifiers: identifiers)
    }

    private func infer(
        _ part: EnginePart, _ message: inout MessageReader
    ) throws(MessageReader.Problem) {
        part.run(try message.operations(of: part.engine, size: communicator.size))
        let maxSteps = try message.integer()
        var carry = part.freshCarry
        let slots = try message.puzzles(into: &carry)
        guard slots == Array(0..<slots.count) else { throw .init(reason: "slots \(slots)") }
        var reply = MessageWriter()
        for outcome in part.infer(&carry, first: slots.count, maxSteps: maxSteps) {
            reply.add(outcome)
            reply.add(part.engine.logits(of: outcome.row))
        }
        communicator.send(reply.bytes, to: 0)
    }

    private func load(
        _ part: EnginePart, _ message: inout MessageReader
    ) throws(MessageReader.Problem) {
        let groups = TensorGroup.allCases
        let group = groups[try message.integer(in: 0...(groups.count - 1))]
        let own = Dictionary(
            uniqueKeysWithValues: part.engine.tensors(group).map { ($0.name, $0) })
        var tensors: [NamedTensor] = []
        for _ in 0..<(try message.integer(in: 0...100_000)) {
            let name = try message.text()
            guard let target = own[name] else { throw .init(reason: "no tensor '\(name)'") }
            let values = Matrix(
                rows: target.values.rows, columns: target.values.columns,
                precision: target.values.precision)
            communicator.broadcast(values)
            tensors.append(NamedTensor(name: name, shape: target.shape, values: values))
        }
        part.engine.load(tensors, group)
    }

    private func slots(
        _ part: EnginePart, _ message: inout MessageReader
    ) throws(MessageReader.Problem) -> [Int] {
        part.run(try message.operations(of: part.engine, size: communicator.size))
        let slots = try message.integers()
        guard slots.allSatisfy((0..<part.engine.slotCount).contains) else {
            throw .init(reason: "slots \(slots)")
        }
        return slots
    }

    private func sendStates(_ part: EnginePart, _ slot: Int) {
        for state in part.engine.states(of: slot) { communicator.send(state, to: 0) }
    }
}

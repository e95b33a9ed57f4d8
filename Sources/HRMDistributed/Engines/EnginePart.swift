import HRMEngine
import HRMModel
import HRMTensor

/// The part of a distributed engine that runs in one process.
final class EnginePart {
    let description: EngineDescription
    let communicator: any Communicator
    let engine: CPUEngine
    let workers: Workers
    private let reduction: GradientReduction?
    /// The time of the last sum of gradients.
    private(set) var reductionTime = Duration.zero

    /// Creates the part of this process; all processes do so together, and receive the weights of
    /// process 0.
    ///
    /// - Parameters:
    ///   - description: The model and the batch.
    ///   - model: The model of process 0, and a blank one in the others.
    ///   - communicator: The processes.
    init(
        _ description: EngineDescription, model: HierarchicalReasoningModel,
        communicator: any Communicator
    ) {
        self.description = description
        self.communicator = communicator
        workers = Workers(count: description.workers)
        Self.broadcast(model, over: communicator, workers: workers)
        if let optimizers = description.optimizers {
            engine = CPUEngine(
                training: model, optimizers: optimizers, batchSize: description.batchSize,
                batches: description.batches, workers: workers,
                place: WorkerPlace(
                    first: communicator.rank * workers.count,
                    total: communicator.size * workers.count))
            reduction = GradientReduction(communicator, workers: workers)
        } else {
            let own = Self.localCount(
                description.batchSize, rank: communicator.rank, size: communicator.size)
            engine = CPUEngine(model: model, slotCount: max(1, own), workers: workers)
            reduction = nil
        }
    }

    /// Sends the weights of process 0 to all others.
    static func broadcast(
        _ model: HierarchicalReasoningModel, over communicator: any Communicator, workers: Workers
    ) {
        var tensors = [model.parameters, model.highInitial, model.lowInitial]
        if let table = model.puzzleEmbedding { tensors.append(table) }
        for tensor in tensors { communicator.broadcast(tensor) }
        if communicator.rank > 0 { model.pack(workers: workers) }
    }

    /// Returns the number of slots among the first `count` that belong to a process in inference:
    /// slot `s` belongs to process `s mod size`.
    static func localCount(_ count: Int, rank: Int, size: Int) -> Int {
        count > rank ? (count - rank - 1) / size + 1 : 0
    }

    /// Executes changes of states in order.
    func run(_ operations: [SlotOperation]) {
        for operation in operations {
            switch operation {
            case .begin(let slot, let noise): engine.begin(slot, noise: noise)
            case .rearrange(let slot, let sources): engine.rearrange(slot, sources: sources)
            case .move(let source, let target): engine.move(from: source, to: target)
            case .send(let slot, let receiver):
                for state in engine.states(of: slot) { communicator.send(state, to: receiver) }
            case .receive(let slot, let sender):
                for state in engine.states(of: slot) {
                    communicator.receive(into: state, from: sender)
                }
            }
        }
    }

    /// Sums the gradients, and updates the weights; all processes do so together.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - isFinite: True if all losses and gradients are finite.
    ///   - identifiers: The rows of the puzzle embedding of the slots that learned.
    func finish(_ step: TrainingStep, isFinite: Bool, identifiers: [Int32]) {
        let update = isFinite ? step.update : nil
        let usesGradients =
            update != nil && description.optimizers?.freezesWeights == false
            || step.keepsGradients
        guard isFinite, usesGradients || update != nil else {
            return engine.finish(nil, identifiers: identifiers, gradients: [])
        }
        if let puzzles = engine.puzzleGradients(of: identifiers.count) {
            communicator.broadcast(puzzles)
        }
        if usesGradients {
            engine.shareSymbolGradients()
            reductionTime = ContinuousClock().measure { reduction?.sum(engine.workerGradients) }
        }
        engine.keepGradients(step, slots: identifiers.count)
        engine.finish(
            update, identifiers: identifiers, gradients: Array(engine.workerGradients.prefix(1)))
    }

    /// Runs a segment of this process's slots in inference.
    ///
    /// - Parameters:
    ///   - carry: The puzzles of these slots.
    ///   - count: The number of active ones.
    ///   - maxSteps: The number of segments after which a sequence ends.
    /// - Returns: The outcomes.
    func infer(_ carry: inout Carry, first count: Int, maxSteps: Int) -> [SequenceOutcome] {
        guard count > 0 else { return [] }
        return engine.infer(&carry, first: count, maxSteps: maxSteps, observer: nil)
    }

    /// A carry of the slots of one process, each free.
    var freshCarry: Carry {
        freshCarry(
            of: description.optimizers == nil ? engine.slotCount : description.batchSize)
    }

    /// Returns a carry of free slots.
    func freshCarry(of count: Int) -> Carry {
        Carry(
            slotCount: max(count, engineSlots), dimensions: engine.dimensions,
            candidateSymbols: engine.configuration.candidateSymbols)
    }

    /// The slots that the engine expects in a carry of inference.
    private var engineSlots: Int { description.optimizers == nil ? engine.slotCount : 0 }
}

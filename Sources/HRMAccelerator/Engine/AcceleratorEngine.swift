package import HRMEngine
package import HRMModel
internal import HRMTensor
internal import Synchronization

/// The engine that runs on the devices of a PJRT plug-in: a segment or a training step is one
/// program, and weights, states and the state of the optimizer stay on the devices.
///
/// Equal programs, devices and plug-ins give equal bits; other plug-ins, and other numbers of slots
/// or devices, differ by rounding.
package final class AcceleratorEngine: Engine {
    /// The architecture.
    package let configuration: HRMConfiguration
    /// The dimensions that the data set determines.
    package let dimensions: PuzzleDimensions
    /// The number of slots.
    package let slotCount: Int
    /// The devices.
    package let context: AcceleratorContext
    let memory: Mutex<AcceleratorMemory>

    /// Creates an engine for inference.
    ///
    /// - Parameters:
    ///   - model: The weights, of which the engine has its own copy.
    ///   - slotCount: The number of slots, a multiple of the number of devices.
    ///   - context: The devices.
    /// - Throws: ``UnsupportedModel`` or ``AcceleratorError``.
    package convenience init(
        model: HierarchicalReasoningModel, slotCount: Int, context: AcceleratorContext
    ) throws {
        try self.init(
            model: model, optimizers: nil, batchSize: slotCount, batches: 1, context: context)
    }

    /// Creates an engine for training.
    ///
    /// - Parameters:
    ///   - model: The weights, of which the engine has its own copy.
    ///   - optimizers: The optimizers.
    ///   - batchSize: `B`, the number of slots of a step, a multiple of the number of devices.
    ///   - batches: The number of interleaved batches, each with its own slots.
    ///   - context: The devices.
    /// - Throws: ``UnsupportedModel`` or ``AcceleratorError``.
    package convenience init(
        training model: HierarchicalReasoningModel, optimizers: OptimizerDescription,
        batchSize: Int, batches: Int = 1, context: AcceleratorContext
    ) throws {
        try self.init(
            model: model, optimizers: optimizers, batchSize: batchSize, batches: batches,
            context: context)
    }

    private init(
        model: HierarchicalReasoningModel, optimizers: OptimizerDescription?, batchSize: Int,
        batches: Int, context: AcceleratorContext
    ) throws {
        configuration = model.configuration
        dimensions = model.dimensions
        slotCount = batchSize * batches
        self.context = context
        guard !configuration.readsCandidates else {
            throw UnsupportedModel(
                "models with input=candidates run on this machine's processors only; use "
                    + "--device cpu")
        }
        guard batchSize.isMultiple(of: context.deviceCount), batchSize > 0 else {
            throw UnsupportedModel(
                "a batch of \(batchSize) cannot be divided among \(context.deviceCount) devices; "
                    + "use a multiple of them")
        }
        memory = Mutex(
            try AcceleratorMemory(
                model: model, optimizers: optimizers, batchSize: batchSize, batches: batches,
                context: context))
    }

    /// Runs `body` on the memory; an error of the plug-in ends the process.
    func withMemory<Result>(
        _ body: (inout AcceleratorMemory) throws(AcceleratorError) -> sending Result
    ) -> sending Result {
        memory.withLock { memory in
            do throws(AcceleratorError) {
                return try body(&memory)
            } catch {
                context.failure(error)
            }
        }
    }
}

// MARK: - Slots

extension AcceleratorEngine {
    /// Sets the states of a slot to the initial ones, plus noise, if given.
    package func begin(_ slot: Int, noise: StateNoise?) {
        withMemory { memory throws(AcceleratorError) in
            let (batch, place) = memory.place(of: slot)
            try memory.batches[batch].begin(place, noise: noise)
        }
    }

    /// Copies the states of one slot to another of its batch.
    package func move(from source: Int, to target: Int) {
        withMemory { memory throws(AcceleratorError) in
            let (batch, place) = memory.place(of: source)
            let (other, new) = memory.place(of: target)
            precondition(batch == other, "slots \(source) and \(target) of different batches")
            try memory.batches[batch].move(from: place, to: new)
        }
    }

    /// Permutes the cells of a slot; the positions of the puzzle embedding stay.
    package func rearrange(_ slot: Int, sources: [Int]) {
        withMemory { memory throws(AcceleratorError) in
            let (batch, place) = memory.place(of: slot)
            try memory.batches[batch].rearrange(place, sources: sources)
        }
    }

    /// Calls `body` with the logits of a slot's cells after its last segment, `[S, V]` row-major.
    package func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        let logits = withMemory { memory throws(AcceleratorError) in try memory.allLogits() }
        let count = dimensions.sequenceLength * dimensions.vocabularySize
        return body(logits.span.extracting((slot * count)..<((slot + 1) * count)))
    }
}

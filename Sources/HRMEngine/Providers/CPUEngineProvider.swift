package import HRMModel
package import HRMTensor

/// Creates engines on the processors of this machine.
package struct CPUEngineProvider: EngineProvider {
    private let workers: Workers
    private let timed: Bool

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - workers: The worker threads of all engines.
    ///   - timed: True if the engines measure ``CPUEngine/operationTimes``.
    package init(workers: Workers, timed: Bool = false) {
        self.workers = workers
        self.timed = timed
    }

    /// The device's name, `cpu`.
    package var deviceName: String { "cpu" }
    /// True: engines compute with a model's own memory.
    package var usesModelMemory: Bool { true }

    /// Creates an engine for inference.
    package func inferenceEngine(
        of model: HierarchicalReasoningModel, slotCount: Int
    ) -> any Engine {
        CPUEngine(model: model, slotCount: slotCount, workers: workers, timed: timed)
    }

    /// Creates an engine for training.
    package func trainingEngine(
        of model: HierarchicalReasoningModel, optimizers: OptimizerDescription, batchSize: Int,
        batches: Int
    ) -> any Engine {
        CPUEngine(
            training: model, optimizers: optimizers, batchSize: batchSize, batches: batches,
            workers: workers, timed: timed)
    }

    /// Returns the number of slots that keeps all workers busy.
    package func suitableSlots(for model: HierarchicalReasoningModel) -> Int {
        CPUEngine.suitableSlots(for: model, workers: workers)
    }
}

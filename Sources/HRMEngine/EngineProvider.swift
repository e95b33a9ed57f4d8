package import HRMModel
package import HRMTensor

/// Creates the engines of a process, on the devices that the user chose.
package protocol EngineProvider: Sendable {
    /// The device as the user names it, such as `cpu` or `pjrt:cuda`, and the number of devices.
    var deviceName: String { get }
    /// True if engines compute with a model's own memory, so that they see its changes.
    var usesModelMemory: Bool { get }

    /// Creates an engine for inference.
    ///
    /// - Parameters:
    ///   - model: The weights.
    ///   - slotCount: The number of slots; an engine may have more.
    /// - Returns: The engine.
    /// - Throws: An error if the device cannot run the model.
    func inferenceEngine(
        of model: HierarchicalReasoningModel, slotCount: Int
    ) throws -> any Engine

    /// Creates an engine for training.
    ///
    /// - Parameters:
    ///   - model: A trainable model.
    ///   - optimizers: The optimizers.
    ///   - batchSize: `B`, the number of slots of a step.
    ///   - batches: The number of interleaved batches.
    /// - Returns: The engine.
    /// - Throws: An error if the device cannot train the model.
    func trainingEngine(
        of model: HierarchicalReasoningModel, optimizers: OptimizerDescription, batchSize: Int,
        batches: Int
    ) throws -> any Engine

    /// Returns the number of slots with which an engine for inference is used fully.
    func suitableSlots(for model: HierarchicalReasoningModel) -> Int
}

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

extension HierarchicalReasoningModel {
    /// The weights and initial states under the reference's names, in the model's own memory.
    package var namedTensors: [NamedTensor] {
        (layout.entries + layout.buffers).compactMap { entry in
            tensor(entry).map {
                NamedTensor(name: entry.name, shape: entry.shape, values: $0)
            }
        }
    }
}

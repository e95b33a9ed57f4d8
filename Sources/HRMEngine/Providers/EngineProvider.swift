package import HRMModel

/// Creates the engines of a process, on the devices that the user chose.
package protocol EngineProvider: Sendable {
    /// The device as the user names it, such as `cpu` or `pjrt:cuda`, and the number of devices.
    var deviceName: String { get }
    /// True if engines compute with a model's own memory, so that they see its changes.
    var usesModelMemory: Bool { get }
    /// The number of processes that share every batch, each with its own workers.
    var processCount: Int { get }

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

extension EngineProvider {
    /// One, unless a provider says otherwise.
    package var processCount: Int { 1 }
}

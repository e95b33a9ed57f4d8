package import HRMEngine
package import HRMModel

/// Creates engines on the devices of a plug-in.
package struct AcceleratorEngineProvider: EngineProvider {
    /// The device as the user names it, and the number of devices if there are several.
    package let deviceName: String
    private let context: AcceleratorContext

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - name: The device as the user names it, such as `pjrt:cuda`.
    ///   - context: The devices.
    package init(name: String, context: AcceleratorContext) {
        deviceName = context.deviceCount == 1 ? name : "\(name) x \(context.deviceCount)"
        self.context = context
    }

    /// False: weights are copied to the devices.
    package var usesModelMemory: Bool { false }

    /// Creates an engine for inference, with as many slots as the devices can divide.
    package func inferenceEngine(
        of model: HierarchicalReasoningModel, slotCount: Int
    ) throws -> any Engine {
        let devices = context.deviceCount
        return try AcceleratorEngine(
            model: model, slotCount: (slotCount + devices - 1) / devices * devices,
            context: context)
    }

    /// Creates an engine for training.
    package func trainingEngine(
        of model: HierarchicalReasoningModel, optimizers: OptimizerDescription, batchSize: Int,
        batches: Int
    ) throws -> any Engine {
        try AcceleratorEngine(
            training: model, optimizers: optimizers, batchSize: batchSize, batches: batches,
            context: context)
    }

    /// Returns a number of slots for products of about a thousand rows on a processor, and of
    /// thirty thousand on other devices.
    package func suitableSlots(for model: HierarchicalReasoningModel) -> Int {
        let rows = context.client.platformName == "cpu" ? 1_400 : 32_768
        return max(2, rows / model.positionCount) * context.deviceCount
    }
}

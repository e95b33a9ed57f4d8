import HRMEngine

extension TrainingSession {
    /// The devices that the session runs on.
    var engineProvider: any EngineProvider { engines ?? CPUEngineProvider(workers: workers) }

    /// The devices in `run.json`; nil for this machine's processors.
    package var engineName: String? {
        engines.flatMap { $0.deviceName == "cpu" ? nil : $0.deviceName }
    }

    /// Creates the trainer of the session's model.
    ///
    /// - Throws: An error if the devices cannot train the model.
    func makeTrainer() throws -> Trainer {
        let engine = try engineProvider.trainingEngine(
            of: model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize,
            batches: configuration.interleavedBatches)
        return Trainer(engine: engine, configuration: configuration, totalSteps: totalSteps)
    }
}

package import HRMEngine
package import HRMModel
package import HRMTensor

/// Creates engines whose slots are divided among the processors of all processes of a job.
package struct ClusterEngineProvider: EngineProvider {
    private let cluster: Cluster
    private let workers: Workers

    /// Creates the provider of process 0; the others call ``Cluster/serve(isStopRequested:)``.
    ///
    /// - Parameters:
    ///   - cluster: The processes.
    ///   - workers: The threads of each process.
    package init(cluster: Cluster, workers: Workers) {
        self.cluster = cluster
        self.workers = workers
    }

    /// The device's name, `cpu`: the results are those of one process with as many workers.
    package var deviceName: String { "cpu" }
    /// False: the other processes have copies of the weights.
    package var usesModelMemory: Bool { false }
    /// The number of processes.
    package var processCount: Int { cluster.size }

    /// Creates an engine for inference.
    package func inferenceEngine(
        of model: HierarchicalReasoningModel, slotCount: Int
    ) -> any Engine {
        DistributedEngine(
            EngineDescription(
                configuration: model.configuration, dimensions: model.dimensions,
                batchSize: slotCount, workers: workers.count), model: model, cluster: cluster)
    }

    /// Creates an engine for training.
    package func trainingEngine(
        of model: HierarchicalReasoningModel, optimizers: OptimizerDescription, batchSize: Int,
        batches: Int
    ) -> any Engine {
        DistributedEngine(
            EngineDescription(
                configuration: model.configuration, dimensions: model.dimensions,
                batchSize: batchSize, batches: batches, workers: workers.count,
                optimizers: optimizers), model: model, cluster: cluster)
    }

    /// Returns the number of slots that keeps the workers of all processes busy.
    package func suitableSlots(for model: HierarchicalReasoningModel) -> Int {
        CPUEngine.suitableSlots(for: model, workers: workers) * cluster.size
    }
}

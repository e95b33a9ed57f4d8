import HRMTraining
import _HRMTestSupport

extension TinyPuzzles {
    /// Settings to train the architecture with.
    static var configuration: TrainingConfiguration {
        var result = TrainingConfiguration()
        result.architecture = architecture
        result.globalBatchSize = 4
        result.learningRate = 3e-3
        result.warmupSteps = 0
        result.evaluationInterval = nil
        return result
    }
}

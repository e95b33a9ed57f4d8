import HRMModel

extension TrainingConfiguration {
    /// The optimizers of the training, without their learning rates.
    var optimizers: OptimizerDescription {
        var result = OptimizerDescription()
        result.beta1 = beta1
        result.beta2 = beta2
        result.weightDecay = weightDecay
        result.puzzleWeightDecay = puzzleEmbeddingWeightDecay
        result.muon = optimizer == .muon ? muon : nil
        result.freezesWeights = freezesWeights
        result.averagesWeights = averagesWeights
        return result
    }
}

internal import HRMEngine
internal import HRMModel

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The factors of an update that change from step to step, computed in float64 and rounded once.
package enum UpdateRate: Int, CaseIterable {
    /// `1 − lr·wd` of AdamATan2.
    case decay
    /// `lr / (1 − β1ᵗ)`.
    case step
    /// `√(1 − β2ᵗ)`.
    case secondScale
    /// `1 − lr·wd` of the puzzle embedding.
    case puzzleDecay
    /// The learning rate of the puzzle embedding.
    case puzzleStep
    /// `1 − lr·wd` of Muon.
    case muonDecay
    /// The learning rate of Muon.
    case muonStep
    /// `1 − μ`, the share of the weights in the new average.
    case averageShare

    /// Returns all factors of an update, in order.
    static func values(
        _ update: TrainingStep.Update, _ optimizers: OptimizerDescription
    ) -> [Float] {
        allCases.map { rate in
            let value: Double =
                switch rate {
                case .decay: 1 - update.learningRate * optimizers.weightDecay
                case .step: update.learningRate / (1 - pow(optimizers.beta1, Double(update.number)))
                case .secondScale:
                    (1 - pow(optimizers.beta2, Double(update.number))).squareRoot()
                case .puzzleDecay: 1 - update.puzzleLearningRate * optimizers.puzzleWeightDecay
                case .puzzleStep: update.puzzleLearningRate
                case .muonDecay:
                    1 - (update.muonLearningRate ?? 0) * (optimizers.muon?.weightDecay ?? 0)
                case .muonStep: update.muonLearningRate ?? 0
                case .averageShare: 1 - (update.averageRate ?? 1)
                }
            return Float(value)
        }
    }
}

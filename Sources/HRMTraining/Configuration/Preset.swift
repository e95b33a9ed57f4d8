import HRMModel

/// Ready-made training configurations.
public enum Preset: String, Sendable, Hashable, CaseIterable {
    /// Small boards in minutes.
    case demo
    /// The published setting with 27 million parameters, on one device.
    case sudokuExtreme = "sudoku-extreme"
    /// 9×9 boards without a GPU.
    case sudokuSmall = "sudoku-small"

    /// One line for a list of presets.
    public var summary: String {
        switch self {
        case .demo: "a small model for 4×4 and 6×6 Sudoku, trained in minutes"
        case .sudokuExtreme: "the published model of 27 million parameters for 9×9 Sudoku"
        case .sudokuSmall: "a small model for 9×9 Sudoku, for a machine without a GPU"
        }
    }

    /// The settings; the data's folder is for the caller to say.
    public var configuration: TrainingConfiguration {
        switch self {
        case .demo: Self.small(haltMaxSteps: 8)
        case .sudokuExtreme: Self.published
        case .sudokuSmall: Self.small(haltMaxSteps: 16)
        }
    }

    private static var published: TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.globalBatchSize = 384
        configuration.epochs = 20_000
        configuration.evaluationInterval = 2_000
        configuration.learningRate = 7e-5
        configuration.weightDecay = 1
        configuration.puzzleEmbeddingLearningRate = 7e-5
        configuration.puzzleEmbeddingWeightDecay = 1
        return configuration
    }

    private static func small(haltMaxSteps: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.architecture.hiddenSize = 128
        configuration.architecture.headCount = 4
        configuration.architecture.highLayers = 2
        configuration.architecture.lowLayers = 2
        configuration.architecture.haltMaxSteps = haltMaxSteps
        configuration.architecture.puzzleEmbeddingSize = 128
        configuration.globalBatchSize = 64
        configuration.epochs = 1_000
        configuration.evaluationInterval = 100
        configuration.learningRate = 1e-3
        configuration.warmupSteps = 100
        configuration.puzzleEmbeddingLearningRate = 1e-3
        return configuration
    }
}

import HRMModel

/// Settings for boards whose cells share all weights.
extension Preset {
    /// A small TRM of related cells: what `Docs/Recipes.md` found to learn most from an operation.
    ///
    /// All applications of a segment carry gradient, and Muon trains the matrices of the blocks. Its
    /// rate is for trainings of some ten thousand steps: shorter ones do with more, 0.02 for a
    /// thousand.
    private static func shared(_ relations: [BoardRelation], width: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.architecture.family = .tiny
        configuration.architecture.hiddenSize = width
        configuration.architecture.headCount = 1
        configuration.architecture.highLayers = 0
        configuration.architecture.lowLayers = 2
        configuration.architecture.highCycles = 2
        configuration.architecture.lowCycles = 2
        configuration.architecture.gradientApplications = 6
        configuration.architecture.ignoresContinue = true
        configuration.architecture.puzzleEmbeddingSize = 0
        configuration.architecture.positionEncoding = .none
        configuration.architecture.relations = relations
        configuration.architecture.lossType = .softmaxCrossEntropy
        configuration.optimizer = .muon
        configuration.muon.learningRate = 0.006
        configuration.learningRate = 3e-4
        configuration.learningRateMinimumRatio = 0.05
        configuration.weightDecay = 1
        configuration.warmupSteps = 50
        configuration.averagesWeights = true
        configuration.averageRate = 0.995
        configuration.staggersSlots = true
        return configuration
    }

    /// Sudokus with so many digits: 16 features a digit and cell.
    ///
    /// - Parameter symbols: Digits, as many as a row has cells.
    /// - Returns: The settings.
    public static func sudoku(symbols: Int) -> TrainingConfiguration {
        var configuration = shared([.row, .column, .box], width: 16 * symbols)
        configuration.architecture.symbolCount = symbols
        configuration.architecture.expansion = 1.2
        configuration.architecture.haltMaxSteps = 16
        configuration.globalBatchSize = 32
        configuration.epochs = 800
        configuration.evaluationInterval = 80
        return configuration
    }

    /// Every puzzle is thought about for a while after it is solved, so that the model learns to leave
    /// a right answer alone.
    static var sharedMazes: TrainingConfiguration {
        var configuration = shared([.neighbours], width: 64)
        configuration.architecture.expansion = 1.5
        configuration.architecture.haltMaxSteps = 8
        configuration.architecture.haltExplorationProbability = 1
        configuration.globalBatchSize = 64
        configuration.epochs = 2
        configuration.evaluationInterval = 1
        return configuration
    }
}

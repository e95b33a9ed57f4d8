import HRMModel

/// Settings for boards whose cells share all weights.
extension Preset {
    /// A small TRM with cell relations: the architecture that learns most per operation in
    /// `Docs/Recipes.md`.
    ///
    /// All applications in a segment carry gradient, and Muon trains the matrices of the blocks.
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
        configuration.learningRateMinimumRatio = 0.05
        configuration.weightDecay = 1
        configuration.warmupSteps = 50
        configuration.averagesWeights = true
        configuration.averageRate = 0.99
        configuration.warmsUpAverage = true
        configuration.staggersSlots = true
        return configuration
    }

    /// Returns settings for Sudokus with the given number of digits: 32 features per digit and
    /// cell.
    ///
    /// A thousand puzzles make 1,500 steps; longer trainings need lower learning rates beyond that.
    ///
    /// - Parameter symbols: The number of digits, equal to the cells in a row.
    /// - Returns: The settings.
    public static func sudoku(symbols: Int) -> TrainingConfiguration {
        var configuration = board([.row, .column, .box], width: 32 * symbols)
        configuration.architecture.symbolCount = symbols
        configuration.epochs = 48
        configuration.evaluationInterval = 24
        return configuration
    }

    /// Returns settings for a search with candidates, for Sudokus with the given number of digits.
    ///
    /// The slots of all interleaved batches are the states that the search visits in training. The
    /// weights fit boards of any size with any number of symbols. A thousand puzzles make 2,000
    /// steps; many more than that memorize them.
    ///
    /// - Parameter symbols: The number of digits, equal to the cells in a row.
    /// - Returns: The settings.
    public static func search(symbols: Int) -> TrainingConfiguration {
        var configuration = sudoku(symbols: symbols)
        configuration.architecture.inputEncoding = .candidates
        configuration.architecture.haltMaxSteps = 100
        configuration.globalBatchSize = 64
        configuration.interleavedBatches = 8
        configuration.augmentation = .puzzle
        configuration.staggersSlots = false
        configuration.averageRate = 0.995
        configuration.epochs = 128
        configuration.evaluationInterval = 32
        return configuration
    }

    /// Returns settings for square puzzles whose rules are invariant under translation, rotation
    /// and reflection.
    ///
    /// Horizontal and vertical neighbours are distinguished, so that a rule can refer to three
    /// cells in a line.
    ///
    /// - Parameter symbols: The number of interchangeable symbols, the last ones of the alphabet; 0
    ///   if there are none.
    /// - Returns: The settings.
    public static func grid(symbols: Int) -> TrainingConfiguration {
        var configuration = board(
            [.row, .column, .horizontal, .vertical], width: 32 * max(2, symbols))
        configuration.architecture.symbolCount = symbols
        configuration.epochs = 16
        configuration.evaluationInterval = 8
        return configuration
    }

    /// Settings for puzzles whose rules are only known to be translation-invariant.
    ///
    /// Each cell sees its four neighbours separately, so that left and right, and up and down, are
    /// distinguished. Each puzzle gets further segments after it is solved: a model that halts as
    /// soon as it is confident never trains on later segments, and loses its answer there.
    static var directedGrid: TrainingConfiguration {
        var configuration = board([.row, .column, .left, .right, .up, .down], width: 64)
        configuration.architecture.haltExplorationProbability = 1
        configuration.averageRate = 0.995
        configuration.epochs = 64
        configuration.evaluationInterval = 32
        return configuration
    }

    /// Settings for boards that start with some cells given.
    ///
    /// Sixteen batches alternate, as many as a puzzle has segments, so that consecutive updates
    /// never use the same puzzles.
    private static func board(_ relations: [BoardRelation], width: Int) -> TrainingConfiguration {
        var configuration = shared(relations, width: width)
        configuration.architecture.expansion = 0.6
        configuration.architecture.haltMaxSteps = 16
        configuration.globalBatchSize = 32
        configuration.learningRate = 1e-3
        configuration.muon.learningRate = 0.02
        configuration.muon.momentum = 0.9
        configuration.interleavedBatches = 16
        return configuration
    }

    /// Settings for mazes.
    ///
    /// Each puzzle gets further segments after it is solved, so that the model learns to keep a
    /// correct answer.
    static var sharedMazes: TrainingConfiguration {
        var configuration = shared([.neighbours], width: 64)
        configuration.architecture.expansion = 1.5
        configuration.architecture.haltMaxSteps = 8
        configuration.architecture.haltExplorationProbability = 1
        configuration.globalBatchSize = 64
        configuration.learningRate = 3e-4
        configuration.muon.learningRate = 0.006
        configuration.averageRate = 0.995
        configuration.epochs = 2
        configuration.evaluationInterval = 1
        return configuration
    }
}

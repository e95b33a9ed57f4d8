import HRMModel

/// Settings for boards whose cells share all weights.
extension Preset {
    /// A small TRM of related cells: what `Docs/Recipes.md` found to learn most from an operation.
    ///
    /// All applications of a segment carry gradient, and Muon trains the matrices of the blocks.
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

    /// Sudokus with so many digits: 32 features a digit and cell.
    ///
    /// A thousand puzzles make 1,500 steps; longer trainings want lower rates for what is beyond.
    ///
    /// - Parameter symbols: Digits, as many as a row has cells.
    /// - Returns: The settings.
    public static func sudoku(symbols: Int) -> TrainingConfiguration {
        var configuration = board([.row, .column, .box], width: 32 * symbols)
        configuration.architecture.symbolCount = symbols
        configuration.epochs = 48
        configuration.evaluationInterval = 24
        return configuration
    }

    /// A square puzzle that is the same everywhere on its board, and when it is turned or flipped: what
    /// lies beside a cell and what lies above or below it are told apart, so that a puzzle may ask for
    /// three in a line.
    ///
    /// - Parameter symbols: Symbols that can change places, the last ones of the alphabet; 0 where none can.
    /// - Returns: The settings.
    public static func grid(symbols: Int) -> TrainingConfiguration {
        var configuration = board(
            [.row, .column, .horizontal, .vertical], width: 32 * max(2, symbols))
        configuration.architecture.symbolCount = symbols
        configuration.epochs = 16
        configuration.evaluationInterval = 8
        return configuration
    }

    /// A square puzzle of which nothing is known but that its rules are the same everywhere: each cell
    /// sees the four cells around it one by one, so that it can tell left from right and up from down.
    ///
    /// Every puzzle is thought about for a while after it is solved: a model that stops as soon as it is
    /// sure never learns what to do in the steps after, and loses its answer there.
    static var directedGrid: TrainingConfiguration {
        var configuration = board([.row, .column, .left, .right, .up, .down], width: 64)
        configuration.architecture.haltExplorationProbability = 1
        configuration.averageRate = 0.995
        configuration.epochs = 64
        configuration.evaluationInterval = 32
        return configuration
    }

    /// Boards that begin with some of their cells.
    ///
    /// Sixteen batches take turns, as many as a puzzle has segments: so no update follows another
    /// about the same puzzles.
    private static func board(_ relations: [BoardRelation], width: Int) -> TrainingConfiguration {
        var configuration = shared(relations, width: width)
        configuration.architecture.expansion = 0.6
        configuration.architecture.haltMaxSteps = 16
        configuration.globalBatchSize = 32
        configuration.learningRate = 1e-3
        configuration.muon.learningRate = 0.02
        configuration.muon.momentum = 0.9
        configuration.openBatches = 16
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
        configuration.learningRate = 3e-4
        configuration.muon.learningRate = 0.006
        configuration.averageRate = 0.995
        configuration.epochs = 2
        configuration.evaluationInterval = 1
        return configuration
    }
}

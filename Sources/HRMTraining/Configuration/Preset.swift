public import HRMModel
import HRMTensor

/// Ready-made training configurations.
public enum Preset: String, Sendable, Hashable, CaseIterable {
    /// Small boards, trained in minutes.
    case demo
    /// ARC tasks with small grids, without a GPU.
    case arcSmall = "arc-small"
    /// 9×9 mazes without a GPU.
    case mazeSmall = "maze-small"
    /// The published setting for 9×9 Sudoku, with 27 million parameters, on one device.
    case sudokuExtreme = "sudoku-extreme"
    /// The published setting for 30×30 mazes.
    case mazeHard = "maze-hard"
    /// The published setting for ARC tasks on 30×30 canvases.
    case arc
    /// 9×9 Sudoku without a GPU.
    case sudokuSmall = "sudoku-small"
    /// Sudokus of any size, with the most compute-efficient known recipe.
    case sudokuTiny = "sudoku-tiny"
    /// Boards of any size by search: candidates are struck, cells pinned, contradictions taken back.
    case search
    /// Mazes of any size, with the same recipe.
    case mazeTiny = "maze-tiny"
    /// Square puzzles of your own, with the same recipe.
    case gridTiny = "grid-tiny"
    /// The published TRM for 9×9 Sudoku with token mixing.
    case trmSudokuExtreme = "trm-sudoku-extreme"
    /// The published TRM for 9×9 Sudoku with attention.
    case trmSudokuAttention = "trm-sudoku-attention"
    /// The published TRM for 30×30 mazes.
    case trmMazeHard = "trm-maze-hard"
    /// A TRM for 9×9 boards without a GPU.
    case trmSmall = "trm-small"
    /// The papers' baseline: as many blocks as the published HRM in one stack, applied once.
    case transformerSudokuExtreme = "transformer-sudoku-extreme"

    /// A one-line summary for a list of presets.
    public var summary: String {
        switch self {
        case .demo: "a small model for 4×4 and 6×6 Sudoku, trained in minutes"
        case .arcSmall: "a small model for ARC tasks with small grids, for a machine without a GPU"
        case .mazeSmall: "a small model for 9×9 mazes, for a machine without a GPU"
        case .sudokuExtreme: "the published model of 27 million parameters for 9×9 Sudoku"
        case .mazeHard: "the published model for 30×30 mazes"
        case .arc: "the published model for ARC tasks"
        case .sudokuSmall: "a small model for 9×9 Sudoku, for a machine without a GPU"
        case .sudokuTiny: "52 thousand parameters for Sudoku that all digits and cells share"
        case .search: "45 thousand parameters that search: one model for Sudokus of any size"
        case .mazeTiny: "83 thousand parameters for mazes that all cells share"
        case .gridTiny: "370 thousand parameters for your own puzzles that all cells share"
        case .trmSudokuExtreme: "the published TRM for 9×9 Sudoku, positions mixed by weights"
        case .trmSudokuAttention: "the published TRM for 9×9 Sudoku, with attention"
        case .trmMazeHard: "the published TRM for 30×30 mazes, with attention"
        case .trmSmall: "a small TRM for 9×9 Sudoku, for a machine without a GPU"
        case .transformerSudokuExtreme:
            "a plain transformer as large as sudoku-extreme: no recursion, one pass"
        }
    }

    /// The settings; the caller sets the data folder.
    public var configuration: TrainingConfiguration {
        switch self {
        case .demo: Self.demonstration
        case .arcSmall: Self.smallGrids
        case .mazeSmall: Self.mazes
        case .sudokuExtreme: Self.published(batchSize: 384, learningRate: 7e-5)
        case .mazeHard: Self.published(batchSize: 768, learningRate: 1e-4)
        // The defaults are the published ARC settings.
        case .arc: TrainingConfiguration()
        case .sudokuSmall: Self.nineByNine
        case .sudokuTiny: Self.sudoku(symbols: 9)
        case .search: Self.search(symbols: 9)
        case .mazeTiny: Self.sharedMazes
        case .gridTiny: Self.directedGrid
        case .trmSudokuExtreme: Self.tiny(lowCycles: 6, mixesPositions: true)
        case .trmSudokuAttention: Self.tiny(lowCycles: 6, mixesPositions: false)
        case .trmMazeHard: Self.tiny(lowCycles: 4, mixesPositions: false)
        case .trmSmall: Self.tinyNineByNine
        case .transformerSudokuExtreme: Self.transformer
        }
    }

    /// The dimensions of the data that the preset is intended for.
    public var dimensions: PuzzleDimensions {
        switch self {
        case .demo:
            PuzzleDimensions(vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1)
        case .gridTiny:
            // Binary puzzles as in Examples/binary-puzzles.csv: padding, end mark, three symbols.
            PuzzleDimensions(vocabularySize: 5, sequenceLength: 36, puzzleIdentifierCount: 1)
        case .arcSmall:
            // The 149 tasks of Mini-ARC on their canvas, each in up to 100 variations.
            PuzzleDimensions(
                vocabularySize: 12, sequenceLength: 25, puzzleIdentifierCount: 1 + 149 * 101)
        case .mazeSmall, .mazeTiny:
            PuzzleDimensions(vocabularySize: 6, sequenceLength: 81, puzzleIdentifierCount: 1)
        case .sudokuExtreme, .sudokuSmall, .sudokuTiny, .search, .trmSudokuExtreme,
            .trmSudokuAttention,
            .trmSmall, .transformerSudokuExtreme:
            PuzzleDimensions(vocabularySize: 11, sequenceLength: 81, puzzleIdentifierCount: 1)
        case .mazeHard, .trmMazeHard:
            PuzzleDimensions(vocabularySize: 6, sequenceLength: 900, puzzleIdentifierCount: 1)
        case .arc:
            // ARC-AGI-1 with ConceptARC, each task in up to 1,000 variations.
            PuzzleDimensions(
                vocabularySize: 12, sequenceLength: 900, puzzleIdentifierCount: 1 + 876_409)
        }
    }

    /// The published HRM settings for a thousand puzzles, Sudoku and mazes.
    private static func published(
        batchSize: Int, learningRate: Double
    ) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.globalBatchSize = batchSize
        configuration.epochs = 20_000
        configuration.evaluationInterval = 2_000
        configuration.learningRate = learningRate
        configuration.weightDecay = 1
        configuration.puzzleEmbeddingLearningRate = learningRate
        configuration.puzzleEmbeddingWeightDecay = 1
        return configuration
    }

    /// The published settings of the TRM for a thousand puzzles.
    private static func tiny(lowCycles: Int, mixesPositions: Bool) -> TrainingConfiguration {
        var configuration = published(batchSize: 768, learningRate: 1e-4)
        configuration.architecture.family = .tiny
        configuration.architecture.highLayers = 0
        configuration.architecture.lowLayers = 2
        configuration.architecture.highCycles = 3
        configuration.architecture.lowCycles = lowCycles
        configuration.architecture.ignoresContinue = true
        configuration.architecture.puzzleEmbeddingLength = 16
        configuration.architecture.mixesPositions = mixesPositions
        configuration.architecture.positionEncoding = mixesPositions ? .none : .rope
        configuration.averagesWeights = true
        configuration.epochs = 50_000
        configuration.evaluationInterval = 5_000
        return configuration
    }

    /// The HRM settings with the blocks of both modules in one stack, and one segment per puzzle;
    /// `halt_max_steps=16` restores the outer loop.
    private static var transformer: TrainingConfiguration {
        var configuration = published(batchSize: 384, learningRate: 7e-5)
        configuration.architecture.family = .transformer
        configuration.architecture.highLayers = 8
        configuration.architecture.lowLayers = 0
        configuration.architecture.highCycles = 1
        configuration.architecture.lowCycles = 1
        configuration.architecture.haltMaxSteps = 1
        return configuration
    }

    /// The common settings of the small presets.
    ///
    /// Positions are learned: with a rotary embedding of the cells in reading order, a small model
    /// takes far longer to discover columns.
    private static func small(width: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.architecture.hiddenSize = width
        configuration.architecture.headCount = 4
        configuration.architecture.highLayers = 1
        configuration.architecture.lowLayers = 1
        configuration.architecture.highCycles = 1
        configuration.architecture.lowCycles = 2
        configuration.architecture.puzzleEmbeddingSize = 0
        configuration.architecture.positionEncoding = .learned
        configuration.architecture.lossType = .softmaxCrossEntropy
        configuration.architecture.forwardPrecision = .float32
        configuration.globalBatchSize = 32
        configuration.weightDecay = 1
        configuration.warmupSteps = 100
        return configuration
    }

    private static var demonstration: TrainingConfiguration {
        var configuration = small(width: 64)
        configuration.architecture.haltMaxSteps = 4
        configuration.learningRate = 2e-3
        configuration.learningRateMinimumRatio = 0.02
        configuration.epochs = 200
        configuration.evaluationInterval = nil
        return configuration
    }

    /// The common settings for larger ARC grids and mazes: two layers per module, two cycles, and
    /// one prefix position for the puzzle embedding, which is as wide as the model.
    private static var medium: TrainingConfiguration {
        var configuration = small(width: 128)
        configuration.architecture.highLayers = 2
        configuration.architecture.lowLayers = 2
        configuration.architecture.highCycles = 2
        configuration.architecture.puzzleEmbeddingSize = 128
        configuration.architecture.haltMaxSteps = 4
        configuration.architecture.forwardPrecision = .bfloat16
        configuration.globalBatchSize = 64
        return configuration
    }

    /// Settings for small ARC grids.
    ///
    /// The puzzle embedding has a high learning rate, because it is the model's only knowledge of
    /// the task. Positions are learned: every example contains all of the few cells.
    private static var smallGrids: TrainingConfiguration {
        var configuration = medium
        configuration.learningRate = 1e-3
        configuration.weightDecay = 0.1
        configuration.puzzleEmbeddingLearningRate = 1e-2
        configuration.puzzleEmbeddingWeightDecay = 0.1
        configuration.epochs = 1000
        configuration.evaluationInterval = nil
        return configuration
    }

    /// Settings for mazes.
    ///
    /// Positions are rotary: in a maze the neighbourhood of a cell matters, not its absolute
    /// position. The prefix position of the puzzle embedding serves as an anchor; without it no
    /// model can tell where a row ends. Each puzzle gets further segments after it is solved, so
    /// that the model learns to keep a correct answer.
    private static var mazes: TrainingConfiguration {
        var configuration = medium
        configuration.architecture.positionEncoding = .rope
        configuration.architecture.haltExplorationProbability = 1
        configuration.learningRate = 2e-3
        configuration.learningRateMinimumRatio = 0.02
        configuration.epochs = 2
        configuration.evaluationInterval = 1
        return configuration
    }

    private static var tinyNineByNine: TrainingConfiguration {
        var configuration = tiny(lowCycles: 2, mixesPositions: true)
        configuration.architecture.hiddenSize = 128
        configuration.architecture.headCount = 4
        configuration.architecture.highCycles = 2
        configuration.architecture.haltMaxSteps = 8
        configuration.architecture.puzzleEmbeddingSize = 0
        configuration.architecture.puzzleEmbeddingLength = 0
        configuration.globalBatchSize = 64
        configuration.learningRate = 1e-3
        configuration.warmupSteps = 100
        configuration.epochs = 10_000
        configuration.evaluationInterval = 100
        // Trainings without a GPU are short, and an average with rate 0.999 adapts slowly.
        configuration.warmsUpAverage = true
        return configuration
    }

    private static var nineByNine: TrainingConfiguration {
        var configuration = small(width: 96)
        configuration.architecture.haltMaxSteps = 8
        configuration.learningRate = 2e-3
        configuration.epochs = 10_000
        configuration.evaluationInterval = 100
        return configuration
    }
}

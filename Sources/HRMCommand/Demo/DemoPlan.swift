import HRMModel
import HRMTraining

/// The numbers of the demonstration; together with its task's preset and the seed they decide everything
/// about it.
struct DemoPlan: Sendable, Hashable {
    /// What it is about.
    var task: DemoTask
    /// Rows of a puzzle.
    var size: Int
    /// Filled-in cells of each puzzle; nil for as few as can be.
    var givens: Int?
    /// Puzzles to learn from.
    var trainingPuzzles: Int
    /// Puzzles to be measured on, all different from those.
    var testPuzzles: Int
    /// Variations of each training puzzle.
    var augmentations: Int
    /// Steps of training.
    var steps: Int

    /// The plan for a task and a size; nil where there is none.
    ///
    /// - Parameters:
    ///   - task: What the demonstration is about.
    ///   - size: Rows of the puzzles; nil for the task's first plan.
    /// - Returns: The numbers.
    static func plan(task: DemoTask, size: Int?) -> DemoPlan? {
        plans.first { $0.task == task && $0.size == size ?? $0.size }
    }

    /// The sizes for which a task has plans.
    static func sizes(of task: DemoTask) -> [Int] {
        plans.filter { $0.task == task }.map(\.size)
    }

    private static let plans = [
        DemoPlan(
            task: .sudoku, size: 4, trainingPuzzles: 1000, testPuzzles: 500,
            augmentations: 100, steps: 400),
        DemoPlan(
            task: .sudoku, size: 6, trainingPuzzles: 1000, testPuzzles: 500, augmentations: 100,
            steps: 1200),
        DemoPlan(
            task: .maze, size: 9, trainingPuzzles: 20_000, testPuzzles: 500, augmentations: 0,
            steps: 1500),
        DemoPlan(
            task: .grid, size: 6, trainingPuzzles: 1000, testPuzzles: 500, augmentations: 15,
            steps: 400),
        DemoPlan(
            task: .grid, size: 8, trainingPuzzles: 1000, testPuzzles: 500, augmentations: 15,
            steps: 600),
    ]

    /// The settings of the training.
    func configuration(seed: UInt64) -> TrainingConfiguration {
        var configuration =
            switch task {
            case .sudoku: Preset.sudoku(symbols: size)
            case .maze: Preset.mazeTiny.configuration
            case .grid: Preset.grid(symbols: 2)
            }
        // A thousand steps have no time to be careful.
        configuration.learningRate = 1e-3
        configuration.muon.learningRate = 0.02
        configuration.averageRate = 0.99
        if task == .maze {
            // Batches that take turns, as the other presets have it.
            configuration.openBatches = 16
            configuration.muon.momentum = 0.9
        }
        if task == .sudoku {
            // Half the features learn these puzzles as well, and one batch, seen more often.
            configuration.architecture.hiddenSize = 16 * size
            configuration.architecture.expansion = 1.2
            configuration.openBatches = 1
            configuration.muon.momentum = 0.6
        }
        // Fewer boards to look at; these puzzles need no more.
        configuration.architecture.haltMaxSteps = size <= 4 ? 4 : 8
        // The demonstration measures once, at the end.
        configuration.evaluationInterval = nil
        configuration.seed = seed
        return configuration
    }
}

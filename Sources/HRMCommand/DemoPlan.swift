import HRMModel
import HRMTraining

/// The numbers of the demonstration; together with the preset `demo` and the seed they decide
/// everything about it.
struct DemoPlan: Sendable, Hashable {
    /// What it is about.
    var task: DemoTask
    /// Rows of a puzzle.
    var size: Int
    /// Filled-in cells of each puzzle; nil for as few as can be.
    var givens: Int?
    /// Cells of a maze's way at least.
    var minimumPathLength: Int?
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
            task: .sudoku, size: 4, givens: 6, trainingPuzzles: 1000, testPuzzles: 500,
            augmentations: 100, steps: 4000),
        DemoPlan(
            task: .sudoku, size: 6, givens: 24, trainingPuzzles: 1000, testPuzzles: 500,
            augmentations: 100, steps: 5000),
        DemoPlan(
            task: .maze, size: 5, minimumPathLength: 3, trainingPuzzles: 20_000, testPuzzles: 500,
            augmentations: 0, steps: 5000),
        DemoPlan(
            task: .grid, size: 6, givens: 28, trainingPuzzles: 1000, testPuzzles: 500,
            augmentations: 15, steps: 4500),
    ]

    /// The settings of the training.
    func configuration(seed: UInt64) -> TrainingConfiguration {
        var configuration = Preset.demo.configuration
        // Neighbours matter more than rows and columns: see the preset for mazes.
        if task != .sudoku { configuration.architecture.positionEncoding = .rope }
        if task == .maze {
            configuration.architecture.puzzleEmbeddingSize = configuration.architecture.hiddenSize
            configuration.architecture.haltExplorationProbability = 1
        }
        // The demonstration measures once, at the end.
        configuration.evaluationInterval = nil
        configuration.seed = seed
        return configuration
    }
}

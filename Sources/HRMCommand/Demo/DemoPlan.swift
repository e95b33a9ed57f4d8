import HRMModel
import HRMTraining

/// The numbers of the demonstration; together with the task's preset and the seed they determine
/// everything.
struct DemoPlan: Sendable, Hashable {
    /// The task.
    var task: DemoTask
    /// The number of rows of a puzzle.
    var size: Int
    /// The number of givens of each puzzle; `nil` for as few as possible.
    var givens: Int?
    /// The number of training puzzles.
    var trainingPuzzles: Int
    /// The number of test puzzles, all different from the training puzzles.
    var testPuzzles: Int
    /// The number of augmentations of each training puzzle.
    var augmentations: Int
    /// The number of training steps.
    var steps: Int

    /// Returns the plan for a task and a size; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - size: The number of rows; `nil` for the task's first plan.
    /// - Returns: The plan.
    static func plan(task: DemoTask, size: Int?) -> DemoPlan? {
        plans.first { $0.task == task && $0.size == size ?? $0.size }
    }

    /// Returns the sizes with plans for a task.
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

    /// Returns the training configuration.
    func configuration(seed: UInt64) -> TrainingConfiguration {
        var configuration =
            switch task {
            case .sudoku: Preset.sudoku(symbols: size)
            case .maze: Preset.mazeTiny.configuration
            case .grid: Preset.grid(symbols: 2)
            }
        // A run of about a thousand steps needs a high learning rate.
        configuration.learningRate = 1e-3
        configuration.muon.learningRate = 0.02
        configuration.averageRate = 0.99
        if task == .maze {
            // Interleaved batches, as in the other presets.
            configuration.interleavedBatches = 16
            configuration.muon.momentum = 0.9
        }
        if task == .sudoku {
            // Half the hidden size suffices for these puzzles, and so does one batch, seen more
            // often.
            configuration.architecture.hiddenSize = 16 * size
            configuration.architecture.expansion = 1.2
            configuration.interleavedBatches = 1
            configuration.muon.momentum = 0.6
        }
        // Fewer segments suffice for these puzzles.
        configuration.architecture.haltMaxSteps = size <= 4 ? 4 : 8
        // The demonstration evaluates once, at the end.
        configuration.evaluationInterval = nil
        configuration.seed = seed
        return configuration
    }
}

import HRMTraining

/// The numbers of the demonstration; together with the preset `demo` and the seed they decide
/// everything about it.
struct DemoPlan: Sendable, Hashable {
    /// Rows of a puzzle.
    var size: Int
    /// Filled-in cells of each puzzle; nil for as few as can be.
    var givens: Int?
    /// Puzzles to learn from.
    var trainingPuzzles: Int
    /// Puzzles to be measured on, all different from those.
    var testPuzzles: Int
    /// Shuffled variations of each training puzzle.
    var augmentations: Int
    /// Steps of training.
    var steps: Int

    /// The plan for a size: 4 or 6; nil for others.
    static func plan(size: Int) -> DemoPlan? { [small, medium].first { $0.size == size } }

    private static let small = DemoPlan(
        size: 4, givens: 6, trainingPuzzles: 1000, testPuzzles: 500, augmentations: 100,
        steps: 4000)
    private static let medium = DemoPlan(
        size: 6, givens: 24, trainingPuzzles: 1000, testPuzzles: 500, augmentations: 100,
        steps: 5000)

    /// The settings of the training.
    func configuration(seed: UInt64) -> TrainingConfiguration {
        var configuration = Preset.demo.configuration
        // The demonstration measures once, at the end.
        configuration.evaluationInterval = nil
        configuration.seed = seed
        return configuration
    }
}

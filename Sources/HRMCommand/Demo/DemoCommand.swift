import ArgumentParser
import Foundation
import HRMFigures
import HRMTensor
import HRMTraining

/// The command `hrm demo`.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Train a small model, evaluate it, and watch it solve a puzzle.",
        discussion: """
            Generates Sudokus, mazes, or binary puzzles as an example of your own ones, trains a \
            small model on them from scratch, evaluates it on puzzles it has never seen, and shows \
            how it solves one of them, step by step. With --task text, a language model learns \
            arithmetic in words. Equal seeds give equal results. No files are \
            kept unless --output is given.
            """)

    @Option(
        help: ArgumentHelp("The kind of puzzle: sudoku, maze, grid or text.", valueName: "name"))
    var task = DemoSubject.puzzles(.sudoku)
    @Option(
        help: ArgumentHelp(
            "Rows of the puzzles: 4 or 6 for Sudokus, 9 for mazes, 6 or 8 for grids.",
            valueName: "rows"))
    var size: Int?
    @Option(help: "Seed of every random choice; equal seeds give equal results.")
    var seed: UInt64 = 0
    @Option(
        help: ArgumentHelp(
            "Training steps, instead of those planned for the size.", valueName: "n"))
    var steps: Int?
    @OptionGroup var workers: WorkerOptions
    @Option(
        help: ArgumentHelp(
            "Keep the run and its data set in this folder; it must not exist.",
            valueName: "folder"))
    var output: String?
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false
    @OptionGroup(visibility: .hidden) var changes: DemoChanges

    func validate() throws {
        guard case .puzzles(let task) = task else {
            if size != nil { throw ValidationError("--size is for puzzles, not for texts") }
            if !changes.settings.isEmpty || changes.augmentations != nil {
                throw ValidationError("--set and --augmentations are for puzzles, not for texts")
            }
            var plan = TextDemonstration.Plan()
            changes.apply(to: &plan)
            guard plan.isPossible else {
                throw ValidationError(
                    "there are fewer problems than --training-puzzles and --test-puzzles")
            }
            return try steps?.require(in: 1...1_000_000_000, "--steps") ?? ()
        }
        if let size, DemoPlan.plan(task: task, size: size) == nil {
            let sizes = DemoPlan.sizes(of: task).map { String($0) }.joined(separator: " or ")
            throw ValidationError("--size is \(size); use \(sizes)")
        }
        try steps?.require(in: 1...1_000_000_000, "--steps")
    }

    func run() throws {
        guard case .puzzles(let task) = task else { return try runText() }
        guard var plan = DemoPlan.plan(task: task, size: size) else { return }
        if let steps { plan.steps = steps }
        changes.apply(to: &plan)
        var configuration = plan.configuration(seed: seed)
        for setting in changes.settings { try configuration.set(setting) }
        let demonstration = Demonstration(
            plan: plan, configuration: configuration, workers: workers.threads,
            output: output.map { URL(fileURLWithPath: $0) }, outputName: output, isJSON: json)
        try demonstration.run()
    }

    private func runText() throws {
        var plan = TextDemonstration.Plan()
        changes.apply(to: &plan)
        let demonstration = TextDemonstration(
            plan: plan, settings: plan.settings(seed: seed, steps: steps),
            workers: workers.threads, output: output.map { URL(fileURLWithPath: $0) },
            outputName: output, isJSON: json)
        try demonstration.run()
    }
}

/// Overrides for tests, for which the whole demonstration takes too long.
struct DemoChanges: ParsableArguments {
    @Option var trainingPuzzles: Int?
    @Option var testPuzzles: Int?
    @Option var augmentations: Int?
    @Option(name: .customLong("set"), parsing: .singleValue)
    var settings: [String] = []

    func validate() throws {
        try trainingPuzzles?.require(in: 1...100_000, "--training-puzzles")
        try testPuzzles?.require(in: 1...100_000, "--test-puzzles")
        try augmentations?.require(in: 0...1000, "--augmentations")
    }

    /// Replaces the plan's numbers by the given ones.
    func apply(to plan: inout DemoPlan) {
        plan.trainingPuzzles = trainingPuzzles ?? plan.trainingPuzzles
        plan.testPuzzles = testPuzzles ?? plan.testPuzzles
        plan.augmentations = augmentations ?? plan.augmentations
    }

    /// Replaces the plan's numbers by the given ones.
    func apply(to plan: inout TextDemonstration.Plan) {
        plan.trainingProblems = trainingPuzzles ?? plan.trainingProblems
        plan.testProblems = testPuzzles ?? plan.testProblems
    }
}

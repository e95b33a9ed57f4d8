import ArgumentParser
import Foundation
import HRMFigures
import HRMTensor

/// `hrm demo`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch a model being trained, measured and solving a puzzle.",
        discussion: """
            Generates Sudokus, trains a small model on them from scratch, measures it on puzzles \
            it has never seen, and shows how it solves one of them, step by step. Equal seeds give \
            equal results. Nothing is left on the disk unless --output is given.
            """)

    @Option(help: ArgumentHelp("Rows of the puzzles: 4 or 6.", valueName: "rows"))
    var size = 4
    @Option(help: "Seed of every random choice; equal seeds give equal results.")
    var seed: UInt64 = 0
    @Option(
        help: ArgumentHelp(
            "Steps of training, instead of those planned for the size.", valueName: "n"))
    var steps: Int?
    @OptionGroup var workers: WorkerOptions
    @Option(
        help: ArgumentHelp(
            "Keep the run and its data set in this folder; it must not exist.",
            valueName: "folder"))
    var output: String?
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        guard DemoPlan.plan(size: size) != nil else {
            throw ValidationError("--size is \(size); use 4 or 6")
        }
        try steps?.require(in: 1...1_000_000_000, "--steps")
    }

    func run() throws {
        guard var plan = DemoPlan.plan(size: size) else { return }
        if let steps { plan.steps = steps }
        let demonstration = Demonstration(
            plan: plan, seed: seed, workers: workers.threads,
            output: output.map { URL(fileURLWithPath: $0) }, outputName: output, isJSON: json)
        try demonstration.run()
    }
}

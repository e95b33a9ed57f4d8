import ArgumentParser
import Foundation
import HRMData
import HRMTensor

/// The options of `hrm evaluate` for ARC tasks that are learned by themselves.
struct TaskSetOptions: ParsableArguments {
    @Option(
        name: .customLong("arc"),
        help: ArgumentHelp(
            "Evaluate on the ARC tasks of a folder or a file, each learned by itself, without a "
                + "model.",
            valueName: "folder"))
    var sources: [String] = []
    @Option(
        help: ArgumentHelp(
            "The folder for the results of --arc; the same command goes on with what is in it.",
            valueName: "folder"))
    var output: String?
    @Option(
        help: ArgumentHelp("Use only these tasks, separated by commas.", valueName: "names"))
    var tasks: String?
    @Option(
        help: ArgumentHelp(
            "Use only tasks whose canvas has at most n rows and n columns.", valueName: "n"))
    var largestSide: Int?
    @Option(
        help: ArgumentHelp(
            "Use only n of the tasks, chosen by --seed.", valueName: "n"))
    var sample: Int?
    @Option(
        help: ArgumentHelp(
            "Store the state of each unfinished task every n steps (default: 100).",
            valueName: "n"))
    var checkpointSteps: Int?

    func validate() throws {
        try largestSide?.require(in: 1...ARCTask.largestSide, "--largest-side")
        try sample?.require(in: 1...1_000_000, "--sample")
        try checkpointSteps?.require(in: 1...10_000_000, "--checkpoint-steps")
    }

    /// The names of the options that are given, `--arc` excepted.
    var given: [String] {
        [
            (output != nil, "--output"), (tasks != nil, "--tasks"),
            (largestSide != nil, "--largest-side"), (sample != nil, "--sample"),
            (checkpointSteps != nil, "--checkpoint-steps"),
        ].filter(\.0).map(\.1)
    }
}

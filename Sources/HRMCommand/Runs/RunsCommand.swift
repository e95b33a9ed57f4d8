import ArgumentParser
import Foundation
import HRMFiles
import HRMTraining

/// The command `hrm runs`.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs below a folder.",
        discussion: """
            A run is a folder written by 'hrm train', at any depth. A run in the state 'running' \
            without a training process on this machine was probably killed and is listed as \
            'stopped?'. Exact is the best share of test puzzles with every cell correct, and the \
            step of that evaluation.
            """)

    @Argument(help: ArgumentHelp("The folder to search."))
    var folder = "."
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func run() throws {
        let runs = try RunSearch.runs(below: URL(fileURLWithPath: folder))
        let now = Date()
        if json {
            try Console.print(RunsJSON.value(of: runs, folder: folder, at: now).line())
        } else if runs.isEmpty {
            try Console.print("There is no run below \(folder).")
        } else {
            try Console.print(RunsText.text(of: runs, at: now), terminator: "")
        }
    }
}

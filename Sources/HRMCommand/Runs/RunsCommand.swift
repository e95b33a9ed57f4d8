import ArgumentParser
import Foundation
import HRMTraining

/// The command `hrm runs`.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs below a folder.",
        discussion: """
            A run is a folder that 'hrm train' wrote, however deep it lies. One that says it is \
            running while no process of this machine trains in it was probably ended from outside \
            and is listed as 'stopped?'. Exact is the best share of test puzzles with every cell right, \
            and the step after which it was measured.
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

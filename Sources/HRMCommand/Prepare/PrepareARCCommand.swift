public import ArgumentParser
import Foundation
public import HRMData
import HRMFigures
import HRMTensor
import HRMTraining

extension ARCDatasetBuilder.HeldOut: ExpressibleByArgument {}

/// The command `hrm prepare arc`.
struct PrepareARCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arc",
        abstract: "Build a data set of ARC tasks from their JSON files.",
        discussion: """
            A source is a folder with a JSON file a task, in folders of folders as they come, or \
            one with the competition's files …_challenges.json and …_solutions.json, or one such \
            file. Tasks in a folder named 'evaluation', or in a file named \
            …evaluation_challenges.json or …test_challenges.json, are evaluation tasks.

            Demonstrations of all tasks are trained on. The test pairs that --test names are kept \
            for measuring, those of the other tasks are trained on, too: of the evaluation tasks \
            unless told otherwise, and where there are none, of all tasks.

            Each task gets variations in other colours, turned and mirrored, with names such as \
            007bbfb7_t3_0194283576. Two tasks are near-duplicates when a pair of one is such a \
            variation of a pair of the other.

              hrm prepare arc --source arc-agi-1/data --source conceptarc/corpus --output data
              hrm prepare arc --source mini-arc/data --canvas 5 --augmentations 100 --output data
            """)

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp(
            "A folder or file of tasks; can be given again.", valueName: "path"))
    var sources: [String]
    @Option(help: ArgumentHelp("Variations of each task.", valueName: "n"))
    var augmentations = 1000
    @Option(
        help: ArgumentHelp(
            "What joins the parts of a variation's name: '_' as in HRM's files, '|||' as in TRM's.",
            valueName: "text"))
    var nameSeparator = ARCAugmentation.defaultSeparator
    @Option(
        help: ArgumentHelp(
            "Rows and columns that all grids are padded to; tasks with larger ones are left out.",
            valueName: "n"))
    var canvas = ARCTask.largestSide
    @Option(
        name: .customLong("test"),
        help: ArgumentHelp(
            "Whose test pairs are measured on: of 'evaluation' tasks, of 'all' or of 'none'.",
            valueName: "tasks"))
    var heldOut: ARCDatasetBuilder.HeldOut?
    @Flag(
        help: "Leave out tasks that are near-duplicates of a task that is measured on.")
    var excludeNearDuplicates = false
    @Option(
        help: ArgumentHelp(
            "Threads; as many as there are processors unless given. Their number changes no bit.",
            valueName: "n"))
    var workers: Int?
    @OptionGroup var preparation: PreparationOptions

    func validate() throws {
        guard !sources.isEmpty else { throw ValidationError("say where the tasks are: --source") }
        try augmentations.require(in: 0...10_000, "--augmentations")
        try canvas.require(in: 1...ARCTask.largestSide, "--canvas")
        try workers?.require(in: 1...1024, "--workers")
        guard ARCAugmentation.isUsable(separator: nameSeparator) else {
            throw ValidationError(
                "--name-separator is '\(nameSeparator)'; use 1 to 8 of the characters between "
                    + "which no letter, digit or space is, such as _ or |||")
        }
    }

    func run() throws {
        let folder = try preparation.folder()
        let tasks = try ARCTaskCollection(sources: sources.map { URL(fileURLWithPath: $0) })
        let builder = ARCDatasetBuilder(
            augmentations: augmentations, separator: nameSeparator,
            canvas: ARCCanvas(size: canvas), heldOut: heldOut,
            excludesNearDuplicates: excludeNearDuplicates,
            workers: workers ?? Workers.available.count)
        var progress = ProgressDisplay()
        let seed = preparation.seed
        let report = try builder.build(
            tasks, output: folder,
            generator: { SeededGenerator(seed: seed, stream: RandomStream.task($0)) },
            progress: { done, count in
                progress.show { _ in
                    ProgressBar(fraction: Double(done) / Double(count), step: done)
                }
            })
        progress.clear()
        for line in lines(of: report) { try Console.print(line) }
        for note in notes(on: report) { Console.tell("Note: \(note)") }
    }

    private func lines(of report: ARCDatasetBuilder.Report) -> [String] {
        func line(_ name: String, _ split: ARCDatasetBuilder.Report.Split) -> String {
            "\(preparation.output)/\(name): \(Self.count(split.groups, "task")), "
                + "\(NumberText.grouped(split.puzzles)) with variations, "
                + Self.count(split.examples, "pair")
        }
        return [line("train", report.training)]
            + (report.heldOut == .none ? [] : [line("test", report.test)])
    }

    private func notes(on report: ARCDatasetBuilder.Report) -> [String] {
        var notes: [String] = []
        if report.heldOut == .all, heldOut == nil {
            notes.append("there are no evaluation tasks, so the test pairs of all are kept apart")
        }
        if report.tooLarge > 0 {
            notes.append(
                "left out, as larger than \(canvas)×\(canvas): "
                    + Self.count(report.tooLarge, "task"))
        }
        if report.incompleteGroups > 0 {
            notes.append(
                "with fewer than \(NumberText.grouped(augmentations)) different variations: "
                    + Self.count(report.incompleteGroups, "task"))
        }
        if report.unanswered > 0 {
            notes.append(
                "without an answer, so they count in a submission alone: "
                    + Self.count(report.unanswered, "test input"))
        }
        return notes + duplicateNotes(on: report)
    }

    private func duplicateNotes(on report: ARCDatasetBuilder.Report) -> [String] {
        let found = report.nearDuplicates
        guard !found.isEmpty else { return [] }
        var notes = found.prefix(Self.duplicatesShown).map {
            "near-duplicates: \($0.other) and \($0.measured), which is measured on"
        }
        if found.count > Self.duplicatesShown {
            notes.append("near-duplicates in all: \(NumberText.grouped(found.count))")
        }
        notes.append(
            report.excluded > 0
                ? "left out, as near-duplicates: \(Self.count(report.excluded, "task"))"
                : "--exclude-near-duplicates leaves the first of each two out")
        return notes
    }

    private static let duplicatesShown = 20

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberText.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

public import ArgumentParser
import Foundation
public import HRMData
import HRMFigures
import HRMFiles
import HRMTensor
import HRMTraining

extension ARCDatasetBuilder.HeldOut: ExpressibleByArgument {}

/// The command `hrm prepare arc`.
struct PrepareARCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arc",
        abstract: "Build a data set of ARC tasks from their JSON files.",
        discussion: """
            A source is a folder or a file. The kind of a JSON file is determined by its content, \
            not its name: a task; an object of many tasks, whose answers may be in a file beside \
            it that is named 'solutions' instead of 'challenges'; or a list of pairs, which become \
            the demonstrations of a task with the file's name. A task that occurs again with the \
            same pairs is used once.

            The demonstrations of all tasks are training data. The test pairs of evaluation tasks \
            are held out for evaluation, those of the other tasks are training data as well; \
            without evaluation tasks, the test pairs of all tasks are held out. Evaluation tasks \
            are those in a folder or file whose name contains a word such as evaluation, \
            evaluation2, eval, validation or test, unless --evaluation names others: by a path, \
            which has a '/', or by a name, which selects every folder and file of that name. A name \
            is refused if it matches a folder and also something inside it that does not contain \
            all of its tasks; write a path, such as ./data or data/data. A line for each source \
            states its use.

            Each task gets augmentations with permuted colours, rotated and flipped, with names \
            such as 007bbfb7_t3_0194283576. Two tasks are near-duplicates if a pair of one is an \
            augmentation of a pair of the other.

              hrm prepare arc --source arc-agi-1/data --source conceptarc/corpus --output data
              hrm prepare arc --source combined --evaluation evaluation2 --output data
              hrm prepare arc --source mini-arc/data --canvas 5 --augmentations 100 --output data
            """)

    @Option(
        name: .customLong("source"), parsing: .singleValue,
        help: ArgumentHelp(
            "A folder or file of tasks; can be repeated.", valueName: "path"))
    var sources: [String]
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A source of evaluation tasks, or a folder or file in one, by path, name or the "
                + "last part of the name, such as evaluation2; can be repeated. By default "
                + "determined by the names.",
            valueName: "name"))
    var evaluation: [String] = []
    @Option(
        help: ArgumentHelp(
            "Use only these tasks: names separated by commas.", valueName: "names"))
    var tasks: String?
    @Option(help: ArgumentHelp("Augmentations of each task.", valueName: "n"))
    var augmentations = 1000
    @Option(
        help: ArgumentHelp(
            "The separator in the names of augmented tasks: '_' as in HRM's files, '|||' as "
                + "in TRM's.",
            valueName: "text"))
    var nameSeparator = ARCAugmentation.defaultSeparator
    @Option(
        help: ArgumentHelp(
            "Rows and columns of the canvas of all grids; tasks with larger grids are left "
                + "out.",
            valueName: "n"))
    var canvas = ARCTask.largestSide
    @Option(
        name: .customLong("test"),
        help: ArgumentHelp(
            "The tasks whose test pairs are held out: 'evaluation', 'all' or 'none'.",
            valueName: "tasks"))
    var heldOut: ARCDatasetBuilder.HeldOut?
    @Flag(
        help: "Leave out tasks that are near-duplicates of an evaluation task.")
    var excludeNearDuplicates = false
    @Option(
        help: ArgumentHelp(
            "Number of threads; by default one for each processor. It does not affect the "
                + "result.",
            valueName: "n"))
    var workers: Int?
    @OptionGroup var preparation: PreparationOptions

    func validate() throws {
        guard !sources.isEmpty else { throw ValidationError("say where the tasks are: --source") }
        guard evaluation.isEmpty || heldOut ?? .evaluation == .evaluation else {
            throw ValidationError(
                "--evaluation names the tasks to measure on, --test all and --test none do, too; "
                    + "use one of them")
        }
        guard tasks == nil || !chosenTasks.isEmpty else {
            throw ValidationError("--tasks has no name; write names with commas between")
        }
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
        var collection = try ARCTaskCollection(
            sources: sources.map { URL(fileURLWithPath: $0) },
            evaluation: evaluation.isEmpty ? nil : evaluation)
        if tasks != nil { try collection.keep(only: chosenTasks) }
        let builder = ARCDatasetBuilder(
            augmentations: augmentations, separator: nameSeparator,
            canvas: ARCCanvas(size: canvas), heldOut: heldOut,
            excludesNearDuplicates: excludeNearDuplicates,
            workers: workers ?? Workers.available.count)
        var progress = ProgressDisplay()
        let seed = preparation.seed
        let report = try builder.build(
            collection, output: folder,
            generator: { SeededGenerator(seed: seed, stream: RandomStream.task($0)) },
            progress: { done, count in
                progress.show { _ in
                    ProgressBar(fraction: Double(done) / Double(count), step: done)
                }
            })
        progress.clear()
        let lines = ARCSourceText.lines(of: collection, heldOut: report.heldOut)
        for line in lines + self.lines(of: report) { try Console.print(line) }
        let notes = ARCSourceText.notes(on: collection, heldOut: report.heldOut)
        for note in notes + self.notes(on: report) { Console.tell("Note: \(note)") }
    }

    /// The names listed in `--tasks`.
    private var chosenTasks: [String] {
        (tasks ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func lines(of report: ARCDatasetBuilder.Report) -> [String] {
        func line(_ name: String, _ split: ARCDatasetBuilder.Report.Split) -> String {
            "\(preparation.output)/\(name): \(split.groups.grouped("task")), "
                + "\(NumberText.grouped(split.puzzles)) with variations, "
                + split.examples.grouped("pair")
        }
        return [line("train", report.training)]
            + (report.heldOut == .none ? [] : [line("test", report.test)])
    }

    private func notes(on report: ARCDatasetBuilder.Report) -> [String] {
        var notes: [String] = []
        if report.heldOut == .all, heldOut == nil {
            notes.append("there are no evaluation tasks, so the test pairs of all are kept apart")
        }
        if report.heldOut == .none, heldOut == nil {
            notes.append(
                "the tasks have no test pairs, so there is no test split and nothing to measure on; "
                    + "name a source with such pairs, too")
        }
        if report.tooLarge > 0 {
            notes.append(
                "left out, as larger than \(canvas)×\(canvas): "
                    + report.tooLarge.grouped("task"))
        }
        if report.incompleteGroups > 0 {
            notes.append(
                "with fewer than \(augmentations.grouped("different variation")): "
                    + report.incompleteGroups.grouped("task"))
        }
        if report.unanswered > 0 {
            notes.append(
                "without an answer, so they count in a submission alone: "
                    + report.unanswered.grouped("test input"))
        }
        return notes + duplicateNotes(on: report)
    }

    private func duplicateNotes(on report: ARCDatasetBuilder.Report) -> [String] {
        let found = report.nearDuplicates
        guard !found.isEmpty else { return [] }
        var notes = found.prefix(Self.duplicatesShown).map {
            "near-duplicates: \($0.other.printable) and \($0.measured.printable), which is measured on"
        }
        if found.count > Self.duplicatesShown {
            notes.append("near-duplicates in all: \(NumberText.grouped(found.count))")
        }
        notes.append(
            report.excluded > 0
                ? "left out, as near-duplicates: \(report.excluded.grouped("task"))"
                : "--exclude-near-duplicates leaves the first of each two out")
        return notes
    }

    private static let duplicatesShown = 20
}

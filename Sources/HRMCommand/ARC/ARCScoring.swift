public import ArgumentParser
import Foundation
public import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

extension ARCScoringRule: ExpressibleByArgument {}

/// The options of `hrm evaluate` for ARC tasks.
struct ARCScoringOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rule whose pass@k comes first in --json: 'hrm' (whole tasks), 'trm' (mean of "
                + "the share of each task's test inputs) or 'kaggle' (share of all test inputs, as "
                + "scored by the competition). All three are printed.",
            valueName: "rule"))
    var rule = ARCScoringRule.hrm
    @Option(
        help: ArgumentHelp(
            "The file for two attempts at each ARC test input; by default submission.json "
                + "beside the weights. With --limit, attempts are written only if this option is "
                + "given.",
            valueName: "file"))
    var submission: String?

    /// Returns the ARC scoring of a split beside the usual metrics; `nil` if it is not a test split
    /// of ARC tasks.
    ///
    /// - Parameters:
    ///   - dataset: The split.
    ///   - data: Its data folder.
    ///   - split: Its name.
    ///   - checkpoint: The evaluated model.
    ///   - isLimited: True if only some of the puzzles are evaluated.
    /// - Returns: An empty vote.
    /// - Throws: An error with the problem of the folder.
    func scoring(
        _ dataset: PuzzleDataset, of data: String, split: String, checkpoint: String,
        isLimited: Bool
    ) throws -> ARCScoring? {
        let tasks: [ARCTask]
        switch try Self.tasks(of: dataset, in: data, split: split) {
        case .known(let known): tasks = known
        case .unknown(let reason):
            guard submission == nil else {
                throw CommandError(
                    "there is nothing to submit: "
                        + (reason ?? "\(data) has no \(ARCTestPuzzles.fileName) for the split "
                            + "'\(split)'; use the test split of ARC tasks"))
            }
            if let reason { Console.tell("Note: no pass@k is measured: \(reason)") }
            guard dataset.hasCountedLabels else {
                throw CommandError(
                    "nothing can be measured on the split '\(split)' of \(data): every label is the "
                        + "ignored one, ignore_label_id in dataset.json; correct it, or build the "
                        + "data set again")
            }
            return nil
        }
        guard let canvas = ARCCanvas(sequenceLength: dataset.metadata.sequenceLength),
            let names = dataset.identifiers
        else {
            throw CommandError(
                "\(data) has \(ARCTestPuzzles.fileName), but no identifiers.json or no square "
                    + "grids; build it again with 'hrm prepare arc'")
        }
        let nameSet = Set(names)
        if let stranger = tasks.first(where: { !nameSet.contains($0.name) }) {
            throw CommandError(
                "\(data) has the task \(stranger.name.printable) in \(ARCTestPuzzles.fileName), which "
                    + "identifiers.json does not name; the two files belong to different data sets")
        }
        let folder = Self.folder(of: checkpoint)
        let known = folder.appendingPathComponent(PuzzleDataset.identifiersFileName)
        if FileManager.default.fileExists(atPath: known.path),
            try PuzzleDataset.identifiers(contentsOf: known) != names
        {
            throw CommandError(
                "\(checkpoint) was trained on other tasks, or in another order, than \(data) has: "
                    + "their identifiers.json differ; use the data folder it was trained on")
        }
        var url = submission.map { URL(fileURLWithPath: $0) }
        if url == nil, !isLimited { url = folder.appendingPathComponent("submission.json") }
        if let url {
            do {
                // Checked before hours of work.
                try AtomicFile.check(url)
            } catch {
                throw CommandError("\(error); say where with --submission")
            }
        }
        return ARCScoring(
            names: names, vote: ARCVote(tasks: tasks, canvas: canvas), rule: rule,
            submission: url, onlyAnswered: isLimited)
    }

    /// The tasks of a split, if known.
    private enum Tasks {
        case known([ARCTask])
        /// The tasks are unknown; the reason, if it is a split of ARC tasks.
        case unknown(reason: String?)
    }

    /// Returns the tasks from their file, or derived from names and arrays.
    private static func tasks(
        of dataset: PuzzleDataset, in data: String, split: String
    ) throws -> Tasks {
        guard split == "test" else { return .unknown(reason: nil) }
        if let puzzles = try ARCTestPuzzles(dataFolder: URL(fileURLWithPath: data)) {
            return .known(puzzles.tasks)
        }
        guard hasARCTokens(dataset) else { return .unknown(reason: nil) }
        do throws(ARCDerivationError) {
            let tasks = try ARCTestPuzzles(deriving: dataset).tasks
            Console.tell(
                "Note: \(data) has no \(ARCTestPuzzles.fileName), so its "
                    + "\(tasks.count.grouped("test task was", "test tasks were")) told from the names in "
                    + "identifiers.json and the arrays")
            return .known(tasks)
        } catch {
            return .unknown(
                reason: "\(data) has no \(ARCTestPuzzles.fileName), and \(error)")
        }
    }

    /// True if a split can only be one of ARC tasks.
    static func hasARCTokens(_ dataset: PuzzleDataset) -> Bool {
        dataset.task == nil && dataset.metadata.vocabularySize == ARCCanvas.vocabularySize
            && ARCCanvas(sequenceLength: dataset.metadata.sequenceLength) != nil
    }

    /// Returns the run folder, or the folder of the weights file.
    static func folder(of checkpoint: String) -> URL {
        let url = URL(fileURLWithPath: checkpoint)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? url : url.deletingLastPathComponent()
    }
}

/// The vote over a test split of ARC tasks, and its output.
struct ARCScoring {
    /// The name of each puzzle identifier.
    let names: [String]
    private(set) var vote: ARCVote
    let rule: ARCScoringRule
    /// The submission file.
    let submission: URL?
    /// True to leave out tasks without answers, because only some of the puzzles are evaluated.
    let onlyAnswered: Bool

    init(
        names: [String], vote: ARCVote, rule: ARCScoringRule, submission: URL?, onlyAnswered: Bool
    ) {
        self.names = names
        self.vote = vote
        self.rule = rule
        self.submission = submission
        self.onlyAnswered = onlyAnswered
    }

    /// Adds an answer.
    mutating func add(_ prediction: Evaluator.Prediction) {
        vote.add(
            name: names[Int(prediction.puzzleIdentifier)], input: Array(prediction.inputs),
            answer: prediction.tokens, qHalt: prediction.qHalt)
    }

    private func score(_ rule: ARCScoringRule) -> ARCScore {
        vote.score(rule: rule, onlyAnswered: onlyAnswered)
    }

    /// A table with one row per number of attempts and one column per rule.
    var table: String {
        let scores = ARCScoringRule.allCases.map(score)
        guard let first = scores.first, first.taskCount > 0 else {
            return "pass@k: the answers of no task are known, so nothing is measured\n"
        }
        var table = Table(
            columns: [.init("metric")]
                + scores.map { .init("\($0.rule.measure) (\($0.rule.rawValue))", .right) })
        for (index, attempts) in first.attempts.enumerated() {
            table.append(
                ["pass@\(attempts)"]
                    + scores.map { NumberText.fixed($0.passRates[index], digits: 4) })
        }
        table.append(["of"] + scores.map(Self.total))
        return table.text
    }

    private static func total(of score: ARCScore) -> String {
        let noun = score.rule == .kaggle ? "test input" : "task"
        return score.total.grouped(noun)
    }

    /// The `--json` value: the rates of the selected rule, and those of every rule by name.
    var members: JSONValue {
        func rates(_ score: ARCScore) -> [String: JSONValue] {
            Dictionary(
                uniqueKeysWithValues: zip(score.attempts, score.passRates).map {
                    ("pass@\($0)", .number($1))
                })
        }
        let chosen = score(rule)
        var members = rates(chosen)
        members["rule"] = .text(rule.rawValue)
        members["rules"] = .object(
            Dictionary(
                uniqueKeysWithValues: ARCScoringRule.allCases.map {
                    ($0.rawValue, .object(rates(score($0))))
                }))
        members["tasks"] = .integer(chosen.taskCount)
        members["test_inputs"] = .integer(chosen.testCount)
        members["submission"] = submission.map { .text($0.path) } ?? .null
        return .object(members)
    }

    /// Returns test inputs of tasks spread over the split with the best candidates, one per row.
    func pictures(_ count: Int) -> [[PictureSheet.Panel]] {
        let asked = vote.tasks.indices.filter { vote.hasAnswers(task: $0) || !onlyAnswered }
        let rows = spread(count, over: asked.count).flatMap {
            ARCPictures.answers(of: vote, task: asked[$0])
        }
        return Array(rows.prefix(count))
    }

    /// Writes the two best candidates of each test input.
    func writeSubmission() throws {
        guard let submission else { return }
        try AtomicFile.write(Data(ARCSubmission(vote).jsonText.utf8), to: submission)
        Console.tell("Two attempts at each test input are in \(submission.path)")
    }
}

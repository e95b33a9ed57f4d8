public import ArgumentParser
import Foundation
public import HRMData
import HRMFigures
import HRMTraining

extension ARCScoringRule: ExpressibleByArgument {}

/// What `hrm evaluate` can be told about ARC tasks.
struct ARCScoringOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "When an ARC task counts: 'hrm', when all its test inputs are solved, or 'trm', by the "
                + "share that is.",
            valueName: "rule"))
    var rule = ARCScoringRule.hrm
    @Option(
        help: ArgumentHelp(
            "Where two attempts at each ARC test input are written; submission.json beside the "
                + "weights unless given. With --limit they are written only where this says.",
            valueName: "file"))
    var submission: String?

    /// How a split is scored beside the usual metrics; `nil` when it is not the test split of ARC
    /// tasks.
    ///
    /// - Parameters:
    ///   - dataset: The split.
    ///   - data: Its data folder.
    ///   - split: Its name.
    ///   - checkpoint: The model that is measured.
    ///   - isLimited: Whether only some puzzles are used.
    /// - Returns: A vote to be filled.
    /// - Throws: An error that names what is wrong with the folder.
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
            return nil
        }
        guard let canvas = ARCCanvas(sequenceLength: dataset.metadata.sequenceLength),
            let names = dataset.identifiers
        else {
            throw CommandError(
                "\(data) has \(ARCTestPuzzles.fileName), but no identifiers.json or no square "
                    + "grids; build it again with 'hrm prepare arc'")
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
                // Said before hours of work.
                try AtomicFile.check(url)
            } catch {
                throw CommandError("\(error); say where with --submission")
            }
        }
        return ARCScoring(
            names: names, vote: ARCVote(tasks: tasks, canvas: canvas), rule: rule,
            submission: url, onlyAnswered: isLimited)
    }

    /// What is known of the tasks behind a split.
    private enum Tasks {
        case known([ARCTask])
        /// They are not; why, if the split is one of ARC tasks.
        case unknown(reason: String?)
    }

    /// The tasks as their file has them, or as names and arrays tell.
    private static func tasks(
        of dataset: PuzzleDataset, in data: String, split: String
    ) throws -> Tasks {
        guard split == "test" else { return .unknown(reason: nil) }
        if let puzzles = try ARCTestPuzzles(dataFolder: URL(fileURLWithPath: data)) {
            return .known(puzzles.tasks)
        }
        let hasARCTokens =
            dataset.task == nil && dataset.metadata.vocabularySize == ARCCanvas.vocabularySize
            && ARCCanvas(sequenceLength: dataset.metadata.sequenceLength) != nil
        guard hasARCTokens else { return .unknown(reason: nil) }
        do throws(ARCDerivationError) {
            let tasks = try ARCTestPuzzles(deriving: dataset).tasks
            Console.tell(
                "Note: \(data) has no \(ARCTestPuzzles.fileName), so its "
                    + "\(NumberText.grouped(tasks.count)) test tasks were told from the names in "
                    + "identifiers.json and the arrays")
            return .known(tasks)
        } catch {
            return .unknown(
                reason: "\(data) has no \(ARCTestPuzzles.fileName), and \(error)")
        }
    }

    /// The run folder, or the folder that the weights are in.
    static func folder(of checkpoint: String) -> URL {
        let url = URL(fileURLWithPath: checkpoint)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? url : url.deletingLastPathComponent()
    }
}

/// The vote over a test split of ARC tasks, and what is said about it.
struct ARCScoring {
    /// The name of each puzzle identifier.
    let names: [String]
    private(set) var vote: ARCVote
    let rule: ARCScoringRule
    /// Where the attempts are written.
    let submission: URL?
    /// Whether tasks without answers do not count, because not all puzzles were used.
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

    /// Counts an answer.
    mutating func add(_ prediction: Evaluator.Prediction) {
        vote.add(
            name: names[Int(prediction.puzzleIdentifier)], input: Array(prediction.inputs),
            answer: prediction.tokens, qHalt: prediction.qHalt)
    }

    private var score: ARCScore { vote.score(rule: rule, onlyAnswered: onlyAnswered) }

    /// A table with a number of attempts a row.
    var table: String {
        let score = score
        let tasks = "\(NumberText.grouped(score.taskCount)) tasks"
        var table = Table(columns: [.init("metric"), .init("value", .right), .init("")])
        for (index, attempts) in score.attempts.enumerated() {
            let solved = score.solved[index]
            let count =
                solved == solved.rounded()
                ? NumberText.grouped(Int(solved)) : NumberText.fixed(solved, digits: 2)
            table.append([
                "pass@\(attempts)", NumberText.fixed(score.passRates[index], digits: 4),
                "\(count) of \(tasks)",
            ])
        }
        return table.text
    }

    /// What `--json` prints.
    var members: JSONValue {
        let score = score
        let rates = zip(score.attempts, score.passRates).map {
            ("pass@\($0)", JSONValue.number($1))
        }
        var members = Dictionary(uniqueKeysWithValues: rates)
        members["rule"] = .text(rule.rawValue)
        members["tasks"] = .integer(score.taskCount)
        members["submission"] = submission.map { .text($0.path) } ?? .null
        return .object(members)
    }

    /// Test inputs of tasks that are far apart, with the best candidates; a row each.
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

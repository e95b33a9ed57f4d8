public import Foundation
public import HRMData

/// The vote and the scores on a test split of ARC tasks.
///
/// The answers come from an evaluator:
///
/// ```swift
/// let dataset = try PuzzleDataset(folder: dataFolder, split: "test")
/// var scoring = try ARCScoring(dataset, in: dataFolder)
/// _ = try Evaluator(model: model).evaluate(dataset, onPrediction: { scoring.add($0) })
/// print(scoring.score(.kaggle).passRates)
/// print(ARCSubmission(scoring.vote).jsonText)
/// ```
public struct ARCScoring: Sendable {
    /// The answers so far.
    public private(set) var vote: ARCVote
    /// True if the tasks are not from a file, but derived from names and arrays.
    public let tasksAreDerived: Bool
    /// True to leave tasks without any answer out of the scores, for evaluations of a part of the
    /// split.
    public let onlyAnswered: Bool
    /// The name of each puzzle identifier.
    private let names: [String]

    /// Creates a scoring without answers.
    ///
    /// - Parameters:
    ///   - dataset: The test split.
    ///   - folder: Its data folder, with the tasks in `test_puzzles.json`; without that file, they are
    ///     derived from names and arrays.
    ///   - checkpoint: The run folder or weights file of the model. If there is an `identifiers.json`
    ///     beside the weights, it must have the data set's names. Nil to omit this check.
    ///   - onlyAnswered: True to leave tasks without any answer out of the scores.
    /// - Throws: ``ARCScoringError`` if the split does not hold ARC tasks, or does not fit the model;
    ///   `ARCTaskError` or `DatasetError` if a file is damaged.
    public init(
        _ dataset: PuzzleDataset, in folder: URL, checkpoint: URL? = nil,
        onlyAnswered: Bool = false
    ) throws {
        let folderName = folder.relativePath
        let fromFile = try ARCTestPuzzles(dataFolder: folder)
        tasksAreDerived = fromFile == nil
        let tasks = try fromFile?.tasks ?? Self.derivedTasks(of: dataset, folder: folderName)
        guard let canvas = ARCCanvas(sequenceLength: dataset.metadata.sequenceLength),
            let names = dataset.identifiers
        else { throw ARCScoringError.noGrids(folder: folderName) }
        let nameSet = Set(names)
        if let stranger = tasks.first(where: { !nameSet.contains($0.name) }) {
            throw ARCScoringError.unnamedTask(folder: folderName, name: stranger.name)
        }
        if let checkpoint {
            let known = ModelFile.folder(of: checkpoint)
                .appendingPathComponent(PuzzleDataset.identifiersFileName)
            if FileManager.default.fileExists(atPath: known.path),
                try PuzzleDataset.identifiers(contentsOf: known) != names
            {
                throw ARCScoringError.otherNames(
                    checkpoint: checkpoint.relativePath, folder: folderName)
            }
        }
        self.names = names
        self.onlyAnswered = onlyAnswered
        vote = ARCVote(tasks: tasks, canvas: canvas)
    }

    private static func derivedTasks(
        of dataset: PuzzleDataset, folder: String
    ) throws(ARCScoringError) -> [ARCTask] {
        guard dataset.hasARCTokens else { throw .noTasks(folder: folder) }
        do throws(ARCDerivationError) {
            return try ARCTestPuzzles(deriving: dataset).tasks
        } catch {
            throw .unknownTasks(folder: folder, error)
        }
    }

    /// Adds an answer to one of the split's puzzles.
    public mutating func add(_ prediction: Evaluator.Prediction) {
        vote.add(prediction, names: names)
    }

    /// Returns the score by a rule.
    ///
    /// - Parameters:
    ///   - rule: The scoring rule.
    ///   - attempts: The numbers of attempts at each test input.
    /// - Returns: The score over the tasks with known answers.
    public func score(
        _ rule: ARCScoringRule, attempts: [Int] = ARCScore.reportedAttempts
    ) -> ARCScore {
        vote.score(rule: rule, attempts: attempts, onlyAnswered: onlyAnswered)
    }
}

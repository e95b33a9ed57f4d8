public import Foundation
public import HRMData
public import HRMEngine
import HRMModel
public import HRMTensor

/// Solves ARC tasks whose demonstrations are in the model's training set.
///
/// The model answers each test input in several augmentations, and each answer is a vote:
///
/// ```swift
/// let solver = try ARCSolver(contentsOf: runFolder)
/// let vote = try solver.solve(task)
/// for answer in vote.answers(toTask: 0) {
///     for attempt in answer.attempts {
///         print(attempt.grid, attempt.votes, attempt.meanConfidence)
///     }
/// }
/// ```
///
/// `ARCVote.score(rule:)` scores the vote where the answers are known, and `ARCSubmission` has the text
/// of a submission. Solving occupies the calling thread, so an app calls it from a thread of its own.
public struct ARCSolver: Sendable {
    /// The default number of augmentations that vote on a task.
    public static let defaultVotes = 32

    /// The model.
    public let model: HierarchicalReasoningModel
    /// The canvas of the model's grids.
    public let canvas: ARCCanvas
    /// The plan for each augmentation.
    public private(set) var plan: InferenceOptions

    /// The name of each puzzle identifier of the model.
    private let names: [String]
    private let votes: Int
    private let workers: Workers
    /// The devices; nil for this machine's processors.
    package var engines: (any EngineProvider)?

    /// Creates a solver with a model in memory.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - names: The name of each of its puzzle identifiers, `PuzzleDataset.identifiers` of its
    ///     training data.
    ///   - votes: The maximum number of augmentations that vote on a task, including the unaugmented
    ///     one; limited by those in the training data.
    ///   - plan: The plan for each augmentation; `InferenceOptions.asTrained(_:)` if nil. Its `votes`
    ///     are ignored, since augmentations vote.
    ///   - workers: The worker threads.
    /// - Throws: ``ARCSolverError`` if the model is not for ARC tasks, or the names are not its own.
    /// - Precondition: `votes >= 1`.
    public init(
        _ model: HierarchicalReasoningModel, names: [String], votes: Int = defaultVotes,
        plan: InferenceOptions? = nil, workers: Workers = .available
    ) throws(ARCSolverError) {
        try self.init(
            model, on: Self.canvas(of: model), names: names, path: nil, votes: votes, plan: plan,
            workers: workers)
    }

    /// Creates a solver with a model in memory, and the names from a folder.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - folder: The run folder, or the data folder of the model's training.
    ///   - votes: The maximum number of augmentations that vote on a task.
    ///   - plan: The plan for each augmentation; `InferenceOptions.asTrained(_:)` if nil.
    ///   - workers: The worker threads.
    /// - Throws: ``ARCSolverError`` if the model is not for ARC tasks, or the names are missing or not
    ///   its own; `DatasetError` if their file is damaged.
    /// - Precondition: `votes >= 1`.
    public init(
        _ model: HierarchicalReasoningModel, namesIn folder: URL, votes: Int = defaultVotes,
        plan: InferenceOptions? = nil, workers: Workers = .available
    ) throws {
        // The model first: where it is for other puzzles, the names do not matter.
        let canvas = try Self.canvas(of: model)
        let url = folder.appendingPathComponent(PuzzleDataset.identifiersFileName)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw ARCSolverError.namesMissing(path: url.path)
        }
        try self.init(
            model, on: canvas, names: try PuzzleDataset.identifiers(contentsOf: url),
            path: url.path, votes: votes, plan: plan, workers: workers)
    }

    /// Creates a solver with a model from a file.
    ///
    /// - Parameters:
    ///   - checkpoint: A run folder, or a weights file.
    ///   - dataFolder: The data folder of the model's training; needed if there is no
    ///     `identifiers.json` beside the weights.
    ///   - votes: The maximum number of augmentations that vote on a task.
    ///   - plan: The plan for each augmentation; `InferenceOptions.asTrained(_:)` if nil.
    ///   - workers: The worker threads.
    /// - Throws: The errors of `ModelFile`; ``ARCSolverError`` if the model is not for ARC tasks, or the
    ///   names are missing or not its own; `DatasetError` if their file is damaged.
    /// - Precondition: `votes >= 1`.
    public init(
        contentsOf checkpoint: URL, dataFolder: URL? = nil, votes: Int = defaultVotes,
        plan: InferenceOptions? = nil, workers: Workers = .available
    ) throws {
        try self.init(
            try ModelFile(contentsOf: checkpoint).model,
            namesIn: dataFolder ?? ModelFile.folder(of: checkpoint), votes: votes, plan: plan,
            workers: workers)
    }

    private init(
        _ model: HierarchicalReasoningModel, on canvas: ARCCanvas, names: [String], path: String?,
        votes: Int, plan: InferenceOptions?, workers: Workers
    ) throws(ARCSolverError) {
        precondition(votes >= 1, "\(votes) votes")
        let count = model.dimensions.puzzleIdentifierCount
        guard names.count == count else {
            throw .wrongNameCount(path: path, found: names.count, expected: count)
        }
        self.model = model
        self.canvas = canvas
        self.names = names
        self.votes = votes
        self.plan = plan ?? .asTrained(model)
        self.workers = workers
        // The augmentations are the images that vote.
        self.plan.votes = 1
    }

    private static func canvas(
        of model: HierarchicalReasoningModel
    ) throws(ARCSolverError) -> ARCCanvas {
        let dimensions = model.dimensions
        guard dimensions.vocabularySize == ARCCanvas.vocabularySize,
            let canvas = ARCCanvas(sequenceLength: dimensions.sequenceLength)
        else { throw .otherModel(dimensions) }
        return canvas
    }
}

extension ARCSolver {
    /// Solves a task.
    ///
    /// - Parameters:
    ///   - task: A task whose demonstrations the model was trained on.
    ///   - progress: Called after each segment with the number of answered augmentations of test
    ///     inputs, those in progress counting in part, and their total.
    /// - Returns: The vote on the task.
    /// - Throws: ``ARCSolverError`` if it is not such a task; `NonFiniteOutput` if logits are not
    ///   finite.
    public func solve(
        _ task: ARCTask, progress: (_ answered: Double, _ total: Int) -> Void = { _, _ in }
    ) throws -> ARCVote {
        try solve([task], progress: progress)
    }

    /// Solves tasks one after another.
    ///
    /// - Parameters:
    ///   - tasks: Tasks with distinct names, whose demonstrations the model was trained on. All of
    ///     them are checked before the first one is solved.
    ///   - progress: Called after each segment with the number of answered augmentations of test
    ///     inputs, those in progress counting in part, and their total.
    /// - Returns: The vote on all tasks.
    /// - Throws: ``ARCSolverError`` with the first other task; `NonFiniteOutput` if logits are not
    ///   finite.
    public func solve(
        _ tasks: [ARCTask], progress: (_ answered: Double, _ total: Int) -> Void = { _, _ in }
    ) throws -> ARCVote {
        let questions = try tasks.map { task in
            let identifiers = try identifiers(of: task)
            return try ARCQuestions(task, canvas: canvas).dataset(
                names: names, identifiers: identifiers)
        }
        let total = questions.reduce(0) { $0 + $1.exampleCount }
        var vote = ARCVote(tasks: tasks, canvas: canvas)
        var done = 0
        for dataset in questions {
            let count = dataset.exampleCount
            let slots = min(Evaluator.defaultBatchSize, count)
            // An estimate from below where attempts halt early.
            let segments = (count * plan.attempts + slots - 1) / slots * plan.maxSteps
            var evaluator = StreamEvaluator(
                model: model, plan: plan, slots: slots, workers: workers)
            evaluator.engines = engines
            _ = try evaluator.evaluate(dataset) {
                vote.add($0, names: names)
            } onSegment: { segment, answered in
                let share = min(1, Double(segment) / Double(segments))
                progress(Double(done) + max(Double(answered), share * Double(count)), total)
            }
            done += count
        }
        return vote
    }

    /// Returns the puzzle identifiers of the augmentations that vote on a task, that of the
    /// unaugmented task first.
    ///
    /// - Throws: ``ARCSolverError`` if the model does not know the task, there is nothing to solve, or
    ///   its grids exceed the canvas.
    public func identifiers(of task: ARCTask) throws(ARCSolverError) -> [Int] {
        guard let original = names.firstIndex(of: task.name) else {
            throw .unknownTask(name: task.name)
        }
        guard !task.tests.isEmpty else { throw .noTestInput(name: task.name) }
        guard task.longestSide <= canvas.size else {
            throw .tooLarge(
                name: task.name, longestSide: task.longestSide, canvas: canvas.size)
        }
        // The puzzles of a group are consecutive in data folders.
        let augmentations = names[(original + 1)...].indices.prefix {
            ARCAugmentation.parse(names[$0]).task == task.name
        }
        return [original] + augmentations.prefix(votes - 1)
    }
}

import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// The demonstration: puzzles, training, evaluation, one puzzle step by step.
struct Demonstration {
    let plan: DemoPlan
    /// The training configuration, with the seed of everything.
    let configuration: TrainingConfiguration
    let workers: Workers
    /// The run folder to keep; `nil` for a temporary one.
    let output: URL?
    /// The same folder as written by the user.
    let outputName: String?
    let isJSON: Bool

    func run() throws {
        if let output, FileManager.default.fileExists(atPath: output.path) {
            throw RunFolderError.alreadyExists(path: output.path)
        }
        let start = ContinuousClock.now
        let temporary = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }

        let data = try preparePuzzles(in: temporary.appendingPathComponent("data"))
        let trained = try train(on: data, folder: output ?? temporary.appendingPathComponent("run"))
        let report = Evaluator.Report.total(of: trained.reports, named: "test")
        let trainingTime = (ContinuousClock.now - start).seconds
        try tellResult(report, seconds: trainingTime)

        let solution = try solveFirst(of: data.test, with: trained.session)
        let seconds = (ContinuousClock.now - start).seconds
        if isJSON {
            try Console.print(line(report: report, solution: solution, seconds: seconds))
        } else {
            try tellSolution(solution, seconds: seconds)
        }
    }

    // MARK: - Puzzles

    private typealias Data = (train: PuzzleDataset, test: PuzzleDataset)

    private var puzzles: DemoPuzzles { DemoPuzzles(plan: plan) }

    private func preparePuzzles(in folder: URL) throws -> Data {
        let variations =
            puzzles.variations.map { " each in \(NumberText.grouped(plan.augmentations)) \($0)," }
            ?? ""
        try say(
            """
            A Hierarchical Reasoning Model learns to solve \(puzzles.name), from nothing.

            1. Puzzles
            \(plan.trainingPuzzles.grouped("puzzle")) to learn from \
            \(plan.trainingPuzzles.word("is", "are")) made up now,\
            \(variations) and \(plan.testPuzzles.grouped("other")) for the examination, \
            which the model will not see before.
            """)
        if let rules = puzzles.rules { try say(rules) }
        var random = SeededGenerator(seed: seed, stream: RandomStream.puzzles)
        try puzzles.prepare(in: folder, using: &random)
        let data = (
            train: try PuzzleDataset(folder: folder, split: "train"),
            test: try PuzzleDataset(folder: folder, split: "test")
        )
        try say("One of them, and its answer:\n")
        let batch = data.train.batch(examples: [0], puzzles: [0])
        let question = try question(of: data.train)
        let boards = BoardStrip([
            .init("puzzle", TerminalBoard(question)),
            .init("answer", TerminalBoard(question.answer(batch.labels))),
        ])
        try show(boards.text(width: Console.width, color: Console.hasColor))
        return data
    }

    /// Returns the first question of a split.
    private func question(of dataset: PuzzleDataset) throws -> PuzzleQuestion {
        guard let task = dataset.task else {
            throw CommandError("the demonstration's data set does not say what it holds")
        }
        return try PuzzleQuestion(
            tokens: dataset.batch(examples: [0], puzzles: [0]).inputs, task: task)
    }

    // MARK: - Training

    private func train(
        on data: Data, folder: URL
    ) throws -> (session: TrainingSession, reports: [Evaluator.Report]) {
        var configuration = configuration
        configuration.takeBoard(of: data.train.task)
        let kept = output.map { $0.appendingPathComponent("data") }
        if let kept { configuration.dataPath = kept.path }
        let limits = TrainingSession.Limits(steps: plan.steps)
        let session = try TrainingSession(
            configuration: configuration, training: data.train, test: data.test, limits: limits,
            workers: workers)
        let run = TrainingRun(
            session: session, limits: limits, place: .new(folder), name: outputName ?? "")
        let outcome = try run.start {
            try say(
                """
                2. Training
                The model is a small neural network. It sees a puzzle as a row of \
                \(data.train.metadata.sequenceLength) cells\(puzzles.knowledge). It thinks in up to \
                \(configuration.architecture.haltMaxSteps.counted("step")): in each, a fast loop works on the \
                details and a slow one on the plan, and it writes down the whole board. Where that \
                differs from the right answer, its numbers are changed a little; that is all it ever \
                learns from.

                \(run.introduction)
                """)
        }
        if let signal = StopSignal.current {
            Console.tell(Self.end(by: signal, after: outcome.step, output: outputName))
            throw ExitCode(StopSignal.exitStatus(of: signal))
        }
        if let kept {
            try data.train.write(folder: kept, split: "train")
            try data.test.write(folder: kept, split: "test")
        }
        return (session, outcome.evaluation?.reports ?? [])
    }

    /// Returns a sentence about a demonstration that was ended by a signal.
    ///
    /// - Parameters:
    ///   - signal: The signal.
    ///   - step: The number of completed steps; if 0, there is no folder.
    ///   - output: The run folder as written by the user; nil for a temporary one.
    /// - Returns: One line.
    static func end(by signal: Int32, after step: Int, output: String?) -> String {
        let place = output.map {
            step > 0
                ? "; what the model had learned is in \($0)"
                : " before the first step of the training; \($0) is not made"
        }
        return "\(StopSignal.name(of: signal)): the demonstration was ended\(place ?? "")"
    }

    private func tellResult(_ report: Evaluator.Report, seconds: Double) throws {
        let exact = NumberText.percent(EvaluationText.exact(report))
        try say(
            """

            3. Examination
            Of \(report.metrics.count.grouped("puzzle")) it had never seen, the model \
            solved \(NumberText.grouped(report.metrics.exactCount)) with every cell right: \
            \(exact) (95 % interval: \(EvaluationText.interval(of: report))).
            Of all cells \(NumberText.percent(EvaluationText.accuracy(report))) are right; \
            copying \(puzzles.givens) alone gets \(NumberText.percent(report.copyAccuracy)).
            That took \(NumberText.duration(seconds: seconds)) from the first puzzle to here.

            """)
    }

    // MARK: - One puzzle

    private func solveFirst(
        of test: PuzzleDataset, with session: TrainingSession
    ) throws -> DemoSolution {
        let question = try question(of: test)
        let thoughts = try ThinkingTracer(model: session.model, workers: session.workers)
            .trace(tokens: question.tokens, detail: .steps).thoughts
        return DemoSolution(question: question, thoughts: thoughts)
    }

    private func tellSolution(_ solution: DemoSolution, seconds: Double) throws {
        try say(
            """
            4. One puzzle, step by step
            The board after each thinking step, and how sure the model is that it is right.
            \(DemoSolution.legend)

            """)
        try show("\(solution.drawing)\n\(solution.solved.line)")
        try say("\nThe whole demonstration took \(NumberText.duration(seconds: seconds)).")
        if let outputName {
            try say("The model is in \(outputName); hrm solve --checkpoint \(outputName) uses it.")
        }
    }

    private var seed: UInt64 { configuration.seed }

    private func line(
        report: Evaluator.Report, solution: DemoSolution, seconds: Double
    ) throws -> String {
        var members = EvaluationText.members(of: report)
        members["seconds"] = .number(seconds)
        members["seed"] = .unsigned(seed)
        members["size"] = .integer(plan.size)
        members["task"] = .text(plan.task.rawValue)
        members["training_steps"] = .integer(plan.steps)
        members["puzzle"] = .object(solution.members)
        return try JSONValue.object(members).line()
    }

    /// Prints an explanation, wrapped for reading.
    private func say(_ text: String) throws {
        try show(WrappedText.wrapped(text, width: min(Console.width, 80)))
    }

    /// Prints to standard output, or to standard error if that is used for JSON.
    private func show(_ text: String) throws {
        if isJSON {
            Console.tell(text)
        } else {
            try Console.print(text)
        }
    }
}

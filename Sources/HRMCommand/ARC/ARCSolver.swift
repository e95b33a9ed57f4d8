import ArgumentParser
import Foundation
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// The options of `hrm solve` for ARC tasks.
struct ARCSolveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data folder that a model of ARC tasks was trained on; needed if the run "
                + "folder has no identifiers.json.",
            valueName: "folder"))
    var data: String?
}

/// Solves ARC tasks whose demonstrations are in the model's training set.
struct ARCSolver {
    /// The default number of augmentations that vote on a task.
    private static let usualVotes = 32

    private let model: HierarchicalReasoningModel
    private let canvas: ARCCanvas
    private let names: [String]
    /// The maximum number of augmentations that vote on a task, including the unaugmented one.
    private let votes: Int
    /// The inference options for each augmentation; `nil` for all steps of the training.
    private let plan: InferenceOptions?
    private let workers: Workers
    private let pictures: PictureOptions
    private let trace: TraceOptions
    private let isJSON: Bool

    /// Returns true if the arguments are files of ARC tasks; other JSON may hold custom grids.
    static func handles(_ puzzles: [String], task: PuzzleTask?) -> Bool {
        if case .grid = task { return false }
        let isSudoku = if case .sudoku = task { true } else { false }
        return puzzles.contains { $0.hasSuffix(".json") && !(isSudoku && JSONSudokus.areIn($0)) }
    }

    /// - Throws: An error if the model is not for ARC tasks, or the names of its training tasks are
    ///   not found.
    init(
        model: HierarchicalReasoningModel, checkpoint: String, options: ARCSolveOptions,
        thinking: ThinkingOptions, workers: Workers, pictures: PictureOptions, trace: TraceOptions,
        isJSON: Bool
    ) throws {
        let dimensions = model.dimensions
        guard dimensions.vocabularySize == ARCCanvas.vocabularySize,
            let canvas = ARCCanvas(sequenceLength: dimensions.sequenceLength)
        else {
            throw CommandError(
                "\(checkpoint) is a model for \(dimensions.sequenceLength.counted("cell")) of "
                    + "\(dimensions.vocabularySize.counted("token")), not for ARC tasks; use a model that "
                    + "was trained on data from 'hrm prepare arc'")
        }
        let folder =
            options.data.map { URL(fileURLWithPath: $0) }
            ?? ARCScoringOptions.folder(of: checkpoint)
        let url = folder.appendingPathComponent(PuzzleDataset.identifiersFileName)
        guard options.data != nil || FileManager.default.fileExists(atPath: url.path) else {
            throw CommandError(
                "which tasks \(checkpoint) was trained on is unknown: there is no \(url.path); "
                    + "name its data folder with --data")
        }
        names = try PuzzleDataset.identifiers(contentsOf: url)
        guard names.count == dimensions.puzzleIdentifierCount else {
            throw CommandError(
                "\(url.path) has \(names.count.counted("name")), the model was trained with "
                    + "\(dimensions.puzzleIdentifierCount); use the data folder of its training")
        }
        var plan = thinking.plan(otherwise: .asTrained(model), for: model)
        // The augmentations that vote are those of the data set.
        votes = thinking.votes ?? Self.usualVotes
        plan.votes = 1
        self.plan = thinking.changeAttempts ? plan : nil
        self.model = model
        self.canvas = canvas
        self.workers = workers
        self.pictures = pictures
        self.trace = trace
        self.isJSON = isJSON
    }

    /// Solves the tasks of all files; an error in one file does not stop the others.
    ///
    /// - Throws: The exit status, if there was an error.
    func solve(_ files: [String]) throws {
        var stream = isJSON ? JSONStream(list: "tasks") : nil
        var errors = 0
        var sheet = SolvedSheet(pictures)
        var traceSheet =
            trace.areWanted ? try TraceSheet(trace, pictures: pictures, model: model) : nil
        func refuse(_ error: any Error) throws {
            errors += 1
            Console.tell("Error: \(error)")
            try stream?.add(.object(["error": .text("\(error)")]))
        }
        for file in files {
            let tasks: ARCTaskCollection
            do {
                tasks = try ARCTaskCollection(sources: [URL(fileURLWithPath: file)])
            } catch {
                try refuse(error)
                continue
            }
            for task in tasks.entries.map(\.task) {
                let identifiers: [Int]
                do {
                    identifiers = try self.identifiers(of: task)
                } catch {
                    try refuse(error)
                    continue
                }
                let vote = try vote(on: task, identifiers: identifiers)
                let traces = trace.areWanted ? try traces(of: task, identifier: identifiers[0]) : []
                for traced in traces { traceSheet?.add(traced) }
                if !trace.areWanted {
                    sheet.add(
                        ARCPictures.demonstrations(of: task)
                            + ARCPictures.answers(of: vote, task: 0))
                }
                if isJSON {
                    var members = ARCAnswerText.members(of: vote)
                    if trace.trace != nil { members["traces"] = .list(traces.map(\.members)) }
                    try stream?.add(.object(members))
                } else {
                    if trace.trace != nil {
                        try Console.print(
                            ARCTraceText.text(of: traces, task: task, canvas: canvas),
                            terminator: "")
                    }
                    try Console.print(answerText(of: vote), terminator: "")
                }
            }
        }
        try stream?.finish(["errors": .integer(errors)])
        if trace.areWanted { try traceSheet?.write() } else { try sheet.write() }
        if errors > 0 { throw ExitCode(ExitStatus.failed) }
    }

    /// Returns pictures on a terminal with colours, else digits.
    private func answerText(of vote: ARCVote) -> String {
        guard Console.hasColor else { return ARCAnswerText.text(of: vote) }
        let sheet = PictureSheet(rows: ARCPictures.answers(of: vote, task: 0))
        return ARCAnswerText.text(of: vote, showsGrids: false) + "\n"
            + sheet.text(width: Console.width, color: true) + "\n"
    }

    /// Returns the identifiers of the task's augmentations, the unaugmented task first.
    private func identifiers(of task: ARCTask) throws -> [Int] {
        guard let original = names.firstIndex(of: task.name) else {
            throw CommandError(
                "the model does not know the task \(task.name): it must first be trained on the "
                    + "task's demonstrations, in data that 'hrm prepare arc' made of it")
        }
        guard !task.tests.isEmpty else {
            throw CommandError(
                "the task \(task.name) has no test input to be solved; add them as 'test', beside "
                    + "'train'")
        }
        guard task.longestSide <= canvas.size else {
            throw CommandError(
                "the task \(task.name) has grids of up to \(task.longestSide) rows or columns, the "
                    + "model was trained on a canvas of \(canvas.size)")
        }
        // The puzzles of a group are consecutive in data folders.
        let variations = names[(original + 1)...].indices.prefix {
            ARCAugmentation.parse(names[$0]).task == task.name
        }
        return [original] + variations.prefix(votes - 1)
    }

    private func vote(on task: ARCTask, identifiers: [Int]) throws -> ARCVote {
        let dataset = try ARCQuestions(task, canvas: canvas).dataset(
            names: names, identifiers: identifiers)
        let batchSize = min(Evaluator.defaultBatchSize, dataset.exampleCount)
        var vote = ARCVote(tasks: [task], canvas: canvas)
        func add(_ prediction: Evaluator.Prediction) {
            vote.add(
                name: names[Int(prediction.puzzleIdentifier)], input: Array(prediction.inputs),
                answer: prediction.tokens, qHalt: prediction.qHalt)
        }
        if let plan {
            let evaluator = StreamEvaluator(
                model: model, plan: plan, slots: batchSize, workers: workers)
            _ = try evaluator.evaluate(dataset, onPrediction: add)
            return vote
        }
        let evaluator = Evaluator(model: model, workers: workers, batchSize: batchSize)
        var progress = ProgressDisplay()
        _ = try evaluator.evaluate(dataset) { done in
            progress.show { _ in
                ProgressBar(fraction: done / Double(dataset.exampleCount), step: Int(done))
            }
            return true
        } onPrediction: {
            add($0)
        }
        progress.clear()
        return vote
    }

    /// The model's thoughts about the task as it is, one trace a test input.
    private func traces(of task: ARCTask, identifier: Int) throws -> [TracedPuzzle] {
        let tracer = ThinkingTracer(model: model, workers: workers)
        return try task.tests.map { test in
            let question = PuzzleQuestion(
                arc: test, canvas: canvas, identifier: Int32(identifier))
            return TracedPuzzle(
                question: question,
                trace: try tracer.trace(
                    tokens: question.tokens, puzzleIdentifier: question.identifier,
                    detail: trace.detail, maxSteps: plan?.maxSteps))
        }
    }
}

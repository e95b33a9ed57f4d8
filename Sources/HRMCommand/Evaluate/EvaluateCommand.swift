import ArgumentParser
import Foundation
import HRMData
import HRMEngine
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTraining

/// The command `hrm evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate a model on puzzles with known answers.",
        discussion: """
            By default a model is evaluated as 'hrm solve' uses it: each attempt runs until its \
            answer has converged, for at most 64 steps, with at most 15 restarts if it has not. With \
            --halt never, every puzzle gets all steps of the training and the last answer counts, \
            as in the reference and in the evaluations of 'hrm train'; this is the default for ARC \
            tasks. The metrics have the reference's names; 'valid' counts all answers that satisfy \
            the rules, even if they differ from those of the data set.

            For a run folder, the average of the weights is evaluated if there is one \
            (model_ema.safetensors), otherwise the weights of the last step; a weights file is \
            evaluated as it is. The first line names the evaluated weights. If an earlier evaluation \
            of the run was better, a line says so.

            On the test split of ARC tasks, the answers to the augmentations of a test input vote, \
            and pass@k is the share of tasks whose correct answer is among the k best candidates. \
            The two best are written to submission.json, in the competition's format.

            --examples shows some puzzles, spread over the split, with the model's answers and \
            their wrong cells marked. --svg and --png draw them. For ARC tasks, test inputs are \
            shown with the two best candidates.

            --thinking-steps, --halt, --votes, --starts, --restarts and --checker change the \
            number and length of the attempts; all results are printed with these options. A \
            puzzle that halts frees its place in the batch for the next one.

            With --arc, there is no model: each ARC task is learned by itself, as in 'hrm solve', and \
            --workers is the number of tasks at the same time. A task is solved if each of its test \
            outputs is equal to one of its two attempts; the correct outputs are compared at the end, \
            nothing is learned from them. The figures are shown by the largest side of the grids: 'pool' counts tasks \
            whose correct outputs were answers in some step. Results are files in the folder of \
            --output; an evaluation that was ended goes on with the same command, and gives the same \
            result.

              hrm evaluate --arc tasks --output results --steps 500 --largest-side 10
            """)

    @Option(
        help: ArgumentHelp(
            "A run folder of 'hrm train', whose weight average is used if there is one "
                + "(model_ema.safetensors, otherwise model.safetensors); a weights file; or the "
                + "name of a model that comes with hrm ('hrm models').",
            valueName: "path"))
    var checkpoint: String?
    @OptionGroup var precision: PrecisionOptions
    @Option(help: ArgumentHelp("The data set's folder.", valueName: "folder"))
    var data: String?
    @Option(help: ArgumentHelp("The split to evaluate on.", valueName: "name"))
    var split = "test"
    @Option(help: ArgumentHelp("Use only the first n puzzles.", valueName: "n"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Puzzles in a batch; affects memory use, not results.", valueName: "n"))
    var batchSize = Evaluator.defaultBatchSize
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var place: DeviceOptions
    @OptionGroup var thinking: ThinkingOptions
    @Flag(
        help: """
            Also report for how many puzzles an intermediate answer was valid by the rules (Sudoku \
            and mazes).
            """)
    var checker = false
    @OptionGroup var arc: ARCScoringOptions
    @OptionGroup var taskSet: TaskSetOptions
    @OptionGroup var learning: TaskLearningOptions
    @Option(help: ArgumentHelp("Show at most n examples.", valueName: "n"))
    var examples: Int?
    @OptionGroup var pictures: PictureOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try limit?.require(in: 1...1_000_000_000, "--limit")
        try batchSize.require(in: 1...100_000, "--batch-size")
        try examples?.require(in: 1...100, "--examples")
        guard taskSet.sources.isEmpty else { return try validateTaskSet() }
        for (option, value) in [("--checkpoint <path>", checkpoint), ("--data <folder>", data)]
        where value == nil {
            throw ValidationError("Missing expected argument '\(option)', or --arc <folder>")
        }
        if let option = (taskSet.given + learning.given).first {
            throw ValidationError("\(option) needs --arc")
        }
    }

    /// Refuses options that have no meaning for tasks that are learned by themselves.
    private func validateTaskSet() throws {
        var excess = thinking.given
        if checkpoint != nil { excess.append("--checkpoint") }
        if data != nil { excess.append("--data") }
        if split != "test" { excess.append("--split") }
        if limit != nil { excess.append("--limit") }
        if batchSize != Evaluator.defaultBatchSize { excess.append("--batch-size") }
        if precision.precision != nil { excess.append("--precision") }
        if checker { excess.append("--checker") }
        if examples != nil { excess.append("--examples") }
        if arc.rule != .hrm { excess.append("--rule") }
        if pictures.svg != nil { excess.append("--svg") }
        if pictures.png != nil { excess.append("--png") }
        if let option = excess.first {
            throw ValidationError(
                "\(option) is for models; --arc learns each task by itself")
        }
        guard taskSet.output != nil else {
            throw ValidationError("--arc needs a folder for the results: --output <folder>")
        }
    }

    func run() throws {
        guard taskSet.sources.isEmpty else {
            return try TaskSetEvaluator(
                options: taskSet, learning: learning.options(), workers: workers.threads,
                submission: arc.submission, isJSON: json
            ).evaluate()
        }
        try pictures.check()
        let checkpoint = checkpoint ?? ""
        let data = data ?? ""
        let dataset = try PuzzleDataset(folder: URL(fileURLWithPath: data), split: split)
        let file = try precision.load(checkpoint).fitted(to: dataset.task)
        guard dataset.exampleCount > 0 else {
            throw CommandError("the split '\(split)' of \(data) has no puzzle; choose another one")
        }
        try Evaluator.check(dataset, fits: file.model)
        if let mismatch = file.task?.boxMismatch(with: dataset.task) {
            throw CommandError("\(data): \(mismatch)")
        }
        var scoring = try arc.scoring(
            dataset, of: data, split: split, checkpoint: checkpoint, isLimited: limit != nil)
        let puzzles = min(limit ?? .max, dataset.exampleCount)
        var drawn =
            scoring == nil && sheetCount > 0
            ? try EvaluationPictures(sheetCount, of: puzzles, in: dataset) : nil
        func see(_ prediction: Evaluator.Prediction) {
            scoring?.add(prediction)
            drawn?.add(prediction)
        }
        // For ARC, augmentations of the tasks vote as published, and every puzzle gets all training
        // steps.
        let plan = thinking.plan(
            otherwise: scoring == nil ? .recommended(for: file.model) : .asTrained(file.model),
            for: file.model)
        thinking.tellWhetherVotesCount(for: dataset.task)
        var reference = InferenceOptions.asTrained(file.model)
        (reference.noise, reference.seed) = (plan.noise, plan.seed)
        let weights = EvaluatedWeights(checkpoint)
        // Printed before the evaluation, which can take long.
        if !json { try Console.print("\(weights.line)\n\(ThinkingText.setting(of: plan))") }
        let measured =
            plan == reference && !checker
            ? try measureAsTrained(
                file.model, plan, on: dataset, puzzles: puzzles, onPrediction: see)
            : try measureUnderPlan(
                file.model, plan, on: dataset, puzzles: puzzles, onPrediction: see)
        try tell(measured, of: weights, scoring: scoring)
        try show(PictureSheet(rows: drawn?.rows ?? scoring?.pictures(sheetCount) ?? []))
        try scoring?.writeSubmission()
    }

    /// The output of an evaluation.
    private struct Measured {
        /// The tables; every line ends with a line feed.
        var text: String
        /// The `--json` members.
        var members: [String: JSONValue]
    }

    /// Evaluates as the reference does: all segments for every puzzle.
    private func measureAsTrained(
        _ model: HierarchicalReasoningModel, _ plan: InferenceOptions, on dataset: PuzzleDataset,
        puzzles: Int,
        onPrediction: @escaping (Evaluator.Prediction) -> Void
    ) throws -> Measured {
        let evaluator = Evaluator(
            engine: try place.engines(workers.threads).inferenceEngine(
                of: model, slotCount: min(batchSize, puzzles)))
        var progress = ProgressDisplay()
        defer { progress.clear() }
        let sets = try evaluator.evaluate(dataset, limit: limit) { done in
            progress.show { bar(done: done, of: puzzles, elapsed: $0) }
            return true
        } onPrediction: {
            onPrediction($0)
        }
        progress.clear()
        let total = Evaluator.Report.total(of: sets, named: split)
        var members = EvaluationText.members(of: total)
        members["seconds"] = .number(progress.elapsed)
        members["plan"] = plan.members
        members["sets"] = .object(
            Dictionary(
                uniqueKeysWithValues: sets.map {
                    ($0.setName, .object(EvaluationText.members(of: $0)))
                }))
        let parts = sets.count > 1 ? sets : []
        return Measured(
            text: EvaluationText.table(of: total)
                + parts.map { "\nset \($0.setName)\n" + EvaluationText.table(of: $0) }.joined(),
            members: members)
    }

    /// Evaluates with inference options, which are printed with the results.
    private func measureUnderPlan(
        _ model: HierarchicalReasoningModel, _ plan: InferenceOptions, on dataset: PuzzleDataset,
        puzzles: Int,
        onPrediction: (Evaluator.Prediction) -> Void
    ) throws -> Measured {
        var evaluator = StreamEvaluator(
            model: model, plan: plan, slots: batchSize, workers: workers.threads)
        evaluator.engines = try place.sharedEngines(workers.threads)
        var progress = ProgressDisplay()
        defer { progress.clear() }
        let (total, sets) = try evaluator.evaluate(
            dataset, limit: limit, usesChecker: checker, onPrediction: onPrediction
        ) { segments, done in
            progress.show { elapsed in
                var bar = bar(done: Double(done), of: puzzles, elapsed: elapsed)
                // Hard puzzles take many segments; the number shows that the program is still
                // running.
                bar.activity = "segment \(NumberText.grouped(segments))"
                return bar
            }
        }
        progress.clear()
        let seconds = progress.elapsed
        var members = ThinkingText.members(of: total)
        members["seconds"] = .number(seconds)
        if !json {
            let rate = Double(total.count) / max(seconds, 1e-9)
            Console.tell("\(NumberText.significant(rate, digits: 3)) puzzles per second")
        }
        members["sets"] = .object(
            Dictionary(
                uniqueKeysWithValues: sets.map {
                    ($0.setName, .object(ThinkingText.members(of: $0)))
                }))
        let parts = sets.count > 1 ? sets : []
        return Measured(
            text: ThinkingText.table(of: total)
                + parts.map { "\nset \($0.setName)\n" + ThinkingText.table(of: $0) }.joined(),
            members: members)
    }

    private func bar(done: Double, of puzzles: Int, elapsed: Double) -> ProgressBar {
        let fraction = done / Double(puzzles)
        return ProgressBar(
            fraction: fraction, step: Int(done), rate: done / elapsed,
            secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: fraction))
    }

    private func tell(
        _ measured: Measured, of weights: EvaluatedWeights, scoring: ARCScoringOutput?
    ) throws {
        let better = weights.betterEvaluation
        if json {
            var members = measured.members
            members["split"] = .text(split)
            members["weights"] = weights.members
            if let better { members["better_evaluation"] = EvaluatedWeights.members(of: better) }
            if let scoring { members["arc"] = scoring.members }
            try Console.print(JSONValue.object(members).line())
        } else {
            try Console.print(measured.text, terminator: "")
            if let better { try Console.print(weights.note(on: better, data: data ?? "")) }
            if let scoring { try Console.print("\n\(scoring.table)", terminator: "") }
        }
    }

    /// The number of examples to show or draw.
    private var sheetCount: Int {
        examples ?? (pictures.areWanted ? EvaluationPictures.usualCount : 0)
    }

    private func show(_ sheet: PictureSheet) throws {
        if examples != nil, !json {
            let text = sheet.text(width: Console.width, color: Console.hasColor)
            try Console.print("\n\(text)", terminator: "")
        }
        if pictures.areWanted { try pictures.write(sheet) }
    }
}

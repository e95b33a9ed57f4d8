import ArgumentParser
import Foundation
import HRMData
import HRMFigures
import HRMModel
import HRMTraining

/// The command `hrm evaluate`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on puzzles with known answers.",
        discussion: """
            A model is measured as 'hrm solve' uses it: it thinks until an answer has settled, for \
            64 steps at most, and begins again 15 times at most if none has. --halt never gives every \
            puzzle all steps of the training and counts the last answer, as the reference does and as \
            'hrm train' reports it; so are ARC tasks measured. The metrics have the reference's \
            names; 'valid' counts answers that the rules accept, even if the data set has another \
            one.

            A run folder stands for the average of its weights where it has one \
            (model_ema.safetensors), else for those of the last step; a file stands for itself. The \
            first line says which weights are measured. When an earlier evaluation of the run was \
            better, a line says so.

            On the test split of ARC tasks, the answers to the variations of a test input vote, \
            and pass@k is the share of tasks whose right answer is among the k best candidates. \
            The two best go to submission.json, as the competition takes them.

            --examples shows some puzzles, far apart in the split, with the model's answers: wrong \
            cells are marked. --svg and --png draw them. Of ARC tasks, the test inputs are shown \
            with the two best candidates.

            --thinking-steps, --halt, --votes, --starts, --restarts and --checker think in other ways; \
            all figures are printed with their setting. Puzzles that halt give their place to the next \
            ones.
            """)

    @OptionGroup var model: ModelOptions
    @Option(help: ArgumentHelp("The data set's folder.", valueName: "folder"))
    var data: String
    @Option(help: ArgumentHelp("The split to measure on.", valueName: "name"))
    var split = "test"
    @Option(help: ArgumentHelp("Use the first puzzles only, this many.", valueName: "n"))
    var limit: Int?
    @Option(
        help: ArgumentHelp(
            "Puzzles at the same time; decides memory, not results.", valueName: "n"))
    var batchSize = Evaluator.defaultBatchSize
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var thinking: ThinkingOptions
    @Flag(
        help: """
            Also tell for how many puzzles an answer on the way was valid by the rules (Sudoku and \
            mazes).
            """)
    var checker = false
    @OptionGroup var arc: ARCScoringOptions
    @Option(help: ArgumentHelp("Show this many examples, at most.", valueName: "n"))
    var examples: Int?
    @OptionGroup var pictures: PictureOptions
    @Flag(help: "Print one JSON object and nothing else.")
    var json = false

    func validate() throws {
        try limit?.require(in: 1...1_000_000_000, "--limit")
        try batchSize.require(in: 1...100_000, "--batch-size")
        try examples?.require(in: 1...100, "--examples")
    }

    func run() throws {
        try pictures.check()
        let file = try model.load()
        let dataset = try PuzzleDataset(folder: URL(fileURLWithPath: data), split: split)
        guard dataset.exampleCount > 0 else {
            throw CommandError("the split '\(split)' of \(data) has no puzzle; choose another one")
        }
        try Evaluator.check(dataset, fits: file.model)
        if let mismatch = file.task?.boxMismatch(with: dataset.task) {
            throw CommandError("\(data): \(mismatch)")
        }
        var scoring = try arc.scoring(
            dataset, of: data, split: split, checkpoint: model.checkpoint, isLimited: limit != nil)
        let puzzles = min(limit ?? .max, dataset.exampleCount)
        var drawn =
            scoring == nil && sheetCount > 0
            ? try EvaluationPictures(sheetCount, of: puzzles, in: dataset) : nil
        func see(_ prediction: Evaluator.Prediction) {
            scoring?.add(prediction)
            drawn?.add(prediction)
        }
        // The variations of ARC tasks vote, as published, after all steps of the training.
        let plan = thinking.plan(
            otherwise: scoring == nil ? .recommended(for: file.model) : .asTrained(file.model),
            for: file.model)
        thinking.tellWhetherVotesCount(for: dataset.task)
        var reference = ThinkingPlan.asTrained(file.model)
        (reference.noise, reference.seed) = (plan.noise, plan.seed)
        let measured =
            plan == reference && !checker
            ? try measureAsTrained(
                file.model, plan, on: dataset, puzzles: puzzles, onPrediction: see)
            : try measureUnderPlan(
                file.model, plan, on: dataset, puzzles: puzzles, onPrediction: see)
        try tell(measured, of: EvaluatedWeights(model.checkpoint), scoring: scoring)
        try show(PictureSheet(rows: drawn?.rows ?? scoring?.pictures(sheetCount) ?? []))
        try scoring?.writeSubmission()
    }

    /// What a measurement has to say.
    private struct Measured {
        /// The tables, each line ended.
        var text: String
        /// What `--json` prints.
        var members: [String: JSONValue]
    }

    /// Measures what the reference measures: all thinking steps for every puzzle.
    private func measureAsTrained(
        _ model: HierarchicalReasoningModel, _ plan: ThinkingPlan, on dataset: PuzzleDataset,
        puzzles: Int,
        onPrediction: @escaping (Evaluator.Prediction) -> Void
    ) throws -> Measured {
        let evaluator = Evaluator(
            model: model, workers: workers.threads, batchSize: min(batchSize, puzzles))
        var progress = ProgressDisplay()
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
        members["plan"] = ThinkingText.members(of: plan)
        members["sets"] = .object(
            Dictionary(
                uniqueKeysWithValues: sets.map {
                    ($0.setName, .object(EvaluationText.members(of: $0)))
                }))
        let parts = sets.count > 1 ? sets : []
        return Measured(
            text: "\(ThinkingText.setting(of: plan))\n" + EvaluationText.table(of: total)
                + parts.map { "\nset \($0.setName)\n" + EvaluationText.table(of: $0) }.joined(),
            members: members)
    }

    /// Measures under a thinking plan; every figure is printed with it.
    private func measureUnderPlan(
        _ model: HierarchicalReasoningModel, _ plan: ThinkingPlan, on dataset: PuzzleDataset,
        puzzles: Int,
        onPrediction: (Evaluator.Prediction) -> Void
    ) throws -> Measured {
        let evaluator = StreamEvaluator(
            model: model, plan: plan, slots: batchSize, workers: workers.threads)
        var progress = ProgressDisplay()
        var done = 0.0
        let (total, sets) = try evaluator.evaluate(dataset, limit: limit, usesChecker: checker) {
            done += 1
            progress.show { bar(done: done, of: puzzles, elapsed: $0) }
            onPrediction($0)
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
            text: "\(ThinkingText.setting(of: plan))\n"
                + ThinkingText.table(of: total)
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
        _ measured: Measured, of weights: EvaluatedWeights, scoring: ARCScoring?
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
            try Console.print("\(weights.line)\n\(measured.text)", terminator: "")
            if let better { try Console.print(weights.note(on: better, data: data)) }
            if let scoring { try Console.print("\n\(scoring.table)", terminator: "") }
        }
    }

    /// How many examples are shown or drawn.
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

public import HRMData
public import HRMModel
public import HRMTensor

/// Measures a model under a thinking plan: halting early, thinking longer, voting, several starts.
///
/// ``Evaluator`` measures what the reference measures. Here every figure belongs to the plan it was
/// made with, and what a checker finds is never mixed with the model's own answers.
public struct StreamEvaluator {
    /// What came out.
    public struct Report: Sendable, Equatable {
        /// How the puzzles were thought about.
        public var plan: ThinkingPlan
        /// Puzzles.
        public var count = 0
        /// Puzzles answered with every cell right.
        public var solved = 0
        /// Σ share of cells that are right.
        public var accuracy = 0.0
        /// Puzzles where being at least half sure agrees with being right.
        public var knowing = 0
        /// Σ segments of the attempts that gave the answers.
        public var steps = 0
        /// Σ segments of all attempts.
        public var totalSteps = 0
        /// Puzzles whose answer was given because the rule said so.
        public var halted = 0
        /// Answers that the task's judge accepts, and what their share is called.
        public var accepted: Evaluator.Report.Accepted?
        /// Puzzles for which some attempt, after some segment, had an answer that the checker
        /// accepts; nil without a checker.
        public var checked: Int?

        init(plan: ThinkingPlan) {
            self.plan = plan
        }

        /// Share of puzzles answered with every cell right.
        public var exactAccuracy: Double { share(solved) }
        /// 95 % interval of ``exactAccuracy``.
        public var exactAccuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: solved, of: count)
        }
        /// Mean share of cells that are right.
        public var meanAccuracy: Double { accuracy / Double(max(1, count)) }
        /// Segments a puzzle costs on average, all attempts together.
        public var meanTotalSteps: Double { share(totalSteps) }
        /// Segments that lead to an answer on average.
        public var meanSteps: Double { share(steps) }

        /// A count as a share of the puzzles.
        public func share(_ part: Int) -> Double { Double(part) / Double(max(1, count)) }
    }

    private let model: HierarchicalReasoningModel
    private let plan: ThinkingPlan
    private let slots: Int
    private let workers: Workers

    /// An evaluator of one model under one plan.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - plan: How each puzzle is thought about.
    ///   - slots: Attempts at the same time; decides memory and speed, not results.
    ///   - workers: Threads.
    public init(
        model: HierarchicalReasoningModel, plan: ThinkingPlan, slots: Int, workers: Workers
    ) {
        self.model = model
        self.plan = plan
        self.slots = slots
        self.workers = workers
    }

    /// Evaluates the first puzzles of a split, all sets together.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: Puzzles at most; none for all.
    ///   - usesChecker: Whether the task's checker looks at every answer after every segment, where
    ///     the task has one.
    ///   - onPrediction: Shown every answer, in the order of the split.
    /// - Returns: The report.
    /// - Throws: ``EvaluationError`` when the split does not fit the model.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, usesChecker: Bool = false,
        onPrediction: (Evaluator.Prediction) -> Void = { _ in }
    ) throws -> Report {
        try Evaluator.check(dataset, fits: model)
        let judge = dataset.task?.judge
        let checker = usesChecker ? dataset.task?.checker : nil
        var report = Report(plan: plan)
        report.accepted = judge.map { .init(name: $0.name, count: 0) }
        report.checked = checker.map { _ in 0 }
        var examples = ExampleQueue(dataset, limit: limit ?? .max)
        var stream = PuzzleStream(
            model: model, task: dataset.task, plan: plan, slots: slots, workers: workers,
            checker: checker)
        // Questions wait here for their answers, which come in the same order.
        var waiting = ArraySlice<ExampleQueue.Example>()
        try stream.solve {
            guard let example = examples.next() else { return nil }
            waiting.append(example)
            return PuzzleStream.Question(
                tokens: Array(example.inputs), identifier: example.puzzleIdentifier)
        } answered: { _, solution in
            let example = waiting.removeFirst()
            report.add(solution, to: example, judge: judge)
            onPrediction(
                Evaluator.Prediction(
                    setName: example.setName, example: example.number,
                    puzzleIdentifier: example.puzzleIdentifier, inputs: example.inputs,
                    labels: example.labels, tokens: solution.tokens, qHalt: solution.qHalt))
        }
        return report
    }
}

extension StreamEvaluator.Report {
    fileprivate mutating func add(
        _ solution: PuzzleSolution, to example: ExampleQueue.Example, judge: AnswerJudge?
    ) {
        let labelled = zip(solution.tokens, example.labels).filter {
            $1 != PuzzleBatch.ignoredLabel
        }
        let right = labelled.count { $0 == $1 }
        let isExact = !labelled.isEmpty && right == labelled.count
        count += 1
        solved += isExact ? 1 : 0
        accuracy += labelled.isEmpty ? 0 : Double(right) / Double(labelled.count)
        knowing += (solution.qHalt >= 0) == isExact ? 1 : 0
        steps += solution.steps
        totalSteps += solution.totalSteps
        halted += solution.hasHalted ? 1 : 0
        if judge?.accepts(solution.tokens, to: example.inputs) == true { accepted?.count += 1 }
        if solution.firstValid != nil { checked = (checked ?? 0) + 1 }
    }
}

/// The examples of a split one by one.
private struct ExampleQueue {
    struct Example {
        var setName: String
        var number: Int
        var puzzleIdentifier: Int32
        var inputs: ArraySlice<Int32>
        var labels: ArraySlice<Int32>
    }

    private var batches: EvaluationBatches.Iterator
    private var batch: PuzzleBatch?
    private var row = 0
    private var number = 0
    private var left: Int

    init(_ dataset: PuzzleDataset, limit: Int) {
        batches = EvaluationBatches(dataset, batchSize: 64).makeIterator()
        left = limit
    }

    mutating func next() -> Example? {
        guard left > 0 else { return nil }
        while row >= batch?.exampleCount ?? 0 {
            guard let following = batches.next() else { return nil }
            if following.setName != batch?.setName { number = 0 }
            batch = following
            row = 0
        }
        guard let batch else { return nil }
        defer {
            row += 1
            number += 1
            left -= 1
        }
        let length = batch.sequenceLength
        let cells = (row * length)..<((row + 1) * length)
        return Example(
            setName: batch.setName, number: number,
            puzzleIdentifier: batch.puzzleIdentifiers[row], inputs: batch.inputs[cells],
            labels: batch.labels[cells])
    }
}

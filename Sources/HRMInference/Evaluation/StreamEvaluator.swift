public import HRMData
public import HRMEngine
import HRMModel
public import HRMTensor

/// Evaluates a model under an inference plan with early halting, more segments, voting or several
/// starts.
///
/// ``Evaluator`` evaluates as the reference does. Here all figures depend on the plan, and answers
/// found by a checker are reported separately from the model's own.
public struct StreamEvaluator {
    /// The results for one set, or for all together.
    public struct Report: Sendable, Equatable {
        /// The plan used for each puzzle.
        public var plan: InferenceOptions
        /// The name of the set; empty for all sets together.
        public var setName: String
        /// The number of puzzles.
        public var count = 0
        /// The number of puzzles with every cell correct.
        public var solved = 0
        /// The sum of the cell accuracies.
        public var accuracySum = 0.0
        /// The number of puzzles for which confidence of at least one half coincides with
        /// correctness.
        public var knowing = 0
        /// The number of segments of the attempts that gave the answers.
        public var steps = 0
        /// The number of segments of all attempts.
        public var totalSteps = 0
        /// The number of puzzles whose answer came from an attempt that halted.
        public var halted = 0
        /// Answers that the task's scorer accepts, with the name of their share.
        public var accepted: Evaluator.Report.Accepted?
        /// The number of answers that satisfy the rules of the task; nil if the rules are unknown.
        public var validCount: Int?
        /// The sum of the shares of labelled cells whose label is already in the input.
        public var copied = 0.0
        /// The number of puzzles whose first attempt had every cell correct after ``trainedSteps``
        /// segments.
        public var solvedEarly = 0
        /// The maximum number of segments in training.
        public var trainedSteps: Int
        /// The number of puzzles for which the checker accepted the answer of some attempt after
        /// some segment; nil without a checker.
        public var checked: Int?
        /// True if the model searches, and abstains where it finds no answer.
        public var abstains = false
        /// The number of answers of a search that are wrong.
        public var wrongAnswers: Int { abstains ? halted - solved : 0 }

        init(plan: InferenceOptions, setName: String, trainedSteps: Int) {
            self.plan = plan
            self.setName = setName
            self.trainedSteps = trainedSteps
        }

        /// The share of puzzles with every cell correct.
        public var exactAccuracy: Double { share(solved) }
        /// The 95 % confidence interval of ``exactAccuracy``.
        public var exactAccuracyInterval: ConfidenceInterval {
            ConfidenceInterval(successes: solved, of: count)
        }
        /// The mean share of correct cells.
        public var accuracy: Double { accuracySum / Double(max(1, count)) }
        /// The mean accuracy of copying the input.
        public var copyAccuracy: Double { copied / Double(max(1, count)) }
        /// The mean number of segments per puzzle, over all attempts.
        public var meanTotalSteps: Double { share(totalSteps) }
        /// The mean number of segments of the attempts that gave the answers.
        public var meanSteps: Double { share(steps) }

        /// Returns a count as a share of the puzzles.
        public func share(_ part: Int) -> Double { Double(part) / Double(max(1, count)) }
    }

    private let model: HierarchicalReasoningModel
    private let plan: InferenceOptions
    private let slots: Int
    private let workers: Workers
    /// The devices; nil for this machine's processors.
    package var engines: (any EngineProvider)?

    /// Creates an evaluator of one model under one plan.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - plan: The plan used for each puzzle.
    ///   - slots: The number of concurrent attempts; it affects memory and speed, not results.
    ///   - workers: The worker threads.
    public init(
        model: HierarchicalReasoningModel, plan: InferenceOptions, slots: Int, workers: Workers
    ) {
        self.model = model
        self.plan = plan
        self.slots = slots
        self.workers = workers
    }

    /// Evaluates the first puzzles of a split.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: The maximum number of puzzles; nil for all.
    ///   - usesChecker: True to check every answer after every segment with the task's checker, if
    ///     the task has one.
    ///   - onPrediction: Called with every answer, in the order of the split.
    ///   - onSegment: Called after each segment with the number of segments so far, each of which
    ///     advances as many attempts as there are slots, and the number of answered puzzles.
    /// - Returns: The report for all sets together, and one per set in the order of the sets.
    /// - Throws: ``EvaluationError`` if the split does not fit the model; `NonFiniteOutput` if
    ///   logits are not finite.
    public func evaluate(
        _ dataset: PuzzleDataset, limit: Int? = nil, usesChecker: Bool = false,
        onPrediction: (Evaluator.Prediction) -> Void = { _ in },
        onSegment: (_ segments: Int, _ answered: Int) -> Void = { _, _ in }
    ) throws -> (total: Report, sets: [Report]) {
        try Evaluator.check(dataset, fits: model)
        let scorer = dataset.task?.scorer
        let rules = dataset.task?.checker
        let checker = usesChecker ? rules : nil
        let trainedSteps = model.configuration.haltMaxSteps
        func emptyReport(_ name: String) -> Report {
            var report = Report(plan: plan, setName: name, trainedSteps: trainedSteps)
            report.accepted = scorer.map { .init(name: $0.name, count: 0) }
            report.validCount = rules.map { _ in 0 }
            report.abstains = model.configuration.readsCandidates
            report.checked = checker.map { _ in 0 }
            return report
        }
        var total = emptyReport("")
        var sets: [Report] = []
        var examples = ExampleQueue(dataset, limit: limit ?? .max)
        let engines = engines ?? CPUEngineProvider(workers: workers)
        var stream = PuzzleStream(
            engine: try engines.inferenceEngine(of: model, slotCount: slots), task: dataset.task,
            plan: plan, checker: checker, earlySteps: trainedSteps)
        // Questions wait here for their answers, which arrive in the same order.
        var waiting = ArraySlice<ExampleQueue.Example>()
        try stream.solve { _ in
            guard let example = examples.next() else { return .end }
            waiting.append(example)
            return .next(
                PuzzleStream.Question(
                    tokens: Array(example.inputs), identifier: example.puzzleIdentifier))
        } onSegment: { segments in
            onSegment(segments, total.count)
        } answered: { _, solution in
            let example = waiting.removeFirst()
            var answered = emptyReport(example.setName)
            answered.add(solution, to: example, scorer: scorer, rules: rules)
            if sets.last?.setName != example.setName { sets.append(emptyReport(example.setName)) }
            sets[sets.count - 1] += answered
            total += answered
            onPrediction(
                Evaluator.Prediction(
                    setName: example.setName, example: example.number,
                    puzzleIdentifier: example.puzzleIdentifier, inputs: example.inputs,
                    labels: example.labels, tokens: solution.tokens, qHalt: solution.qHalt))
        }
        return (total, sets)
    }
}

extension StreamEvaluator.Report {
    fileprivate mutating func add(
        _ solution: PuzzleSolution, to example: ExampleQueue.Example, scorer: AnswerScorer?,
        rules: PuzzleStream.Checker?
    ) {
        let (isExact, share) = example.rightness(of: solution.tokens)
        count += 1
        // A complete state that the model rejects is no answer.
        solved += isExact && (!abstains || solution.hasHalted) ? 1 : 0
        accuracySum += share
        copied += PuzzleBatch.copyAccuracy(inputs: example.inputs, labels: example.labels)
        if let early = solution.earlyTokens, example.rightness(of: early).isExact {
            solvedEarly += 1
        }
        if rules?(Array(example.inputs), solution.tokens) == true { validCount? += 1 }
        knowing += (solution.qHalt >= 0) == isExact ? 1 : 0
        steps += solution.steps
        totalSteps += solution.totalSteps
        halted += solution.hasHalted ? 1 : 0
        if scorer?.accepts(solution.tokens, to: example.inputs) == true { accepted?.count += 1 }
        if solution.firstValid != nil { checked? += 1 }
    }

    fileprivate static func += (sum: inout Self, other: Self) {
        sum.count += other.count
        sum.solved += other.solved
        sum.solvedEarly += other.solvedEarly
        sum.accuracySum += other.accuracySum
        sum.copied += other.copied
        sum.knowing += other.knowing
        sum.steps += other.steps
        sum.totalSteps += other.totalSteps
        sum.halted += other.halted
        sum.accepted?.count += other.accepted?.count ?? 0
        sum.validCount? += other.validCount ?? 0
        sum.checked? += other.checked ?? 0
    }
}

public import HRMData
public import HRMEngine
import HRMModel
public import HRMTensor

/// Analyses a model's behaviour on many labelled puzzles: the accuracy after each step, the changes
/// of its states, the halting steps and the calibration of its confidence.
///
/// Every puzzle runs all steps; the step at which a halting rule would have ended it is recorded.
public struct ReasoningAnalysis {
    private let model: HierarchicalReasoningModel
    private let engine: ReasoningEngine

    /// Creates a survey of one model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - workers: The worker threads.
    ///   - batchSize: The number of puzzles processed at the same time; it affects memory, not
    ///     results.
    public init(
        model: HierarchicalReasoningModel, workers: Workers,
        batchSize: Int = Evaluator.defaultBatchSize
    ) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: batchSize, workers: workers, training: false)
    }

    /// Watches the first puzzles of a split, all sets together; those without any label are left out.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: Puzzles at most; none for all.
    ///   - maxSteps: Segments of each puzzle; as many as in training unless given.
    ///   - halting: The rule whose steps are counted; that of `InferenceOptions.recommended(for:)` unless
    ///     given.
    ///   - measure: What makes a puzzle hard.
    ///   - progress: Told after each step how many are done, as a share of all.
    /// - Returns: What was seen.
    /// - Throws: ``EvaluationError`` when the split does not fit the model, or the model's results are
    ///   no numbers.
    public func survey(
        _ dataset: PuzzleDataset, limit: Int? = nil, maxSteps: Int? = nil,
        halting: HaltingRule? = nil, measure: DifficultyMeasure = .cells,
        progress: (Double) -> Void = { _ in }
    ) throws(EvaluationError) -> Report {
        try Evaluator.check(dataset, fits: model)
        let maxSteps = maxSteps ?? model.configuration.haltMaxSteps
        precondition(maxSteps >= 1, "\(maxSteps) steps")
        let halting = halting ?? InferenceOptions.recommended(for: model).halting
        var report = Report(
            halting: halting, difficulty: measure.name(for: dataset.task) ?? measure.rawValue,
            stepCount: maxSteps, schedule: model.configuration.schedule)
        var meter = DifficultyMeter(measure, task: dataset.task)
        let recorder = UpdateRecorder(model, reads: false)
        let total = min(limit ?? .max, dataset.exampleCount)
        var done = 0
        for batch in EvaluationBatches(dataset, batchSize: engine.batchSize) {
            let wanted = min(batch.exampleCount, total - done)
            guard wanted > 0 else { break }
            let puzzles = (0..<wanted).filter { row in
                batch.labels[batch.cells(of: row)].contains { $0 != PuzzleBatch.ignoredLabel }
            }
            var carry = Carry(batchSize: engine.batchSize, model: model)
            carry.refill(from: TokenBatch(batch), model: model)
            var before = puzzles.map { Array(batch.inputs[batch.cells(of: $0)]) }
            var halts = puzzles.map { _ in Int?.none }
            var isExact = puzzles.map { _ in false }
            for step in 1...maxSteps {
                let outcomes = engine.evaluationStep(
                    &carry, maxSteps: maxSteps, first: wanted, observer: recorder.observer)
                do throws(NonFiniteOutput) {
                    try engine.requireFinite(first: wanted)
                } catch {
                    throw .output(error)
                }
                let seen = recorder.take()
                for (place, row) in puzzles.enumerated() {
                    let outcome = outcomes[row]
                    let reading = ThinkingTrace.Reading(
                        model.reading(of: engine.outputs.logits, sequence: row),
                        after: before[place], qHalt: outcome.qHalt, qContinue: outcome.qContinue)
                    report.steps[step - 1].add(
                        reading, loss: outcome.loss, labels: batch.labels[batch.cells(of: row)],
                        segment: seen.segments[row])
                    before[place] = reading.tokens
                    isExact[place] = outcome.loss.isExact
                    if halts[place] == nil,
                        halting.halts(
                            qHalt: outcome.qHalt, qContinue: outcome.qContinue,
                            isUnchanged: step > 1 && reading.changed.isEmpty)
                    {
                        halts[place] = step
                        report.solvedAtHalt += outcome.loss.isExact ? 1 : 0
                    }
                }
                report.addUpdates(seen.updates, of: Set(puzzles), step: step)
                let part = Double(step) / Double(maxSteps)
                progress((Double(done) + part * Double(wanted)) / Double(max(1, total)))
            }
            for (place, row) in puzzles.enumerated() {
                let cells = batch.cells(of: row)
                report.add(
                    difficulty: meter.difficulty(
                        inputs: batch.inputs[cells], labels: batch.labels[cells]),
                    haltedAt: halts[place], isSolved: isExact[place])
            }
            done += wanted
        }
        return report
    }
}

extension PuzzleBatch {
    /// Returns the range of a row's cells.
    fileprivate func cells(of row: Int) -> Range<Int> {
        (row * sequenceLength)..<((row + 1) * sequenceLength)
    }
}

package import HRMData
package import HRMEngine
import HRMModel
package import HRMTensor

/// Analyses a model's behaviour on many labelled puzzles: the accuracy after each step, the changes
/// of its states, the halting steps and the calibration of its confidence.
///
/// Every puzzle runs all steps; the step at which a halting rule would have ended it is recorded.
package struct ReasoningAnalysis {
    private let engine: any Engine

    /// Creates an analysis of an engine's model.
    ///
    /// - Parameter engine: An engine for inference; its number of slots affects memory, not results.
    package init(engine: any Engine) {
        self.engine = engine
    }

    /// Creates an analysis of one model.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - workers: The worker threads.
    ///   - batchSize: The number of puzzles processed at the same time; it affects memory, not
    ///     results.
    package init(
        model: HierarchicalReasoningModel, workers: Workers,
        batchSize: Int = Evaluator.defaultBatchSize
    ) {
        self.init(engine: CPUEngine(model: model, slotCount: batchSize, workers: workers))
    }

    /// Analyses the first puzzles of a split, all sets together; puzzles without labels are left
    /// out.
    ///
    /// - Parameters:
    ///   - dataset: A split that fits the model.
    ///   - limit: The maximum number of puzzles; nil for all.
    ///   - maxSteps: The number of segments of each puzzle; the model's own if nil.
    ///   - halting: The rule whose steps are counted; that of the recommended
    ///     `InferenceOptions` if nil.
    ///   - measure: The measure of a puzzle's difficulty.
    ///   - progress: Called after each segment with the share of puzzles done.
    /// - Returns: The report.
    /// - Throws: ``EvaluationError`` if the split does not fit the model, or logits are not finite.
    package func survey(
        _ dataset: PuzzleDataset, limit: Int? = nil, maxSteps: Int? = nil,
        halting: HaltingRule? = nil, measure: DifficultyMeasure = .cells,
        progress: (Double) -> Void = { _ in }
    ) throws(EvaluationError) -> Report {
        try Evaluator.check(dataset, fits: engine.dimensions)
        let maxSteps = maxSteps ?? engine.configuration.haltMaxSteps
        precondition(maxSteps >= 1, "\(maxSteps) steps")
        let halting =
            halting ?? InferenceOptions.recommended(for: engine.configuration).halting
        var report = Report(
            halting: halting, difficulty: measure.name(for: dataset.task) ?? measure.rawValue,
            stepCount: maxSteps, schedule: engine.configuration.schedule)
        var meter = DifficultyMeter(measure, task: dataset.task)
        let recorder = UpdateRecorder(engine, reads: false)
        let total = min(limit ?? .max, dataset.exampleCount)
        var examples = ExampleQueue(dataset, limit: total)
        var open: [Int: OpenPuzzle] = [:]
        var (count, done) = (0, 0)
        var shares = 0.0
        var seen: (updates: [UpdateRecorder.Update], segments: [UpdateRecorder.Segment])?
        var isFinite = true
        var batch = ContinuousBatch(engine: engine)
        batch.run(
            next: { _ in
                while let example = examples.next() {
                    guard example.labels.contains(where: { $0 != PuzzleBatch.ignoredLabel }) else {
                        done += 1
                        continue
                    }
                    open[count] = OpenPuzzle(example: example, before: Array(example.inputs))
                    defer { count += 1 }
                    return .next(
                        ContinuousBatch.Attempt(
                            key: .init(puzzle: count), tokens: Array(example.inputs),
                            labels: Array(example.labels), identifier: example.puzzleIdentifier,
                            maxSteps: maxSteps))
                }
                return .end
            }, observer: recorder.observer,
            onBatch: {
                seen = nil
                progress((Double(done) + shares) / Double(max(1, total)))
                shares = 0
                return isFinite ? .proceed : .stop
            },
            onSegment: { result in
                guard result.isFinite, var puzzle = open[result.key.puzzle] else {
                    isFinite = false
                    return .stop
                }
                // One observation of the whole batch, read when the first slot reports.
                let observed = seen ?? recorder.take()
                if seen == nil {
                    report.addUpdates(observed.updates, step: result.steps)
                    seen = observed
                }
                puzzle.add(
                    result, readout: engine.readout(of: result.slot),
                    segment: observed.segments[result.slot], halting: halting, to: &report)
                open[result.key.puzzle] = puzzle
                guard result.isLast else {
                    shares += Double(result.steps) / Double(maxSteps)
                    return .proceed
                }
                report.add(
                    difficulty: meter.difficulty(
                        inputs: puzzle.example.inputs, labels: puzzle.example.labels),
                    haltedAt: puzzle.haltedAt, isSolved: result.outcome.loss.isExact)
                open[result.key.puzzle] = nil
                done += 1
                return .proceed
            })
        guard isFinite else { throw .output(engine.nonFiniteOutput) }
        return report
    }
}

/// A puzzle whose segments are being analysed.
private struct OpenPuzzle {
    let example: ExampleQueue.Example
    /// The tokens after the preceding segment.
    var before: [Int32]
    /// The segment after which the halting rule would have ended the attempt.
    var haltedAt: Int?

    mutating func add(
        _ result: ContinuousBatch.Progress, readout: TokenReadout,
        segment: UpdateRecorder.Segment, halting: HaltingRule,
        to report: inout ReasoningAnalysis.Report
    ) {
        let step = result.steps
        let reading = ThinkingTrace.Reading(
            readout, after: before, qHalt: result.qHalt, qContinue: result.qContinue)
        report.steps[step - 1].add(
            reading, loss: result.outcome.loss, labels: example.labels, segment: segment)
        before = reading.tokens
        if haltedAt == nil,
            halting.halts(
                qHalt: result.qHalt, qContinue: result.qContinue,
                isUnchanged: step > 1 && reading.changed.isEmpty)
        {
            haltedAt = step
            report.solvedAtHalt += result.outcome.loss.isExact ? 1 : 0
        }
    }
}

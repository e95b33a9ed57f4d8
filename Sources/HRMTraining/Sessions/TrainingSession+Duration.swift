public import HRMData
import HRMEngine
import HRMInference
import HRMModel
public import HRMTensor

extension TrainingSession {
    /// The share of a duration that is planned for training; the rest is a reserve for slowdowns
    /// and for writing the last files, so that the learning rate schedule is completed.
    private static let plannedShare = 0.9
    /// The share of the duration available for timing, and the maximum in seconds.
    private static let timedShare = (share: 0.03, seconds: 10.0)

    /// The steps that fit a duration on this machine, evaluations included, by the time that a few
    /// steps take on weights which are thrown away.
    ///
    /// This is the only place where a clock decides about a result. It does once, before a run begins:
    /// the run's description keeps the number of steps, from which all else follows.
    ///
    /// - Parameters:
    ///   - duration: The time.
    ///   - configuration: Valid settings; their epochs do not matter.
    ///   - training: The training split.
    ///   - test: The test split; none trains without evaluation.
    ///   - limits: Of the evaluations.
    ///   - workers: Threads.
    /// - Returns: A plan of at least one step, also where evaluations alone take longer.
    /// - Throws: ``TrainingSessionError/timeTooShort(seconds:step:)`` when not even one step fits, or
    ///   the errors of a new session.
    public static func plan(
        within duration: Duration, configuration: TrainingConfiguration, training: PuzzleDataset,
        test: PuzzleDataset?, limits: Limits = Limits(), workers: Workers
    ) throws -> StepPlan {
        // The most expensive steps: with the final depth and the whole batch.
        var timed = configuration
        timed.depthCurriculum = nil
        timed.batchWarmupSteps = 0
        var unlimited = limits
        unlimited.steps = 1_000_000_000
        let session = try TrainingSession(
            configuration: timed, training: training, test: test, limits: unlimited,
            workers: workers)
        let seconds = duration / .seconds(1)
        let step = try session.secondsPerStep(
            in: min(seconds * timedShare.share, timedShare.seconds))
        return try session.plan(within: seconds, secondsPerStep: step)
    }

    /// The steps for a time, of which one takes so long.
    func plan(
        within seconds: Double, secondsPerStep step: Double
    ) throws(TrainingSessionError) -> StepPlan {
        guard step <= seconds else { throw .timeTooShort(seconds: seconds, step: step) }
        let interval = stepsPerEvaluation.map(Double.init) ?? .infinity
        let onTheWay = evaluationSeconds(limits.puzzlesPerEvaluation, step)
        let end = evaluationSeconds(limits.puzzlesAtEnd, step)
        let count = (seconds * Self.plannedShare - end) / (step + onTheWay / interval)
        let steps = max(1, Int(min(count.rounded(.down), 1e9)))
        // After the last step there is the evaluation at the end alone.
        let evaluations = stepsPerEvaluation.map { (steps - 1) / $0 } ?? 0
        return StepPlan(
            steps: steps, secondsPerStep: step, evaluationsOnTheWay: test == nil ? 0 : evaluations,
            secondsOnTheWay: onTheWay * Double(evaluations), secondsAtEnd: end)
    }

    /// Returns the time of an evaluation, estimated from its operations.
    private func evaluationSeconds(_ limit: Int?, _ step: Double) -> Double {
        guard let test else { return 0 }
        let cost = SegmentCost(
            configuration: configuration.architecture, dimensions: model.dimensions)
        let puzzles = Double(min(limit ?? .max, test.exampleCount))
        let models = configuration.averagesWeights ? 2.0 : 1
        let segments = models * puzzles * Double(configuration.architecture.haltMaxSteps)
        let ofBatch = Double(configuration.globalBatchSize) * cost.training
        return step * segments * cost.inference / ofBatch
    }

    /// Returns the mean time of some steps; they change the weights of this session.
    private func secondsPerStep(in seconds: Double) throws -> Double {
        var trainer = Trainer(
            model: model, configuration: configuration, totalSteps: totalSteps, workers: workers)
        var batches = try makeBatches()
        let clock = ContinuousClock()
        func advance() -> Double {
            let start = clock.now
            if let batch = batches.next() { _ = trainer.advance(with: TokenBatch(batch)) }
            return (clock.now - start) / .seconds(1)
        }
        // The first step finds memory that was never touched, and is not believed.
        let first = advance()
        guard first < seconds else { return min(first, advance()) }
        var (count, total) = (0, 0.0)
        while total < seconds - first, count < 1000 {
            total += advance()
            count += 1
        }
        return count > 0 ? total / Double(count) : first
    }
}

/// A number of steps for a time, and what is expected to take the time.
public struct StepPlan: Sendable, Hashable {
    /// Steps to make, at least one.
    public var steps: Int
    /// Seconds of a step.
    public var secondsPerStep: Double
    /// Evaluations before the one at the end.
    public var evaluationsOnTheWay: Int
    /// Seconds of these evaluations together.
    public var secondsOnTheWay: Double
    /// Seconds of the evaluation at the end; 0 where there is no test split.
    public var secondsAtEnd: Double

    /// Seconds of all evaluations together.
    public var evaluationSeconds: Double { secondsOnTheWay + secondsAtEnd }
}

public import HRMData
package import HRMEngine
import HRMInference
import HRMModel
public import HRMTensor

extension TrainingSession {
    /// The share of a duration that is planned for training; the rest is a reserve for slowdowns
    /// and for writing the last files, so that the learning rate schedule is completed.
    private static let plannedShare = 0.9
    /// The share of the duration available for timing, and the maximum in seconds.
    private static let timedShare = (share: 0.03, seconds: 10.0)

    /// Plans the number of steps that fit into a duration on this machine, including evaluations;
    /// the time of a step is measured on weights that are then discarded.
    ///
    /// This is the only place where a clock affects a result. It does so once, before a run begins:
    /// the run's description records the number of steps, which determines everything else.
    ///
    /// - Parameters:
    ///   - duration: The time available.
    ///   - configuration: Valid settings; their epochs have no effect.
    ///   - training: The training split.
    ///   - test: The test split; nil to train without evaluation.
    ///   - limits: The limits of the evaluations.
    ///   - workers: The worker threads.
    /// - Returns: A plan of at least one step, even if the evaluations alone take longer.
    /// - Throws: ``TrainingSessionError/timeTooShort(seconds:step:)`` if not even one step fits, or
    ///   the errors of a new session.
    public static func plan(
        within duration: Duration, configuration: TrainingConfiguration, training: PuzzleDataset,
        test: PuzzleDataset?, limits: Limits = Limits(), workers: Workers
    ) throws -> StepPlan {
        try plan(
            within: duration, configuration: configuration, training: training, test: test,
            limits: limits, workers: workers, engines: nil)
    }

    /// Plans the steps of a run on the devices of a provider; nil for this machine's processors.
    package static func plan(
        within duration: Duration, configuration: TrainingConfiguration, training: PuzzleDataset,
        test: PuzzleDataset?, limits: Limits, workers: Workers, engines: (any EngineProvider)?
    ) throws -> StepPlan {
        // The most expensive steps: with the final depth and the whole batch.
        var timed = configuration
        timed.depthCurriculum = nil
        timed.batchWarmupSteps = 0
        var unlimited = limits
        unlimited.steps = 1_000_000_000
        var session = try TrainingSession(
            configuration: timed, training: training, test: test, limits: unlimited,
            workers: workers)
        session.engines = engines
        let seconds = duration / .seconds(1)
        let step = try session.secondsPerStep(
            in: min(seconds * timedShare.share, timedShare.seconds))
        return try session.plan(within: seconds, secondsPerStep: step)
    }

    /// Plans the number of steps that fit into a time, given the duration of one step.
    func plan(
        within seconds: Double, secondsPerStep step: Double
    ) throws(TrainingSessionError) -> StepPlan {
        guard step <= seconds else { throw .timeTooShort(seconds: seconds, step: step) }
        let interval = stepsPerEvaluation.map(Double.init) ?? .infinity
        let onTheWay = evaluationSeconds(limits.puzzlesPerEvaluation, step)
        let end = evaluationSeconds(limits.puzzlesAtEnd, step)
        let count = (seconds * Self.plannedShare - end) / (step + onTheWay / interval)
        let steps = max(1, Int(min(count.rounded(.down), 1e9)))
        // The last step is followed only by the final evaluation.
        let evaluations = stepsPerEvaluation.map { (steps - 1) / $0 } ?? 0
        return StepPlan(
            steps: steps, secondsPerStep: step,
            intermediateEvaluations: test == nil ? 0 : evaluations,
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
        var trainer = try makeTrainer()
        var batches = try makeBatches()
        let clock = ContinuousClock()
        func advance() -> Double {
            let start = clock.now
            if let batch = batches.next() { _ = trainer.advance(with: TokenBatch(batch)) }
            return (clock.now - start) / .seconds(1)
        }
        // The first step is slowed down by memory used for the first time, so it is not counted.
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

/// A planned number of steps, and the expected times of steps and evaluations.
public struct StepPlan: Sendable, Hashable {
    /// The number of steps, at least one.
    public var steps: Int
    /// The expected time of a step in seconds.
    public var secondsPerStep: Double
    /// The number of evaluations before the final one.
    public var intermediateEvaluations: Int
    /// The expected time of these evaluations together, in seconds.
    public var secondsOnTheWay: Double
    /// The expected time of the final evaluation in seconds; 0 without a test split.
    public var secondsAtEnd: Double

    /// The expected time of all evaluations together, in seconds.
    public var evaluationSeconds: Double { secondsOnTheWay + secondsAtEnd }
}

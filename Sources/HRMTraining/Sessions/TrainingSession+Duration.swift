public import HRMData
import HRMModel
public import HRMTensor

extension TrainingSession {
    /// The share of a duration that is planned for training; the rest is a reserve for slowdowns
    /// and for writing the last files, so that the learning rate schedule is completed.
    private static let plannedShare = 0.9
    /// The share of the duration available for timing, and the maximum in seconds.
    private static let timedShare = (share: 0.03, seconds: 10.0)

    /// Returns the number of steps that fit into a duration on this machine, including evaluations;
    /// it is estimated from a few steps on discarded weights.
    ///
    /// This is the only place where the clock affects a result, and only once, before a run starts:
    /// the run's description stores the number of steps, which determines everything else.
    ///
    /// - Parameters:
    ///   - duration: The time.
    ///   - configuration: Valid settings; the number of epochs is ignored.
    ///   - training: The training split.
    ///   - test: The test split; nil to train without evaluation.
    ///   - limits: The limits of the evaluations.
    ///   - workers: The worker threads.
    /// - Returns: At least one step.
    /// - Throws: The errors of a new session.
    public static func steps(
        within duration: Duration, configuration: TrainingConfiguration, training: PuzzleDataset,
        test: PuzzleDataset?, limits: Limits = Limits(), workers: Workers
    ) throws -> Int {
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
        return session.steps(within: seconds, secondsPerStep: step)
    }

    /// Returns the number of steps that fit into a time, given the time per step.
    func steps(within seconds: Double, secondsPerStep step: Double) -> Int {
        let interval = stepsPerEvaluation.map(Double.init) ?? .infinity
        let between = step + evaluationSeconds(limits.puzzlesPerEvaluation, step) / interval
        let end = evaluationSeconds(limits.puzzlesAtEnd, step)
        let count = (seconds * Self.plannedShare - end) / between
        return max(1, Int(min(count.rounded(.down), 1e9)))
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
        // The first step touches newly allocated memory.
        let first = advance()
        var (count, total) = (0, 0.0)
        while total < seconds - first, count < 1000 {
            total += advance()
            count += 1
        }
        return count > 0 ? total / Double(count) : first
    }
}

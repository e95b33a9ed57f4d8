package import HRMEngine
package import HRMModel
package import HRMTensor

/// Measures the inference and training speed of this machine, also as a share of its peak.
///
/// The peak loop runs in the same process right before and right after each part, since the speed
/// of shared machines varies from minute to minute.
package struct EngineBenchmark: Sendable {
    /// The speed of inference segments or training steps.
    package struct Speed: Sendable {
        /// Median time of a segment or step of the whole batch, in seconds.
        package var seconds: Double
        /// Floating-point operations per second, counted by `SegmentCost`.
        package var operationsPerSecond: Double
        /// ``operationsPerSecond`` as a share of the peak loop's, `0 ... 1`.
        package var peakShare: Double
        /// Sequences per second.
        package var sequencesPerSecond: Double
        /// Operations per second and share of the peak of token mixing alone, relative to its own
        /// time; nil for models without token mixing.
        package var mixing: (operationsPerSecond: Double, peakShare: Double)?
        /// Shares of the workers' time by kind of operation; the optimizer is not included.
        package var operationShares: [EngineOperation: Double]
    }

    /// The results of a benchmark.
    package struct Report: Sendable {
        /// Operations per second of the peak loops, averaged over all their runs.
        package var peak: [Precision: Double]
        /// The speed of segments without gradient.
        package var inference: Speed
        /// The speed of complete training steps, including the optimizer.
        package var training: Speed
        /// The process's peak memory in bytes.
        package var peakMemory: Int
    }

    private let configuration: TrainingConfiguration
    private let dimensions: PuzzleDimensions
    private let workers: Workers
    private let duration: Duration
    /// The devices; nil for this machine's processors.
    package var engines: (any EngineProvider)?

    /// - Parameters:
    ///   - configuration: Valid settings: architecture, batch size and precision.
    ///   - dimensions: The dimensions that a data set would determine.
    ///   - workers: The worker threads.
    ///   - duration: The time for each of the two parts.
    package init(
        configuration: TrainingConfiguration, dimensions: PuzzleDimensions, workers: Workers,
        duration: Duration
    ) {
        self.configuration = configuration
        self.dimensions = dimensions
        self.workers = workers
        self.duration = duration
    }

    /// Runs both parts on puzzles of random tokens.
    ///
    /// - Parameter progress: Called with the name of each part before it starts.
    /// - Returns: The results.
    /// - Throws: An error if the devices cannot run the model.
    package func run(progress: (String) -> Void) throws -> Report {
        var generator = SeededGenerator(seed: configuration.seed)
        let model = HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: dimensions, using: &generator)
        let batch = TokenBatch.random(
            size: configuration.globalBatchSize, dimensions: dimensions, using: &generator)
        let cost = SegmentCost(configuration: configuration.architecture, dimensions: dimensions)

        progress("inference")
        let inference = try measure(cost: cost.inference, mixing: cost.mixing.inference) {
            try inferenceRounds(model, batch)
        }
        progress("training")
        let training = try measure(cost: cost.training, mixing: cost.mixing.training) {
            try trainingRounds(model, batch)
        }

        var peak = [Precision: Double]()
        let own = configuration.architecture.forwardPrecision.storage
        for precision in Precision.allCases {
            let speeds =
                precision == own ? inference.peaks + training.peaks : [peakSpeed(precision)]
            peak[precision] = speeds.reduce(0, +) / Double(speeds.count)
        }
        return Report(
            peak: peak, inference: inference.speed, training: training.speed,
            peakMemory: ProcessMemory.peak)
    }

    private func peakSpeed(_ precision: Precision) -> Double {
        PeakThroughput.measure(precision, for: .milliseconds(300), workers: workers)
    }

    private typealias Rounds = (seconds: [Double], times: [EngineOperation: Duration])

    private func measure(
        cost: Double, mixing: Double, _ rounds: () throws -> Rounds
    ) rethrows -> (speed: Speed, peaks: [Double]) {
        let own = configuration.architecture.forwardPrecision.storage
        let before = peakSpeed(own)
        let (seconds, times) = try rounds()
        let after = peakSpeed(own)
        let median = seconds.sorted()[seconds.count / 2]
        let sequences = Double(configuration.globalBatchSize)
        let operations = cost * sequences / median
        let total = times.values.reduce(.zero, +)
        let shares = times.mapValues { $0 / total }
        let peak = (before + after) / 2
        let mixingSpeed = shares[.positionMixing].flatMap {
            mixing > 0 ? mixing * sequences / (median * $0) : nil
        }
        return (
            Speed(
                seconds: median, operationsPerSecond: operations,
                peakShare: operations / peak, sequencesPerSecond: sequences / median,
                mixing: mixingSpeed.map { ($0, $0 / peak) }, operationShares: shares),
            [before, after]
        )
    }

    private var provider: any EngineProvider {
        engines ?? CPUEngineProvider(workers: workers, timed: true)
    }

    private func inferenceRounds(
        _ model: HierarchicalReasoningModel, _ batch: TokenBatch
    ) throws -> Rounds {
        let slots = configuration.globalBatchSize
        let engine = try provider.inferenceEngine(of: model, slotCount: slots)
        var carry = Carry(slotCount: engine.slotCount, dimensions: model.dimensions)
        for slot in carry.refill(from: batch) { engine.begin(slot, noise: nil) }
        return rounds(of: engine) {
            _ = engine.infer(&carry, first: slots, maxSteps: .max, observer: nil)
        }
    }

    private func trainingRounds(
        _ model: HierarchicalReasoningModel, _ batch: TokenBatch
    ) throws -> Rounds {
        // Full depth and size in every step, as the cost assumes.
        var configuration = configuration
        configuration.depthCurriculum = nil
        configuration.batchWarmupSteps = 0
        let engine = try provider.trainingEngine(
            of: model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize, batches: configuration.interleavedBatches)
        var trainer = Trainer(engine: engine, configuration: configuration, totalSteps: .max)
        return rounds(of: engine) { _ = trainer.advance(with: batch) }
    }

    /// Runs `body` repeatedly; engines of other devices do not measure times by operation.
    private func rounds(of engine: any Engine, _ body: () -> Void) -> Rounds {
        let own = engine as? CPUEngine
        let seconds = repeated(warmedUp: { own?.resetTimes() }, body)
        return (seconds, own?.operationTimes ?? [:])
    }

    /// Runs `body` once to warm up, then repeatedly for the requested time, but at least three
    /// times; returns the seconds of each run.
    private func repeated(warmedUp: () -> Void, _ body: () -> Void) -> [Double] {
        body()
        warmedUp()
        let clock = ContinuousClock()
        let start = clock.now
        var seconds: [Double] = []
        while clock.now - start < duration || seconds.count < 3 {
            seconds.append(clock.measure(body) / .seconds(1))
        }
        return seconds
    }
}

extension TokenBatch {
    /// Returns puzzles of random tokens, each with an answer.
    static func random(
        size: Int, dimensions: PuzzleDimensions, using generator: inout SeededGenerator
    ) -> TokenBatch {
        let cells = size * dimensions.sequenceLength
        func tokens(_ count: Int, below bound: Int) -> [Int32] {
            (0..<count).map { _ in Int32.random(in: 0..<Int32(bound), using: &generator) }
        }
        return TokenBatch(
            inputs: tokens(cells, below: dimensions.vocabularySize),
            labels: tokens(cells, below: dimensions.vocabularySize),
            puzzleIdentifiers: tokens(size, below: dimensions.puzzleIdentifierCount))
    }
}

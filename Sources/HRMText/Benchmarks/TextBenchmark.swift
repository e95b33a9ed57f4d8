import HRMTensor

/// Measures prefill and decode of a text model against the machine's limits in the same run.
package struct TextBenchmark {
    /// The extent of a measurement.
    package struct Plan: Sendable {
        /// The number of tokens of the prompt.
        package var promptTokens: Int
        /// The number of decoded tokens.
        package var decodedTokens: Int
        /// The number of sequences at the same time.
        package var rows: Int
        /// The number of repetitions, of which the fastest counts.
        package var rounds: Int

        /// Creates a plan.
        package init(promptTokens: Int, decodedTokens: Int, rows: Int, rounds: Int) {
            self.promptTokens = promptTokens
            self.decodedTokens = decodedTokens
            self.rows = rows
            self.rounds = rounds
        }
    }

    /// The results.
    package struct Report: Sendable {
        /// The seconds of the prompt of one sequence.
        package var prefillSeconds: Double
        /// The seconds of one decode step of all sequences.
        package var stepSeconds: Double
        /// The seconds of each decode step of one sequence alone; nil if there is only one.
        package var singleStepSeconds: Double?
        /// The floating-point operations of the prompt: products and attention.
        package var prefillOperations: Double
        /// The bytes of weights that a step reads.
        package var weightBytes: Int
        /// The bytes of keys and values that a step reads for each sequence, at the end.
        package var cacheBytes: Int
        /// The speed of reading memory, in bytes per second.
        package var memoryThroughput: Double
        /// The peak throughput of multiply-add instructions in the model's precision.
        package var peakThroughput: Double
        /// The process's peak memory before the machine's limits were measured, in bytes.
        package var peakMemory: Int

        /// The number of sequences at the same time.
        package var rows: Int

        /// The share of the memory-bandwidth limit that decoding reaches.
        package var decodeShare: Double {
            Double(weightBytes + rows * cacheBytes) / stepSeconds / memoryThroughput
        }
        /// The share of the peak throughput that the prompt reaches.
        package var prefillShare: Double { prefillOperations / prefillSeconds / peakThroughput }
    }

    private let model: TextModel
    private let plan: Plan
    private let seconds: () -> Double

    /// Creates a benchmark.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - plan: The extent.
    ///   - seconds: A clock: the time since any moment, or the processor time of this process,
    ///     which does not count the pauses in which other processes run.
    package init(model: TextModel, plan: Plan, seconds: @escaping () -> Double) {
        self.model = model
        self.plan = plan
        self.seconds = seconds
    }

    /// Runs the measurements.
    ///
    /// - Parameter peakMemory: Returns the process's peak memory in bytes.
    /// - Returns: The fastest of all rounds.
    /// - Throws: ``TextSessionError`` if the plan does not fit the model.
    package func run(peakMemory: () -> Int) throws(TextSessionError) -> Report {
        let (configuration, weights) = (model.configuration, model.weights)
        let length = plan.promptTokens + plan.decodedTokens
        let tokens = Double(plan.promptTokens)
        let attention =
            4.0 * Double(configuration.headCount * configuration.headSize) * tokens * tokens
            * Double(configuration.cacheSlotCount)
        let operations =
            2 * tokens * Double(weights.productCountPerToken(configuration)) + attention
        var report = Report(
            prefillSeconds: .infinity, stepSeconds: .infinity, singleStepSeconds: nil,
            prefillOperations: operations, weightBytes: weights.byteCountPerToken(configuration),
            cacheBytes: length
                * KeyValueCache.byteCountPerToken(configuration, precision: model.precision),
            memoryThroughput: 0, peakThroughput: 0, peakMemory: 0, rows: plan.rows)
        for round in 0..<plan.rounds {
            let (prefill, step) = try measure(rows: plan.rows)
            report.prefillSeconds = min(report.prefillSeconds, prefill)
            report.stepSeconds = min(report.stepSeconds, step)
            if plan.rows > 1 {
                let single = try measure(rows: 1).step
                report.singleStepSeconds = min(report.singleStepSeconds ?? .infinity, single)
            }
            if round == 0 { report.peakMemory = peakMemory() }
            // The machine's limits between the rounds: other work affects both alike.
            let pool = WorkerPool(workers: model.workers)
            report.memoryThroughput = max(
                report.memoryThroughput,
                MemoryThroughput.measure(byteCount: 1 << 28, rounds: 12, pool: pool))
            report.peakThroughput = max(report.peakThroughput, peakThroughput())
        }
        return report
    }

    /// The peak throughput by the benchmark's clock.
    private func peakThroughput() -> Double {
        let clock = ContinuousClock()
        let (start, first) = (clock.now, seconds())
        let rate = PeakThroughput.measure(
            model.precision, for: .milliseconds(300), workers: model.workers)
        return rate * ((clock.now - start) / .seconds(1)) / (seconds() - first)
    }

    /// Measures a session of its own: the fastest prompt, and the fastest decode step.
    private func measure(rows: Int) throws(TextSessionError) -> (prefill: Double, step: Double) {
        let session = TextSession(
            model: model, capacity: plan.promptTokens + plan.decodedTokens, batch: rows)
        let size = model.configuration.vocabularySize
        var generator = SeededGenerator(seed: 7)
        func token() -> Int32 { Int32(generator.next() % UInt64(size)) }
        var prefill = Double.infinity
        for row in 0..<rows {
            let prompt = TextRow.prompt((0..<plan.promptTokens).map { _ in token() })
            let start = seconds()
            _ = try session.refill(row, with: prompt)
            prefill = min(prefill, seconds() - start)
        }
        var step = Double.infinity
        for _ in 0..<plan.decodedTokens {
            let ids = (0..<rows).map { _ in token() }
            let start = seconds()
            _ = try session.decode(ids)
            step = min(step, seconds() - start)
        }
        return (prefill, step)
    }
}

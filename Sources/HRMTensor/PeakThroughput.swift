internal import CHRMKernels

/// Measures the processor's peak throughput of multiply-add instructions on registers, the baseline
/// for all other speeds.
package enum PeakThroughput {
    /// Runs the loop on all workers for about `duration`.
    ///
    /// - Parameters:
    ///   - precision: The precision of the instruction: products of bfloat16 pairs if the kernels
    ///     have them, otherwise float32.
    ///   - duration: The time to run.
    ///   - workers: The worker threads.
    /// - Returns: Floating-point operations per second of all workers together.
    package static func measure(
        _ precision: Precision, for duration: Duration, workers: Workers
    ) -> Double {
        let clock = ContinuousClock()
        let speeds = workers.map { _ in
            let kernels = unsafe KernelPath.active.kernels
            let start = clock.now
            var operations = 0.0
            while clock.now - start < duration {
                operations += unsafe kernels.peak(precision.code, 20_000)
            }
            return operations / ((clock.now - start) / .seconds(1))
        }
        return speeds.reduce(0, +)
    }
}

internal import CHRMKernels

/// The fastest multiply-and-add of the processor, from registers to registers: what a machine gives
/// at the moment, and what the speed of everything else is measured against.
public enum PeakLoop {
    /// Runs the loop on all workers for about `duration`.
    ///
    /// - Parameters:
    ///   - precision: Whose instruction: products of bfloat16 pairs where the kernels have one for
    ///     them, of float32 otherwise.
    ///   - duration: How long.
    ///   - workers: Threads.
    /// - Returns: Floating-point operations per second, of all workers together.
    public static func measure(
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

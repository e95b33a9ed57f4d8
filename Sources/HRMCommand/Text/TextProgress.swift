import HRMFigures

extension ProgressBar {
    /// The progress of an evaluation.
    ///
    /// - Parameters:
    ///   - done: The number of evaluated items.
    ///   - total: The number of all items.
    ///   - elapsed: Seconds since the start.
    init(done: Int, total: Int, elapsed: Double) {
        let fraction = Double(done) / Double(max(1, total))
        self.init(
            fraction: fraction, step: done, rate: elapsed > 0 ? Double(done) / elapsed : nil,
            secondsLeft: Self.secondsLeft(elapsed: elapsed, fraction: fraction))
    }
}

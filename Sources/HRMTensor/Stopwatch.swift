/// Accumulates the time spent in different operations.
///
/// Every worker has a separate stopwatch, used from one thread at a time.
package final class Stopwatch<Operation: Hashable & Sendable> {
    /// Time spent in each operation so far.
    package private(set) var times: [Operation: Duration] = [:]
    private let clock = ContinuousClock()

    /// Creates a stopwatch with all times zero.
    package init() {}

    /// Runs `body` and adds its duration to the time of `operation`.
    package func time<Result>(_ operation: Operation, _ body: () -> Result) -> Result {
        let start = clock.now
        defer { times[operation, default: .zero] += clock.now - start }
        return body()
    }

    /// Sets all times to zero.
    package func reset() {
        times = [:]
    }
}

// SAFETY: used from one thread at a time, see above.
extension Stopwatch: @unchecked Sendable {}

/// Adds up the time that goes into each of some operations.
///
/// Every worker has one of its own, used from one thread at a time.
public final class Stopwatch<Operation: Hashable & Sendable> {
    /// Time spent in each operation so far.
    public private(set) var times: [Operation: Duration] = [:]
    private let clock = ContinuousClock()

    /// A stopwatch at zero.
    public init() {}

    /// Runs `body` and adds the time it takes to that of `operation`.
    public func time<Result>(_ operation: Operation, _ body: () -> Result) -> Result {
        let start = clock.now
        defer { times[operation, default: .zero] += clock.now - start }
        return body()
    }

    /// Sets all times to zero.
    public func reset() {
        times = [:]
    }
}

// SAFETY: used from one thread at a time, see above.
extension Stopwatch: @unchecked Sendable {}

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The pauses of a loop that waits for a transfer: short ones at first, so that a quick answer is not
/// delayed, then sleep, so that waiting does not occupy a processor.
struct Pause {
    private var turns = 0
    private var start: ContinuousClock.Instant?
    private let clock = ContinuousClock()

    /// Pauses once more.
    mutating func rest() {
        turns += 1
        if turns == 1 { start = clock.now }
        switch turns {
        case ...50: sched_yield()
        case ...200: usleep(20)
        case ...400: usleep(200)
        default: usleep(1000)
        }
    }

    /// Begins again after progress.
    mutating func reset() { turns = 0 }

    /// The time since the first pause in seconds; measured only in longer waits.
    var seconds: Double {
        guard turns > 400, let start else { return 0 }
        return (clock.now - start) / .seconds(1)
    }
}

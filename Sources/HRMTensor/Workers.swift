internal import CHRMKernels
internal import Dispatch

/// The threads a computation is spread over.
///
/// Work is given out by number, never by who is free: worker `w` of `n` always does the same share,
/// so equal seeds and equal worker counts give equal bits.
public struct Workers: Sendable, Hashable {
    /// How many run at the same time.
    public let count: Int

    /// One for each processor that the process may use: its affinity mask and a container's quota
    /// count, not the machine alone.
    public static let available = Workers(count: Processors.available)

    /// - Precondition: `count >= 1`.
    public init(count: Int) {
        precondition(count >= 1, "\(count) workers")
        self.count = count
    }

    /// Whether the system lets the process have a thread for each worker, as far as there are
    /// processors for them; where not, the workers take turns in ``run(_:)``.
    public var haveThreads: Bool {
        count == 1 || SystemThread.canHave(max(1, min(count, Processors.available) - 1))
    }

    /// Runs `body` once for each worker, `0 ..< count`, and returns when all are done.
    ///
    /// Where the system refuses threads, the workers take turns: the result is the same.
    ///
    /// Subnormal numbers count as zero meanwhile: an optimizer's decaying moments would otherwise
    /// spend most of their time in them.
    public func run(_ body: @Sendable (_ worker: Int) -> Void) {
        @Sendable func work(_ worker: Int) {
            let state = hrm_flush_subnormals()
            defer { hrm_restore_subnormals(state) }
            body(worker)
        }
        // The thread pool would wait for its threads without end.
        guard haveThreads else {
            for worker in 0..<count { work(worker) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: count, execute: work)
    }

    /// Runs `body` once for each worker and returns what they returned, in the workers' order.
    public func map<Result: Sendable>(_ body: @Sendable (_ worker: Int) -> Result) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        unsafe results.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: each worker writes the element of its own number and no other.
            nonisolated(unsafe) let shared = unsafe buffer
            run { worker in unsafe shared[worker] = body(worker) }
        }
        return results.compactMap { $0 }
    }

    /// The share of `0 ..< total` that belongs to one worker; shares differ by one at most.
    public func share(of total: Int, worker: Int) -> Range<Int> {
        precondition(
            total >= 0 && (0..<count).contains(worker),
            "the share of worker \(worker) of \(count) in \(total)")
        return (total * worker / count)..<(total * (worker + 1) / count)
    }
}

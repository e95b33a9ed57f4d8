internal import CHRMKernels
internal import Dispatch

/// The threads that share a computation.
///
/// Work is assigned statically: worker `w` of `n` always gets the same share, so equal seeds and
/// equal worker counts give bitwise equal results.
public struct Workers: Sendable, Hashable {
    /// The number of concurrent workers.
    public let count: Int

    /// One worker per processor that the process may use, considering its affinity mask and
    /// container quota.
    public static let available = Workers(count: Processors.available)

    /// - Precondition: `count >= 1`.
    public init(count: Int) {
        precondition(count >= 1, "\(count) workers")
        self.count = count
    }

    /// True if the system can create a thread for each worker, up to the number of processors;
    /// otherwise ``run(_:)`` runs the workers sequentially.
    public var haveThreads: Bool {
        count == 1 || SystemThread.canHave(max(1, min(count, Processors.available) - 1))
    }

    /// Runs `body` once for each worker, `0 ..< count`, and returns when all are done.
    ///
    /// If the system cannot create threads, the workers run sequentially, with the same result.
    ///
    /// Subnormal numbers are flushed to zero meanwhile: an optimizer's decaying moments would
    /// otherwise make arithmetic slow.
    public func run(_ body: @Sendable (_ worker: Int) -> Void) {
        @Sendable func work(_ worker: Int) {
            let state = hrm_flush_subnormals()
            defer { hrm_restore_subnormals(state) }
            body(worker)
        }
        // The thread pool would wait for threads forever.
        guard haveThreads else {
            for worker in 0..<count { work(worker) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: count, execute: work)
    }

    /// Runs `body` once for each worker and returns the results in the workers' order.
    public func map<Result: Sendable>(_ body: @Sendable (_ worker: Int) -> Result) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        unsafe results.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: each worker writes only the element with its own index.
            nonisolated(unsafe) let shared = unsafe buffer
            run { worker in unsafe shared[worker] = body(worker) }
        }
        return results.compactMap { $0 }
    }

    /// Returns one worker's share of `0 ..< total`; the sizes of shares differ by at most one.
    public func share(of total: Int, worker: Int) -> Range<Int> {
        precondition(
            total >= 0 && (0..<count).contains(worker),
            "the share of worker \(worker) of \(count) in \(total)")
        return (total * worker / count)..<(total * (worker + 1) / count)
    }

    /// The elements of a vector of every kernel divide this number.
    private static let block = 64

    /// Returns one worker's share of `0 ..< total` elements, in whole vectors.
    ///
    /// Kernels may round the last elements of an array, fewer than a vector, in another order than
    /// the others. With these shares they are the same elements for any number of workers, so that
    /// the bits of an operation on single elements do not depend on that number.
    public func vectorShare(of total: Int, worker: Int) -> Range<Int> {
        let blocks = share(of: (total + Self.block - 1) / Self.block, worker: worker)
        return min(
            total, blocks.lowerBound * Self.block)..<min(
                total, blocks.upperBound * Self.block)
    }
}

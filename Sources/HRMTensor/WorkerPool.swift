internal import CHRMKernels
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that wait for short pieces of work, each worker with its own scratch memory.
///
/// A token of a text model takes hundreds of pieces of some ten microseconds, which a thread pool
/// of the system would start too slowly. The threads wait actively for a fraction of a millisecond
/// before they sleep. Shares are static, so equal worker counts give bitwise equal results.
///
/// One thread at a time may call ``run(_:)``.
package final class WorkerPool {
    /// The number of workers, including the caller of ``run(_:)``.
    package let count: Int
    private let scratches: [Scratch]
    private let shared: Shared
    /// The number of threads that the system provided; other workers run on the calling thread.
    private let threadCount: Int

    /// Starts the threads.
    package init(workers: Workers) {
        count = workers.count
        scratches = (0..<count).map { _ in Scratch() }
        let shared = Shared(count: count)
        self.shared = shared
        var started = 0
        for worker in 1..<max(1, count) {
            guard (try? SystemThread.start { shared.serve(worker) }) != nil else { break }
            started += 1
        }
        threadCount = started
    }

    deinit {
        shared.isStopping.store(true, ordering: .releasing)
        shared.announce()
    }

    /// Runs `body` once for each worker, and returns when all are done.
    package func run(_ body: @Sendable (_ worker: Int, _ scratch: Scratch) -> Void) {
        let scratches = scratches
        let state = hrm_flush_subnormals()
        defer { hrm_restore_subnormals(state) }
        withoutActuallyEscaping(body) { body in
            if threadCount > 0 {
                unsafe shared.job = { worker in body(worker, scratches[worker]) }
                shared.pending.store(threadCount, ordering: .relaxed)
                shared.announce()
            }
            body(0, scratches[0])
            for worker in (threadCount + 1)..<max(threadCount + 1, count) {
                body(worker, scratches[worker])
            }
            if threadCount > 0 {
                shared.awaitEnd()
                unsafe shared.job = nil
            }
        }
    }

    /// Runs `body` for each worker with a share of `count` items.
    ///
    /// - Parameters:
    ///   - count: The number of items to share.
    ///   - step: The size of every share but the last is a multiple of this number.
    ///   - body: Receives a share, which is not empty, and the worker's scratch memory.
    package func share(
        _ count: Int, inStepsOf step: Int = 1, _ body: @Sendable (Range<Int>, Scratch) -> Void
    ) {
        let workers = Workers(count: self.count)
        let steps = (count + step - 1) / step
        run { worker, scratch in
            let share = workers.share(of: steps, worker: worker)
            guard !share.isEmpty else { return }
            body((share.lowerBound * step)..<min(share.upperBound * step, count), scratch)
        }
    }

    /// The state that the threads share with the pool.
    @safe private final class Shared: @unchecked Sendable {
        // SAFETY: written only while no thread works, and published by `round`.
        nonisolated(unsafe) var job: (@Sendable (Int) -> Void)?
        let round = Atomic<Int>(0)
        let pending = Atomic<Int>(0)
        let isStopping = Atomic<Bool>(false)
        private let beds: [Bed]

        /// The place where a thread sleeps.
        private final class Bed: Sendable {
            let isAsleep = Atomic<Bool>(false)
            let bell = DispatchSemaphore(value: 0)
        }

        init(count: Int) {
            beds = (0..<count).map { _ in Bed() }
        }

        /// Begins a round of work.
        func announce() {
            round.add(1, ordering: .sequentiallyConsistent)
            for bed in beds where bed.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
                bed.bell.signal()
            }
        }

        /// Waits until all threads have finished a round.
        func awaitEnd() {
            var turns = 0
            while pending.load(ordering: .acquiring) > 0 { pause(&turns) }
        }

        /// The life of a thread.
        func serve(_ worker: Int) {
            _ = hrm_flush_subnormals()
            var done = 0
            while true {
                var turns = 0
                while round.load(ordering: .acquiring) == done {
                    if turns < 4096 {
                        pause(&turns)
                        continue
                    }
                    let bed = beds[worker]
                    bed.isAsleep.store(true, ordering: .sequentiallyConsistent)
                    if round.load(ordering: .sequentiallyConsistent) == done {
                        bed.bell.wait()
                    } else if !bed.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
                        bed.bell.wait()
                    }
                }
                done += 1
                if isStopping.load(ordering: .acquiring) { return }
                unsafe job?(worker)
                pending.subtract(1, ordering: .releasing)
            }
        }

        /// Waits a moment; another thread may need the processor if it takes long.
        private func pause(_ turns: inout Int) {
            turns += 1
            if turns.isMultiple(of: 256) { sched_yield() } else { hrm_pause() }
        }
    }
}

// SAFETY: one thread at a time runs work, see above.
extension WorkerPool: @unchecked Sendable {}

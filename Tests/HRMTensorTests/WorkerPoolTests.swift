import HRMTensor
import Synchronization
import Testing

/// Work that waiting threads share.
@Suite struct WorkerPoolTests {
    @Test func everyWorkerRunsOnceInEachRound() {
        for count in [1, 2, 3, 5] {
            let pool = WorkerPool(workers: Workers(count: count))
            let runs = Mutex([Int](repeating: 0, count: count))
            for _ in 0..<500 { pool.run { worker, _ in runs.withLock { $0[worker] += 1 } } }
            #expect(runs.withLock { $0 } == [Int](repeating: 500, count: count))
        }
    }

    @Test func threadsWakeAfterTheySleep() async throws {
        let pool = WorkerPool(workers: Workers(count: 3))
        let sum = Mutex(0)
        for _ in 0..<3 {
            pool.run { worker, _ in sum.withLock { $0 += worker } }
            try await Task.sleep(for: .milliseconds(30))
        }
        #expect(sum.withLock { $0 } == 9)
    }

    @Test func sharesCoverEverythingOnce() {
        for count in [1, 2, 3] {
            let pool = WorkerPool(workers: Workers(count: count))
            for (total, step) in [(0, 1), (1, 4), (10, 4), (12, 4), (7, 1), (100, 6)] {
                let found = Mutex<[Int]>([])
                pool.share(total, inStepsOf: step) { range, _ in
                    found.withLock { $0 += Array(range) }
                    if range.upperBound != total { #expect(range.count.isMultiple(of: step)) }
                }
                #expect(found.withLock { $0 }.sorted() == Array(0..<total))
            }
        }
    }

    @Test func poolsCanWorkAtTheSameTime() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let pool = WorkerPool(workers: Workers(count: 3))
                    let sum = Mutex(0)
                    for _ in 0..<200 { pool.run { worker, _ in sum.withLock { $0 += worker } } }
                    return sum.withLock { $0 }
                }
            }
            for await sum in group { #expect(sum == 600) }
        }
    }
}

import HRMTensor
import Synchronization
import Testing

@Suite struct WorkersTests {
    @Test func sharesCoverEverythingOnce() {
        for count in 1...7 {
            let workers = Workers(count: count)
            for total in [0, 1, 2, 3, 7, 8, 100] {
                let shares = (0..<count).map { workers.share(of: total, worker: $0) }
                #expect(shares.flatMap { Array($0) } == Array(0..<total), "\(total) by \(count)")
                let sizes = shares.map(\.count)
                #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(total) by \(count)")
            }
        }
    }

    @Test func everyWorkerRunsOnce() {
        for count in [1, 2, 3, 8] {
            let runs = Mutex([Int](repeating: 0, count: count))
            Workers(count: count).run { worker in runs.withLock { $0[worker] += 1 } }
            #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
        }
    }

    @Test func resultsComeInTheWorkersOrder() {
        for count in [1, 2, 3, 17] {
            #expect(
                Workers(count: count).map { "\($0)" } == (0..<count).map { "\($0)" })
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000, 4097])
    func sharesOfVectorsDivideTheElements(total: Int) {
        for count in [1, 2, 3, 17] {
            let workers = Workers(count: count)
            let shares = (0..<count).map { workers.vectorShare(of: total, worker: $0) }
            #expect(shares.flatMap { Array($0) } == Array(0..<total))
            #expect(shares.allSatisfy { $0.lowerBound % 64 == 0 || $0.lowerBound == total })
        }
    }

    /// Subnormal numbers are flushed to zero during the work, and only then.
    @Test func subnormalsAreFlushedMeanwhile() {
        @Sendable func halved(_ value: Float) -> Float {
            let (table, output) = (
                Matrix([value], rows: 1, columns: 1), Matrix(rows: 1, columns: 1)
            )
            Embedding.write((table, 0), plus: nil, scale: 0.5, to: output, row: 0)
            return output[0, 0]
        }
        let least = Float.leastNormalMagnitude
        #expect(halved(least) == least / 2)
        #if arch(x86_64) || arch(arm64)
            #expect(Workers(count: 2).map { _ in halved(least) } == [0, 0])
        #endif
        #expect(halved(least) == least / 2)
    }
}

/// Workers that process one micro-batch together, each with its own scratch memory.
///
/// With enough sequences, every worker has its own micro-batch and is a team of one. A single
/// puzzle has a team of all workers, which share its rows and synchronize between operations.
package struct Team: Sendable {
    private let workers: Workers
    private let scratches: [Scratch]

    /// Creates a team.
    package init(workers: Workers = Workers(count: 1)) {
        self.workers = workers
        scratches = (0..<workers.count).map { _ in Scratch() }
    }

    /// The scratch memory for work that one member does for all.
    package var scratch: Scratch { scratches[0] }

    /// Runs `body` for each member with a share of `count` items, and returns when all are done.
    ///
    /// - Parameters:
    ///   - count: The number of items to share.
    ///   - step: The size of every share but the last is a multiple of this number.
    ///   - body: Receives a share and the member's scratch memory.
    package func share(
        _ count: Int, inStepsOf step: Int = 1, _ body: @Sendable (Range<Int>, Scratch) -> Void
    ) {
        guard workers.count > 1 else {
            body(0..<count, scratches[0])
            return
        }
        let steps = (count + step - 1) / step
        workers.run { worker in
            let share = workers.share(of: steps, worker: worker)
            guard !share.isEmpty else { return }
            body((share.lowerBound * step)..<min(share.upperBound * step, count), scratches[worker])
        }
    }

    /// Shares rows of activations, in multiples that suit the products.
    package func shareRows(_ rows: Int, _ body: @Sendable (Range<Int>, Scratch) -> Void) {
        share(rows, inStepsOf: 6, body)
    }
}

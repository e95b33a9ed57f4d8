/// The workers who take one micro-batch through its operations together, each with scratch memory of
/// its own.
///
/// Where there are enough sequences, every worker has a micro-batch and is a team of one. A single
/// puzzle has a team of all workers, who share its rows and wait for each other between operations.
public struct Team: Sendable {
    private let workers: Workers
    private let scratches: [Scratch]

    /// A team.
    public init(workers: Workers = Workers(count: 1)) {
        self.workers = workers
        scratches = (0..<workers.count).map { _ in Scratch() }
    }

    /// Scratch memory for what one of them does for all.
    public var scratch: Scratch { scratches[0] }

    /// Runs `body` once for each member that has a share of `count` things, and returns when all
    /// are done.
    ///
    /// - Parameters:
    ///   - count: Things to share.
    ///   - step: Things that stay together: every share but the last is a multiple.
    ///   - body: Is given a share and the member's scratch memory.
    public func share(
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

    /// Shares rows of activations, in heights that suit the products.
    public func shareRows(_ rows: Int, _ body: @Sendable (Range<Int>, Scratch) -> Void) {
        share(rows, inStepsOf: 6, body)
    }
}

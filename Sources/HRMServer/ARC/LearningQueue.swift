import Synchronization

/// Lets a number of tasks work at the same time; the others wait in their order.
final class LearningQueue: Sendable {
    private struct State {
        var running = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var count = 0
        var cancelled: Set<Int> = []
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: The number of tasks that work at the same time.
    init(limit: Int) {
        precondition(limit >= 1, "\(limit) tasks at the same time")
        self.limit = limit
    }

    /// True if a further task would have to wait.
    var isFull: Bool { state.withLock { $0.running >= limit } }

    /// Does work as soon as it is its turn.
    ///
    /// - Parameter body: The work.
    /// - Returns: The result of `body`.
    /// - Throws: The error of `body`; `CancellationError`.
    func with<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let isAdmitted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let admitted: Bool? = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return false }
                    guard state.running < limit else {
                        state.waiting.append((number, continuation))
                        return nil
                    }
                    state.running += 1
                    return true
                }
                if let admitted { continuation.resume(returning: admitted) }
            }
        } onCancel: {
            cancel(number)
        }
        guard isAdmitted else { throw CancellationError() }
        defer { leave(number) }
        try Task.checkCancellation()
        return try await body()
    }

    private func cancel(_ number: Int) {
        let continuation = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return CheckedContinuation<Bool, Never>?.none
            }
            return state.waiting.remove(at: index).continuation
        }
        continuation?.resume(returning: false)
    }

    private func leave(_ number: Int) {
        let next = state.withLock { state in
            state.cancelled.remove(number)
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return CheckedContinuation<Bool, Never>?.none
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}

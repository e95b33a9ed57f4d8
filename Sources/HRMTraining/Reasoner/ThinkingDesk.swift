import HRMModel
import HRMTensor
import Synchronization

/// Where a reasoner thinks: requests come from any thread, and one thread thinks about many of them
/// at the same time.
///
/// The thread exists while there are requests, and is none of the pool that tasks run on, so that these go
/// on meanwhile. Where the system has no thread left, requests end with an error.
final class ThinkingDesk: Sendable {
    /// A puzzle that somebody waits for.
    struct Request: Sendable {
        var attempts: PuzzleAttempts
        /// Set when nobody waits any more; looked at once a segment.
        let cancellation: Cancellation
        /// Looks at every answer, and ends the request when it accepts one.
        var checker: PuzzleStream.Checker?
        /// Shown what each attempt thinks after each segment.
        var observer: (@Sendable (PuzzleReasoner.Thought) -> Void)?
        /// Called once; with nil when the request was cancelled.
        let finish: @Sendable (Result<PuzzleSolution, ReasonerError>?) -> Void
    }

    /// A wish that can come from any thread.
    final class Cancellation: Sendable {
        private let flag = Atomic<Bool>(false)
        var isWanted: Bool { flag.load(ordering: .relaxed) }
        func request() { flag.store(true, ordering: .relaxed) }
    }

    /// When the desk is left after a look into the inbox.
    private enum Leaving {
        case never
        case ifNothingCame
        case always
    }

    private struct Inbox {
        var requests: [Request] = []
        /// Whether somebody is at the desk.
        var isAttended = false
    }

    private let model: HierarchicalReasoningModel
    private let slots: Int
    private let workers: Workers
    private let inbox = Mutex(Inbox())
    /// Taken by who is at the desk; its memory is allocated with the first request.
    private let batch = Mutex<ContinuousBatch?>(nil)
    private let startThread: ThreadStart

    /// Runs something on a thread of its own; returns whether there is one.
    typealias ThreadStart = @Sendable (_ body: @escaping @Sendable () -> Void) -> Bool

    /// A desk at which nobody sits yet.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - slots: Attempts at the same time.
    ///   - workers: Threads that compute.
    ///   - startThread: Makes the thread that thinks.
    init(
        model: HierarchicalReasoningModel, slots: Int, workers: Workers,
        startThread: @escaping ThreadStart = DetachedThread.start
    ) {
        precondition(slots >= 1, "\(slots) slots")
        self.startThread = startThread
        self.model = model
        self.slots = slots
        self.workers = workers
    }

    /// Takes in a request; returns at once.
    ///
    /// - Parameter request: The request.
    /// - Returns: Whether there is a thread for it; if not, it has ended with an error.
    @discardableResult
    func submit(_ request: Request) -> Bool {
        let isAttended = inbox.withLock { inbox in
            inbox.requests.append(request)
            defer { inbox.isAttended = true }
            return inbox.isAttended
        }
        guard !isAttended, !startThread({ self.work() }) else { return true }
        // Nobody will come to the desk for those that came in meanwhile either.
        for request in newRequests(leaving: .always) {
            request.finish(.failure(.noThread))
        }
        return false
    }

    /// Takes what has come in.
    ///
    /// - Parameter leaving: Whether the desk is left.
    /// - Returns: The requests, in the order in which they came.
    private func newRequests(leaving: Leaving = .never) -> [Request] {
        inbox.withLock { inbox in
            defer { inbox.requests = [] }
            if leaving == .always || leaving == .ifNothingCame && inbox.requests.isEmpty {
                inbox.isAttended = false
            }
            return inbox.requests
        }
    }

    /// Thinks until nobody waits for anything.
    private func work() {
        let open = OpenRequests()
        batch.withLock { batch in
            var current =
                batch ?? ContinuousBatch(model: model, slots: slots, workers: workers)
            let engine = current.engine
            current.run { isIdle in
                open.add(newRequests())
                if let attempt = open.nextAttempt() { return .next(attempt) }
                guard isIdle else { return .nothingYet }
                open.add(newRequests(leaving: .ifNothingCame))
                return open.nextAttempt().map { .next($0) } ?? .end
            } onSegment: {
                guard $0.isFinite else {
                    open.fail($0.key.puzzle, .nonFiniteOutput(engine.nonFiniteOutput))
                    return .stop
                }
                return open.take($0)
            }
            batch = current
        }
    }
}

/// The requests that are being thought about.
private final class OpenRequests {
    private var requests: [Int: ThinkingDesk.Request] = [:]
    /// Those with attempts that are not begun, each in turn: one with many does not keep the others
    /// waiting.
    private var turns: ArraySlice<Int> = []
    private var count = 0

    func add(_ more: [ThinkingDesk.Request]) {
        for request in more {
            requests[count] = request
            turns.append(count)
            count += 1
        }
    }

    func nextAttempt() -> ContinuousBatch.Attempt? {
        while let key = turns.popFirst() {
            guard isWanted(key), let attempt = requests[key]?.attempts.next(of: key) else {
                continue
            }
            turns.append(key)
            return attempt
        }
        return nil
    }

    func take(_ progress: ContinuousBatch.Progress) -> ContinuousBatch.Decision {
        let key = progress.key.puzzle
        guard isWanted(key), var request = requests[key] else { return .stop }
        requests[key] = nil
        let decision = request.attempts.take(
            progress, checker: request.checker, stopsAtValid: true, observer: request.observer)
        if let solution = request.attempts.solution {
            request.finish(.success(solution))
        } else {
            requests[key] = request
            // It may want to begin again.
            if decision == .stop, !turns.contains(key) { turns.append(key) }
        }
        return decision
    }

    /// Ends a request, which may have ended before.
    func fail(_ key: Int, _ error: ReasonerError) {
        requests.removeValue(forKey: key)?.finish(.failure(error))
    }

    /// Whether somebody waits for a request; if not, it is gone.
    private func isWanted(_ key: Int) -> Bool {
        guard let request = requests[key] else { return false }
        guard request.cancellation.isWanted else { return true }
        requests[key] = nil
        request.finish(nil)
        return false
    }
}

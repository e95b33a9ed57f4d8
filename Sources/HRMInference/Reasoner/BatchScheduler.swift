import HRMEngine
import HRMModel
import HRMTensor
import Synchronization

/// The scheduler of a reasoner: accepts requests from any thread and processes them in one batch on
/// a single thread.
///
/// The thread exists only while there are requests and is not part of the cooperative pool, so it
/// never blocks other tasks. If the system cannot start a thread, requests end with an error.
final class BatchScheduler: Sendable {
    /// A puzzle to be solved.
    struct Request: Sendable {
        var attempts: SolveJob
        /// Set when the result is no longer needed; checked once per segment.
        let cancellation: Cancellation
        /// Checks every answer; the request ends when it accepts one.
        var checker: PuzzleStream.Checker?
        /// Called with each attempt's output after each segment.
        var observer: (@Sendable (StepOutput) -> Void)?
        /// Called with each step and its changes of the states, in addition to the observer.
        var tracer: Tracer?
        /// Called once, with nil if the request was cancelled.
        let finish: @Sendable (Result<PuzzleSolution, ReasonerError>?) -> Void
    }

    /// The receiver of a puzzle's steps.
    struct Tracer: Sendable {
        /// The puzzle, `[S]`.
        var question: [Int32]
        /// True to copy the model's outputs into each step.
        var keepsOutputs = false
        /// Called after each segment.
        var report: @Sendable (TracedStep) -> Void
    }

    /// A cancellation flag that any thread can set.
    final class Cancellation: Sendable {
        private let flag = Atomic<Bool>(false)
        var isWanted: Bool { flag.load(ordering: .relaxed) }
        func request() { flag.store(true, ordering: .relaxed) }
    }

    /// The condition under which the working thread stops when it reads the inbox.
    private enum Leaving {
        case never
        case ifNothingCame
        case always
    }

    private struct Inbox {
        var requests: [Request] = []
        /// True while a thread processes requests.
        var isAttended = false
    }

    private let model: HierarchicalReasoningModel
    private let slots: Int
    private let workers: Workers
    private let inbox = Mutex(Inbox())
    /// Held by the working thread; its memory is allocated with the first request.
    private let batch = Mutex<ContinuousBatch?>(nil)
    private let startThread: ThreadStart

    /// Runs a closure on a new thread; returns false if none could be started.
    typealias ThreadStart = @Sendable (_ body: @escaping @Sendable () -> Void) -> Bool

    /// Creates a scheduler without a running thread.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - slots: The number of concurrent attempts.
    ///   - workers: The worker threads.
    ///   - startThread: Starts the thread that processes requests.
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

    /// Adds a request and returns immediately.
    ///
    /// - Parameter request: The request.
    /// - Returns: True if a thread processes it; otherwise it has ended with an error.
    @discardableResult
    func submit(_ request: Request) -> Bool {
        let isAttended = inbox.withLock { inbox in
            inbox.requests.append(request)
            defer { inbox.isAttended = true }
            return inbox.isAttended
        }
        guard !isAttended, !startThread({ self.work() }) else { return true }
        // Requests that arrived in the meantime have no thread, either.
        for request in newRequests(leaving: .always) {
            request.finish(.failure(.noThread))
        }
        return false
    }

    /// Returns the requests that have arrived.
    ///
    /// - Parameter leaving: The condition under which the working thread stops.
    /// - Returns: The requests in order of arrival.
    private func newRequests(leaving: Leaving = .never) -> [Request] {
        inbox.withLock { inbox in
            defer { inbox.requests = [] }
            if leaving == .always || leaving == .ifNothingCame && inbox.requests.isEmpty {
                inbox.isAttended = false
            }
            return inbox.requests
        }
    }

    /// Processes requests until there are none left.
    private func work() {
        let open = RequestQueue()
        batch.withLock { batch in
            var current =
                batch ?? ContinuousBatch(model: model, slots: slots, workers: workers)
            let engine = current.engine
            let recorder = StepRecorder(engine)
            current.run(
                next: { isIdle in
                    open.add(newRequests())
                    defer { recorder.begin(isWanted: open.hasTracer) }
                    if let attempt = open.nextAttempt() { return .next(attempt) }
                    guard isIdle else { return .pending }
                    open.add(newRequests(leaving: .ifNothingCame))
                    return open.nextAttempt().map { .next($0) } ?? .end
                }, observer: recorder.observer,
                onBatch: {
                    recorder.begin(isWanted: open.hasTracer)
                    return .proceed
                }
            ) {
                guard $0.isFinite else {
                    open.fail($0.key.puzzle, .nonFiniteOutput(engine.nonFiniteOutput))
                    return .stop
                }
                return open.take($0, recorder: recorder)
            }
            batch = current
        }
    }
}

/// The requests in progress.
private final class RequestQueue {
    private var requests: [Int: BatchScheduler.Request] = [:]
    /// The requests with attempts that have not started, in round-robin order, so that one with
    /// many attempts does not delay the others.
    private var turns: ArraySlice<Int> = []
    private var count = 0
    private var tracerCount = 0

    /// True if a request wants its steps.
    var hasTracer: Bool { tracerCount > 0 }

    func add(_ more: [BatchScheduler.Request]) {
        for request in more {
            requests[count] = request
            if request.tracer != nil { tracerCount += 1 }
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

    func take(
        _ progress: ContinuousBatch.Progress, recorder: StepRecorder
    ) -> ContinuousBatch.Decision {
        let key = progress.key.puzzle
        guard isWanted(key), var request = requests[key] else { return .stop }
        requests[key] = nil
        if let tracer = request.tracer,
            let step = recorder.step(
                progress, of: tracer.question, keepsOutputs: tracer.keepsOutputs)
        {
            tracer.report(step)
        }
        let decision = request.attempts.take(
            progress, checker: request.checker, stopsAtValid: true, observer: request.observer)
        if let solution = request.attempts.solution {
            if request.tracer != nil { tracerCount -= 1 }
            request.finish(.success(solution))
        } else {
            requests[key] = request
            // The request may need another attempt.
            if decision == .stop, !turns.contains(key) { turns.append(key) }
        }
        return decision
    }

    /// Ends a request, which may have ended before.
    func fail(_ key: Int, _ error: ReasonerError) {
        remove(key)?.finish(.failure(error))
    }

    /// Returns whether a request is still needed; cancelled requests are removed.
    private func isWanted(_ key: Int) -> Bool {
        guard let request = requests[key] else { return false }
        guard request.cancellation.isWanted else { return true }
        remove(key)
        request.finish(nil)
        return false
    }

    @discardableResult
    private func remove(_ key: Int) -> BatchScheduler.Request? {
        let request = requests.removeValue(forKey: key)
        if request?.tracer != nil { tracerCount -= 1 }
        return request
    }
}

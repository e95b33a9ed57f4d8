public import HRMData
public import HRMTensor
import Synchronization

/// Solves ARC tasks that no model was trained on, by learning each from its own demonstrations.
///
/// A small network with random weights is trained on the demonstrations and test inputs of one
/// task alone; what it puts into the missing outputs is the answer (Liao & Gu, *ARC-AGI Without
/// Pretraining*, arXiv 2512.06104). Correct answers that a task has are dropped before learning.
///
/// ```swift
/// let solver = PerTaskSolver(options: PerTaskOptions(steps: 1000))
/// for await progress in try solver.progress(of: task) {
///     print(progress.step, progress.loss, progress.attempts)
/// }
/// ```
///
/// Every task occupies one thread; further ones wait for a free one, so several tasks are solved at
/// the same time by asking for all of them at once. Tasks that await answers block no thread. An
/// answer depends on the task, the options and the seed alone.
public final class PerTaskSolver: Sendable {
    /// The options for tasks.
    public let options: PerTaskOptions
    private let queue: TaskQueue
    private let makeLearner: TaskRun.LearnerFactory

    /// Creates a solver.
    ///
    /// - Parameters:
    ///   - options: The options for every task.
    ///   - workers: The number of tasks that are learned at the same time.
    public convenience init(
        options: PerTaskOptions = PerTaskOptions(), workers: Workers = .available
    ) {
        self.init(options: options, workers: workers, makeLearner: TaskRun.makeLearner)
    }

    /// Creates a solver with another learner.
    package init(
        options: PerTaskOptions, workers: Workers,
        makeLearner: @escaping TaskRun.LearnerFactory
    ) {
        self.options = options
        self.makeLearner = makeLearner
        queue = TaskQueue(limit: workers.count)
    }

    /// Solves a task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - onStep: Called after each step by the learning thread.
    /// - Returns: The answers. If the awaiting task is cancelled, those of the steps so far.
    /// - Throws: ``TaskExamplesError`` if the task cannot be learned; ``PerTaskError`` if there is
    ///   no thread; `CancellationError` if the awaiting task is cancelled before the first step.
    public func solve(
        _ task: ARCTask, onStep: (@Sendable (PerTaskProgress) -> Void)? = nil
    ) async throws -> PerTaskSolution {
        let examples = try TaskExamples(task)
        let cancellation = Cancellation()
        let solution: PerTaskSolution? = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = start(
                    task, examples,
                    observer: { run in onStep?(run.progress) },
                    shouldStop: { cancellation.isRequested },
                    finish: { continuation.resume(returning: $0) })
                if !isAccepted { continuation.resume(throwing: PerTaskError.noThread) }
            }
        } onCancel: {
            cancellation.request()
        }
        guard let solution else { throw CancellationError() }
        return solution
    }

    /// Returns the progress of a task after each step.
    ///
    /// Learning begins at once, and ends early when the reading task is cancelled or stops reading.
    /// A slow reader misses steps, but not the last one, which has an
    /// ``PerTaskProgress/ending-swift.property``.
    ///
    /// - Parameter task: The task.
    /// - Returns: The progress.
    /// - Throws: ``TaskExamplesError`` if the task cannot be learned; ``PerTaskError`` if there is
    ///   no thread.
    public func progress(of task: ARCTask) throws -> AsyncStream<PerTaskProgress> {
        let examples = try TaskExamples(task)
        let (stream, continuation) = AsyncStream<PerTaskProgress>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        let cancellation = Cancellation()
        continuation.onTermination = { _ in cancellation.request() }
        let isAccepted = start(
            task, examples,
            observer: { run in continuation.yield(run.progress) },
            shouldStop: { cancellation.isRequested }, finish: { _ in continuation.finish() })
        guard isAccepted else { throw PerTaskError.noThread }
        return stream
    }

    /// Starts the learning of a task when a thread is free.
    ///
    /// - Parameters:
    ///   - task: The task; its correct answers are compared with the candidates at the end.
    ///   - examples: The part of the task that is learned from.
    ///   - observer: Called after each step by the learning thread.
    ///   - shouldStop: Returns true to end the learning; called before each step.
    ///   - finish: Called at the end with the answers; nil if no step was made.
    /// - Returns: False if the system has no thread; `finish` is then not called.
    package func start(
        _ task: ARCTask, _ examples: TaskExamples,
        observer: @escaping @Sendable (TaskRun) -> Void,
        shouldStop: @escaping @Sendable () -> Bool,
        finish: @escaping @Sendable (PerTaskSolution?) -> Void
    ) -> Bool {
        queue.submit { [options, makeLearner] in
            guard !shouldStop() else {
                finish(nil)
                return
            }
            let run = TaskRun(examples, options: options, makeLearner: makeLearner)
            while run.ending == nil, !shouldStop() {
                run.step()
                observer(run)
            }
            finish(
                run.learner.stepCount == 0 ? nil : run.solution(of: task, isCancelled: true))
        }
    }
}

/// A request to end the learning of a task.
private final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isRequested: Bool { flag.load(ordering: .relaxed) }

    func request() { flag.store(true, ordering: .relaxed) }
}

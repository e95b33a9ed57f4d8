import HRMData
import HRMFiles
import HRMPerTask
import HRMTensor
import Synchronization

/// Learns ARC tasks from their demonstrations and tells the progress.
final class LearnHandler: Sendable {
    private let load: ServerLoad
    private let queue: LearningQueue

    /// The interval between two events of progress.
    private static let interval = Duration.milliseconds(100)
    private static let usualStableSteps = 300

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - load: The limits.
    ///   - workers: The number of tasks that are learned at the same time.
    init(load: ServerLoad, workers: Workers) {
        self.load = load
        queue = LearningQueue(limit: workers.count)
    }

    /// Answers `POST /v1/arc/learn`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let task = try ARCTask(members.any("task"), at: "body.task")
        let limit = load.limits.learningMinutes
        let minutes = min(limit, try members.number("minutes", in: 0.001...120) ?? limit)
        let stable = try members.integer("stable_steps", in: 0...20_000) ?? Self.usualStableSteps
        let options = PerTaskOptions(
            steps: try members.integer("steps", in: 1...20_000) ?? PerTaskOptions.publishedSteps,
            duration: .seconds(minutes * 60), stableSteps: stable > 0 ? stable : nil,
            seed: UInt64(try members.integer("seed", in: 0...(1 << 53 - 1)) ?? 0))
        try members.finish()
        let examples: TaskExamples
        do {
            examples = try TaskExamples(task)
        } catch {
            throw HTTPError(.unprocessableContent, error, at: "body.task")
        }
        let place = try load.place([.streams, .learning])
        return .events { [queue] events in
            defer { place.release() }
            try await events.send(
                "begin",
                .object([
                    "task": .text(task.name), "steps": .integer(options.steps),
                    "minutes": .number(minutes), "stable_steps": .integer(stable),
                    "seed": .integer(Int(options.seed)), "tests": .integer(task.tests.count),
                    "waiting": .flag(queue.isFull),
                ]))
            try await queue.with {
                try await Self.learn(task, examples, options: options, events)
            }
        }
    }

    private static func learn(
        _ task: ARCTask, _ examples: TaskExamples, options: PerTaskOptions, _ events: EventStream
    ) async throws {
        let record = LearningRecord(interval: interval)
        let flag = CancellationFlag()
        let (stream, continuation) = AsyncStream<LearningRecord.Message>.makeStream()
        continuation.onTermination = { _ in flag.set() }
        let solver = PerTaskSolver(options: options, workers: Workers(count: 1))
        let isAccepted = solver.start(
            task, examples,
            observer: { run in
                if let message = record.take(run) { continuation.yield(message) }
            },
            shouldStop: { flag.isSet },
            finish: { solution in
                if let solution { continuation.yield(.solution(solution)) }
                continuation.finish()
            })
        guard isAccepted else {
            throw HTTPError(
                .serviceUnavailable, "the system has no thread", at: "server",
                remedy: "try again later", retryAfter: 5)
        }
        for await message in stream {
            switch message {
            case .progress(let progress, let curve):
                try await events.send("progress", members(of: progress, curve: curve, task: task))
            case .solution(let solution):
                try await events.send("result", .object(solution.members))
            }
        }
        try Task.checkCancellation()
    }

    private static func members(
        of progress: PerTaskProgress, curve: [(step: Int, loss: Double)], task: ARCTask
    ) -> JSONValue {
        let attempts = progress.attempts.enumerated().map { test, attempts in
            JSONValue.list(
                attempts.map { attempt in
                    .object([
                        "grid": attempt.grid.jsonRows, "sureness": .number(attempt.sureness),
                        "right": task.tests[test].output.map { .flag($0 == attempt.grid) } ?? .null,
                    ])
                })
        }
        let left =
            progress.fraction > 0
            ? progress.seconds * (1 - progress.fraction) / progress.fraction : nil
        return .object([
            "step": .integer(progress.step), "fraction": .number(progress.fraction),
            "loss": .number(progress.loss), "divergence": .number(progress.divergence),
            "reconstruction": .number(progress.reconstruction), "attempts": .list(attempts),
            "latest": .list(progress.latest.map(\.jsonRows)),
            "stable_steps": .integer(progress.stableSteps), "seconds": .number(progress.seconds),
            "seconds_left": left.map { .number($0) } ?? .null,
            "curve": .list(
                curve.filter(\.loss.isFinite).map { .list([.integer($0.step), .number($0.loss)]) }),
        ])
    }
}

/// Collects the steps of a learned task for events.
final class LearningRecord: Sendable {
    /// A message of the learning thread.
    enum Message: Sendable {
        case progress(PerTaskProgress, curve: [(step: Int, loss: Double)])
        case solution(PerTaskSolution)
    }

    private struct State {
        var curve: [(step: Int, loss: Double)] = []
        var last: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let interval: Duration

    /// - Parameter interval: The least time between two messages.
    init(interval: Duration) {
        self.interval = interval
    }

    /// Records a step; returns a message if one is due.
    func take(_ run: TaskRun) -> Message? {
        let progress = run.progress
        let now = ContinuousClock.now
        return state.withLock { state in
            state.curve.append((progress.step, progress.loss))
            guard progress.ending != nil || state.last.map({ now - $0 >= interval }) ?? true else {
                return nil
            }
            state.last = now
            defer { state.curve = [] }
            return .progress(progress, curve: state.curve)
        }
    }
}

import Dispatch
import HRMData
import HRMPerTask
import Synchronization

/// The progress of tasks that several threads learn, read by the thread that displays it.
final class LearningBoard: Sendable {
    /// The state of one task.
    struct Entry {
        /// The progress after the last shown step.
        var progress: PerTaskProgress?
        /// The progress after the steps of an animation.
        var history: [PerTaskProgress] = []
        /// The answers; nil while the task is learned, or if it was not begun.
        var solution: PerTaskSolution?
        /// True if the learning has ended.
        var isFinished = false
    }

    /// The interval at which progress is recorded for the display.
    private static let interval = Duration.milliseconds(100)

    private let entries: Mutex<[Entry]>
    private let keepsHistory: Bool
    private let change = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - count: The number of tasks.
    ///   - keepsHistory: True to record the steps of an animation.
    init(count: Int, keepsHistory: Bool) {
        entries = Mutex(Array(repeating: Entry(), count: count))
        self.keepsHistory = keepsHistory
    }

    /// Returns a function that records the progress of a task, called by its learning thread.
    func observer(of index: Int) -> @Sendable (TaskRun) -> Void {
        let last = Mutex(ContinuousClock.now - Self.interval)
        return { [self] run in
            let now = ContinuousClock.now
            let isDue = last.withLock { last in
                guard now - last >= Self.interval else { return false }
                last = now
                return true
            }
            let isKept = keepsHistory && (LearningFilm.shows(run.steps) || run.ending != nil)
            guard isDue || isKept else { return }
            let progress = run.progress
            entries.withLock {
                $0[index].progress = progress
                if isKept { $0[index].history.append(progress) }
            }
        }
    }

    /// Records the end of a task.
    func finish(_ index: Int, _ solution: PerTaskSolution?) {
        entries.withLock {
            $0[index].solution = solution
            $0[index].isFinished = true
        }
        change.signal()
    }

    /// Returns the state of a task, and forgets its history if it is finished.
    func entry(_ index: Int) -> Entry {
        entries.withLock { entries in
            defer { if entries[index].isFinished { entries[index] = Entry(isFinished: true) } }
            return entries[index]
        }
    }

    /// Waits until a task ends, or for a moment.
    func wait() { _ = change.wait(timeout: .now() + .milliseconds(100)) }
}

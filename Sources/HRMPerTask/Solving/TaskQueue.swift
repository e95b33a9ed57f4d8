import HRMTensor
import Synchronization

/// Work that waits for one of a limited number of threads, in order of arrival.
final class TaskQueue: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var threads = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: The maximum number of threads, at least 1.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds work; it runs on a thread of its own that flushes subnormal numbers to zero.
    ///
    /// - Returns: False if no thread runs and the system has none; the work is then dropped.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let needsThread = state.withLock { state in
            state.waiting.append(work)
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard needsThread else { return true }
        let hasStarted = DetachedThread.start { [self] in
            Workers(count: 1).run { _ in
                while let work = next() { work() }
            }
        }
        if hasStarted { return true }
        return state.withLock { state in
            state.threads -= 1
            // Another thread takes the work in turn.
            if state.threads > 0 { return true }
            state.waiting.removeLast()
            return false
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

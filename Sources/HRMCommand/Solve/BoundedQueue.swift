import Dispatch
import Synchronization

/// A first-in, first-out queue between two threads that blocks the producer when it is full.
final class BoundedQueue<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let filled = DispatchSemaphore(value: 0)
    private let free = DispatchSemaphore(value: 0)

    /// - Parameter capacity: The maximum number of waiting elements.
    init(capacity: Int) {
        precondition(capacity >= 1, "a queue of \(capacity)")
        // Signalled rather than initialized: a semaphore must not end below its initial value.
        for _ in 0..<capacity { free.signal() }
    }

    /// Appends an element as soon as there is room.
    func append(_ element: Element) {
        free.wait()
        elements.withLock { $0.append(element) }
        filled.signal()
    }

    /// Removes the first element.
    ///
    /// - Parameter waiting: True to wait for an element.
    /// - Returns: The element; `nil` if there is none and `waiting` is false.
    func next(waiting: Bool) -> Element? {
        if waiting {
            filled.wait()
        } else if filled.wait(timeout: .now()) == .timedOut {
            return nil
        }
        defer { free.signal() }
        return elements.withLock { $0.removeFirst() }
    }
}

import Dispatch
import Synchronization

/// Things that one thread makes and another one uses, in their order; the maker waits when there are
/// too many.
final class BoundedQueue<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let filled = DispatchSemaphore(value: 0)
    private let free = DispatchSemaphore(value: 0)

    /// - Parameter capacity: Elements that wait to be used, at most.
    init(capacity: Int) {
        precondition(capacity >= 1, "a queue of \(capacity)")
        // Signalled, not begun with: a semaphore must not end below the value it began with.
        for _ in 0..<capacity { free.signal() }
    }

    /// Appends an element as soon as there is room.
    func append(_ element: Element) {
        free.wait()
        elements.withLock { $0.append(element) }
        filled.signal()
    }

    /// Takes the first element.
    ///
    /// - Parameter waiting: Whether to wait for one.
    /// - Returns: The element; nil when there is none and nobody was to wait.
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

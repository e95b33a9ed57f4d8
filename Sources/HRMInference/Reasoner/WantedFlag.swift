import Synchronization

/// A flag that one thread sets between segments, and workers read during a segment.
final class WantedFlag: Sendable {
    private let value = Atomic<Bool>(false)

    /// The current value.
    var isSet: Bool {
        get { value.load(ordering: .relaxed) }
        set { value.store(newValue, ordering: .relaxed) }
    }
}

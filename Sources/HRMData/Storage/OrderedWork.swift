import Dispatch
import Synchronization

/// Values computed by several threads and consumed in order by one.
///
/// Values are computed in small batches before they are used, so memory does not grow with their
/// number.
struct OrderedWork<Value: Sendable> {
    private let count: Int
    private let workers: Int
    private let make: @Sendable (Int) -> Value

    /// The number of values computed before they are used: enough that one large value rarely
    /// stalls the other workers, few enough for machines with little memory.
    private static var valuesAtATime: Int { 8 }

    /// Creates the work.
    ///
    /// - Parameters:
    ///   - count: The number of values.
    ///   - workers: The number of threads.
    ///   - make: Computes a value from its index alone.
    init(count: Int, workers: Int, make: @escaping @Sendable (Int) -> Value) {
        self.count = count
        self.workers = workers
        self.make = make
    }

    /// Computes all values, and passes each to `use` in order.
    func forEach<Failure: Error>(
        _ use: (Int, Value) throws(Failure) -> Void
    ) throws(Failure) {
        let step = workers == 1 ? 1 : max(workers, Self.valuesAtATime)
        for start in stride(from: 0, to: count, by: step) {
            let batch = Batch<Value>(start..<min(start + step, count))
            DispatchQueue.concurrentPerform(iterations: min(workers, batch.range.count)) { _ in
                while let index = batch.take() { batch.put(make(index), at: index) }
            }
            for index in batch.range {
                if let value = batch.value(at: index) { try use(index, value) }
            }
        }
    }
}

/// A batch of values being computed.
private final class Batch<Value: Sendable>: Sendable {
    let range: Range<Int>
    private let state: Mutex<(next: Int, values: [Int: Value])>

    init(_ range: Range<Int>) {
        self.range = range
        state = Mutex((range.lowerBound, [:]))
    }

    /// Returns the next index to compute, or `nil` if there is none.
    func take() -> Int? {
        state.withLock { state in
            guard state.next < range.upperBound else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    func put(_ value: Value, at index: Int) {
        state.withLock { $0.values[index] = value }
    }

    /// Removes and returns a value.
    func value(at index: Int) -> Value? {
        state.withLock { $0.values.removeValue(forKey: index) }
    }
}

import Dispatch
import Synchronization

/// Values that are made by several threads and used in order by one.
///
/// A few values at a time are made before they are used, so memory does not grow with their number.
struct OrderedWork<Value: Sendable> {
    private let count: Int
    private let workers: Int
    private let make: @Sendable (Int) -> Value

    /// Values that a few workers make before they are used: enough that none waits long for
    /// another's large one, few enough for the memory of a small machine.
    private static var valuesAtATime: Int { 8 }

    /// Work to be done.
    ///
    /// - Parameters:
    ///   - count: How many values there are.
    ///   - workers: Threads.
    ///   - make: Makes the value of a number, which decides it alone.
    init(count: Int, workers: Int, make: @escaping @Sendable (Int) -> Value) {
        self.count = count
        self.workers = workers
        self.make = make
    }

    /// Makes all values, and uses each.
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

/// Values in the making.
private final class Batch<Value: Sendable>: Sendable {
    let range: Range<Int>
    private let state: Mutex<(next: Int, values: [Int: Value])>

    init(_ range: Range<Int>) {
        self.range = range
        state = Mutex((range.lowerBound, [:]))
    }

    /// The next number, for whoever comes first.
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

    /// Hands a value over, which is not kept.
    func value(at index: Int) -> Value? {
        state.withLock { $0.values.removeValue(forKey: index) }
    }
}

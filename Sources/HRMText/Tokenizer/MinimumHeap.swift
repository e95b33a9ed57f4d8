/// A binary heap whose first value is the smallest.
struct MinimumHeap<Value: Comparable> {
    private var values: [Value] = []

    /// Adds a value in O(log *n*) steps.
    mutating func insert(_ value: Value) {
        var place = values.count
        values.append(value)
        while place > 0 {
            let parent = (place - 1) / 2
            guard values[parent] > value else { break }
            values[place] = values[parent]
            place = parent
        }
        values[place] = value
    }

    /// Removes the smallest value in O(log *n*) steps; nil if there is none.
    mutating func removeFirst() -> Value? {
        guard let first = values.first, let last = values.popLast() else { return nil }
        let count = values.count
        guard count > 0 else { return first }
        var place = 0
        while 2 * place + 1 < count {
            var child = 2 * place + 1
            if child + 1 < count, values[child + 1] < values[child] { child += 1 }
            guard values[child] < last else { break }
            values[place] = values[child]
            place = child
        }
        values[place] = last
        return first
    }
}

/// A binary heap whose first number is the smallest.
struct MinimumHeap {
    private var numbers: [UInt64] = []

    /// Adds a number in O(log *n*) steps.
    mutating func insert(_ number: UInt64) {
        var place = numbers.count
        numbers.append(number)
        while place > 0 {
            let parent = (place - 1) / 2
            guard numbers[parent] > number else { break }
            numbers[place] = numbers[parent]
            place = parent
        }
        numbers[place] = number
    }

    /// Removes the smallest number in O(log *n*) steps; nil if there is none.
    mutating func removeFirst() -> UInt64? {
        guard let first = numbers.first, let last = numbers.popLast() else { return nil }
        let count = numbers.count
        guard count > 0 else { return first }
        var place = 0
        while 2 * place + 1 < count {
            var child = 2 * place + 1
            if child + 1 < count, numbers[child + 1] < numbers[child] { child += 1 }
            guard numbers[child] < last else { break }
            numbers[place] = numbers[child]
            place = child
        }
        numbers[place] = last
        return first
    }
}

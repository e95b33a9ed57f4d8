/// The counts of neighbouring tokens in words, updated as pairs are merged.
struct PairCounts {
    /// Two neighbouring tokens.
    struct Pair: Hashable {
        var left: Int32
        var right: Int32
    }

    /// A pair with its count at some time; the smallest one is merged first.
    private struct Candidate: Comparable {
        var count: Int
        var pair: Pair

        static func < (first: Candidate, second: Candidate) -> Bool {
            if first.count != second.count { return first.count > second.count }
            return (first.pair.left, first.pair.right) < (second.pair.left, second.pair.right)
        }
    }

    private var words: [[Int32]]
    private let frequencies: [Int]
    private var counts: [Pair: Int] = [:]
    /// For each pair, words that contain it, or did at some time.
    private var places: [Pair: Set<Int>] = [:]
    private var heap = MinimumHeap<Candidate>()

    /// - Parameter words: Words with their frequencies.
    init(words: [([Int32], Int)]) {
        self.words = words.map(\.0)
        frequencies = words.map(\.1)
        for word in words.indices { count(word, sign: 1) }
        for (pair, count) in counts { heap.insert(Candidate(count: count, pair: pair)) }
    }

    /// Returns the pair with the highest count, the lowest tokens of equal ones; nil if no count
    /// reaches `least`.
    mutating func next(atLeast least: Int) -> Pair? {
        while let candidate = heap.removeFirst() {
            let count = counts[candidate.pair] ?? 0
            guard count >= least else { continue }
            if count == candidate.count { return candidate.pair }
            // Counts that have grown have a candidate of their own.
            if count < candidate.count {
                heap.insert(Candidate(count: count, pair: candidate.pair))
            }
        }
        return nil
    }

    /// Leaves a pair unmerged.
    mutating func forget(_ pair: Pair) {
        counts[pair] = nil
        places[pair] = nil
    }

    /// Replaces a pair by a token in all words.
    mutating func merge(_ pair: Pair, into id: Int32) {
        var touched: Set<Pair> = []
        for word in (places.removeValue(forKey: pair) ?? []).sorted() {
            let old = words[word]
            let new = Self.merged(old, pair, id)
            guard new.count < old.count else { continue }
            count(word, sign: -1)
            words[word] = new
            count(word, sign: 1)
            for place in new.indices.dropLast() where new[place] == id || new[place + 1] == id {
                touched.insert(Pair(left: new[place], right: new[place + 1]))
            }
        }
        counts[pair] = nil
        for pair in touched {
            if let count = counts[pair] { heap.insert(Candidate(count: count, pair: pair)) }
        }
    }

    private static func merged(_ word: [Int32], _ pair: Pair, _ id: Int32) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(word.count)
        var place = 0
        while place < word.count {
            let isPair =
                word[place] == pair.left && place + 1 < word.count
                && word[place + 1] == pair.right
            result.append(isPair ? id : word[place])
            place += isPair ? 2 : 1
        }
        return result
    }

    /// Adds or subtracts the pairs of a word.
    private mutating func count(_ word: Int, sign: Int) {
        let tokens = words[word]
        for place in tokens.indices.dropLast() {
            let pair = Pair(left: tokens[place], right: tokens[place + 1])
            counts[pair, default: 0] += sign * frequencies[word]
            if sign > 0 { places[pair, default: []].insert(word) }
        }
    }
}

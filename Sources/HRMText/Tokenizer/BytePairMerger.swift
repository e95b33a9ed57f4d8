/// Merges the symbols of a piece of text: the pair of the lowest rank first, the leftmost of equal
/// ones.
///
/// The symbols form a linked list, and a heap contains the possible merges, so that a piece of *n*
/// symbols needs O(*n* log *n*) steps. The memory is reused for the next piece.
struct BytePairMerger {
    private let merges: BytePairMerges
    private var symbols: [Int32] = []
    /// The place of the next symbol; `symbols.count` after the last one.
    private var next: [Int] = []
    private var previous: [Int] = []
    /// Possible merges, as rank and place of the left symbol.
    private var heap = MinimumHeap<UInt64>()

    init(merges: BytePairMerges) {
        self.merges = merges
    }

    /// Appends the merged symbols of a piece.
    ///
    /// - Parameters:
    ///   - piece: Fewer than 2^32 tokens of single bytes.
    ///   - output: The tokens so far.
    mutating func merge(_ piece: [Int32], into output: inout [Int32]) {
        guard piece.count > 1 else {
            output.append(contentsOf: piece)
            return
        }
        let count = piece.count
        symbols = piece
        next.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        for place in 0..<count {
            next.append(place + 1)
            previous.append(place - 1)
        }
        for place in 0..<(count - 1) { consider(place) }
        while let entry = heap.removeFirst() {
            let place = Int(entry & 0xFFFF_FFFF)
            // The entry is outdated if one of its symbols was merged in the meantime.
            guard symbols[place] >= 0, next[place] < count,
                let merge = merges[symbols[place], symbols[next[place]]],
                UInt64(merge.rank) == entry >> 32
            else { continue }
            let right = next[place]
            symbols[place] = merge.id
            symbols[right] = -1
            next[place] = next[right]
            if next[place] < count { previous[next[place]] = place }
            consider(place)
            if previous[place] >= 0 { consider(previous[place]) }
        }
        var place = 0
        while place < count {
            output.append(symbols[place])
            place = next[place]
        }
    }

    /// Adds the merge of the symbol at a place with the one after it.
    private mutating func consider(_ place: Int) {
        guard next[place] < symbols.count,
            let merge = merges[symbols[place], symbols[next[place]]]
        else { return }
        heap.insert(UInt64(merge.rank) << 32 | UInt64(place))
    }
}

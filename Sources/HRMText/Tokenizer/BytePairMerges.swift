/// The merges of a byte-pair encoding, by pair.
struct BytePairMerges: Sendable {
    /// A merge.
    struct Merge: Sendable {
        /// The place in the list of merges; lower ones are applied first.
        var rank: UInt32
        /// The token that replaces the pair.
        var id: Int32
    }

    private var merges: [UInt64: Merge] = [:]

    /// The number of merges.
    var count: Int { merges.count }

    init(capacity: Int) {
        merges.reserveCapacity(capacity)
    }

    /// The merge of a pair, if there is one.
    subscript(left: Int32, right: Int32) -> Merge? {
        merges[Self.key(left, right)]
    }

    /// Appends a merge with the next rank.
    ///
    /// - Returns: False if the pair already has one.
    mutating func append(_ left: Int32, _ right: Int32, id: Int32) -> Bool {
        let merge = Merge(rank: UInt32(merges.count), id: id)
        return merges.updateValue(merge, forKey: Self.key(left, right)) == nil
    }

    /// The pairs in the order of their ranks.
    var pairs: [(left: Int32, right: Int32)] {
        merges.sorted { $0.value.rank < $1.value.rank }.map { entry in
            (
                Int32(truncatingIfNeeded: entry.key >> 32), Int32(truncatingIfNeeded: entry.key)
            )
        }
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}

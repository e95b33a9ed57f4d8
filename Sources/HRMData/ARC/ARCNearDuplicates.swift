/// Two tasks with a pair in common, up to the augmentations, of which one is measured on.
public struct ARCNearDuplicate: Sendable, Hashable {
    /// The name of a task that is measured on.
    public var measured: String
    /// The name of the other one.
    public var other: String

    /// Two tasks.
    public init(measured: String, other: String) {
        self.measured = measured
        self.other = other
    }

    /// Finds them.
    ///
    /// Pairs count as equal when one is an augmentation of the other. Of two tasks that are both
    /// measured on, the earlier one counts as the measured one.
    ///
    /// - Parameters:
    ///   - entries: All tasks.
    ///   - isMeasured: Whether the answers of a task are kept from training.
    /// - Returns: Each two tasks once, in the order of the other one.
    static func find(
        in entries: [ARCTaskCollection.Entry], isMeasured: (ARCTaskCollection.Entry) -> Bool
    ) -> [ARCNearDuplicate] {
        let hashes = entries.map { $0.task.pairs.map(ARCContentHash.symmetricHash) }
        let measured = entries.map(isMeasured)
        var owners: [String: [Int]] = [:]
        for index in entries.indices where measured[index] {
            for hash in Set(hashes[index]) { owners[hash, default: []].append(index) }
        }
        return entries.indices.flatMap { index in
            Set(hashes[index].flatMap { owners[$0] ?? [] })
                .filter { $0 < index || ($0 > index && !measured[index]) }
                .sorted()
                .map {
                    ARCNearDuplicate(
                        measured: entries[$0].task.name, other: entries[index].task.name)
                }
        }
    }
}

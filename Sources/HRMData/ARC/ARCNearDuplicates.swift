/// Two tasks, at least one of them evaluated on, that share a pair up to augmentation.
package struct ARCNearDuplicate: Sendable, Hashable {
    /// The name of the task that is evaluated on.
    package var measured: String
    /// The name of the other task.
    package var other: String

    /// Creates a pair of near-duplicate tasks.
    package init(measured: String, other: String) {
        self.measured = measured
        self.other = other
    }

    /// Finds near-duplicate tasks.
    ///
    /// Pairs are equal if one is an augmentation of the other. If both tasks are evaluated on, the
    /// earlier one is reported as ``measured``.
    ///
    /// - Parameters:
    ///   - entries: All tasks.
    ///   - isMeasured: Returns true if the answers of a task are held out of training.
    /// - Returns: Each pair of tasks once, in the order of ``other``.
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

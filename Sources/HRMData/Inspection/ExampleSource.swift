/// The locations of a set's examples by group; the offsets are valid.
struct ExampleSource {
    let identifiers: [Int32]
    let puzzleIndices: [Int32]
    let groupIndices: [Int32]

    var groupCount: Int { groupIndices.count - 1 }

    /// Returns the first examples of a group, puzzle by puzzle.
    func examples(ofGroup group: Int, atMost limit: Int) -> [(puzzle: Int, example: Int)] {
        guard (0..<groupCount).contains(group) else { return [] }
        var found: [(puzzle: Int, example: Int)] = []
        for puzzle in Int(groupIndices[group])..<Int(groupIndices[group + 1]) {
            for example in Int(puzzleIndices[puzzle])..<Int(puzzleIndices[puzzle + 1]) {
                guard found.count < limit else { return found }
                found.append((puzzle, example))
            }
        }
        return found
    }

    /// Returns the number of identifiers shared by puzzles of several groups.
    ///
    /// - Parameter blank: An identifier to leave out.
    /// - Returns: The number of shared identifiers.
    func sharedIdentifierCount(except blank: Int?) -> Int {
        var firstGroup: [Int32: Int] = [:]
        var shared: Set<Int32> = []
        for group in 0..<groupCount {
            for puzzle in Int(groupIndices[group])..<Int(groupIndices[group + 1]) {
                let identifier = identifiers[puzzle]
                let first = firstGroup[identifier] ?? group
                if first != group, Int(identifier) != blank { shared.insert(identifier) }
                firstGroup[identifier] = first
            }
        }
        return shared.count
    }
}

/// Suggests the name that was probably intended.
enum NearestName {
    /// Returns the name with the smallest edit distance to `word`; nil if none is close.
    ///
    /// - Parameters:
    ///   - word: The misspelled name.
    ///   - names: The candidates; the first one wins a tie.
    /// - Returns: One of the names.
    static func of(_ word: String, among names: [String]) -> String? {
        let longest = 64
        guard word.count <= longest else { return nil }
        var best: (name: String, distance: Int)?
        for name in names {
            let distance = distance(Array(word.lowercased()), Array(name.lowercased()))
            if distance < best?.distance ?? Int.max { best = (name, distance) }
        }
        guard let best, best.distance <= max(1, word.count / 3) else { return nil }
        return best.name
    }

    /// Returns the number of insertions, deletions, replacements and transpositions between two
    /// words.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var previous: [Int] = []
        var current = Array(0...second.count)
        for i in first.indices {
            let older = previous
            previous = current
            current = [i + 1]
            for j in second.indices {
                let change = previous[j] + (first[i] == second[j] ? 0 : 1)
                var cost = min(change, previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    cost = min(cost, older[j - 1] + 1)
                }
                current.append(cost)
            }
        }
        return current[second.count]
    }
}

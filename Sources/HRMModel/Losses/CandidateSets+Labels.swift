extension CandidateSets {
    /// Returns true if every labelled cell still has its label's symbol.
    ///
    /// - Parameter labels: As many as there are cells, with ``TokenLoss/ignoredLabel`` for cells
    ///   that are not scored.
    /// - Returns: False at a contradiction.
    package func contain(_ labels: some Sequence<Int32>) -> Bool {
        zip(cells, labels).allSatisfy { Self.contains($0, $1, firstToken: firstToken) }
    }

    static func contains(_ set: Int32, _ label: Int32, firstToken: Int32) -> Bool {
        label == TokenLoss.ignoredLabel
            || label >= firstToken && set >> (label - firstToken) & 1 == 1
    }
}

extension Int {
    /// The word that goes with this count: `word("row")` is "row" for one and "rows" for all others.
    ///
    /// - Parameters:
    ///   - one: The word for one.
    ///   - many: The word for any other count; `one` with an "s" unless given.
    /// - Returns: One of the two.
    package func word(_ one: String, _ many: String? = nil) -> String {
        self == 1 ? one : many ?? one + "s"
    }

    /// The count with its noun: "1 row", "2 rows".
    ///
    /// - Parameters:
    ///   - one: The noun for one.
    ///   - many: The noun for any other count; `one` with an "s" unless given.
    /// - Returns: Both.
    package func counted(_ one: String, _ many: String? = nil) -> String {
        "\(self) \(word(one, many))"
    }
}

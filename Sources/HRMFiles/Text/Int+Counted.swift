extension Int {
    /// Returns the word that agrees with this count: `word("row")` is "row" for one and "rows" for
    /// any other count.
    ///
    /// - Parameters:
    ///   - one: The word for one.
    ///   - many: The word for any other count; `one` with an "s" if nil.
    /// - Returns: One of the two words.
    package func word(_ one: String, _ many: String? = nil) -> String {
        self == 1 ? one : many ?? one + "s"
    }

    /// Returns the count with its noun: "1 row", "2 rows".
    ///
    /// - Parameters:
    ///   - one: The noun for one.
    ///   - many: The noun for any other count; `one` with an "s" if nil.
    /// - Returns: The count and the noun.
    package func counted(_ one: String, _ many: String? = nil) -> String {
        "\(self) \(word(one, many))"
    }
}

extension PuzzleGrid {
    /// Parses a grid.
    ///
    /// ```swift
    /// let grid = try PuzzleGrid("A.B/..A/B..", alphabet: ".AB")
    /// ```
    ///
    /// - Parameters:
    ///   - text: The rows, separated by `/` or line feeds.
    ///   - alphabet: The characters of the symbols, each once; the first one is symbol 0.
    /// - Throws: ``GridError`` if a character is not in the alphabet, or the rows differ in length.
    public init(_ text: String, alphabet: String) throws(GridError) {
        try self.init(text, alphabet: GridAlphabet(characters: alphabet))
    }

    /// Parses a grid.
    ///
    /// - Parameters:
    ///   - text: The rows, separated by `/` or line feeds.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridError`` if a symbol is not in the alphabet, or the rows differ in length.
    public init(_ text: String, alphabet: GridAlphabet) throws(GridError) {
        self = try GridNotation(alphabet: alphabet).grid(text)
    }
}

extension GridPair {
    /// Parses a question and its answer.
    ///
    /// - Parameters:
    ///   - input: The question: rows separated by `/` or line feeds.
    ///   - output: The correct answer, in the same notation.
    ///   - alphabet: The symbols.
    /// - Throws: ``GridError`` if a symbol is not in the alphabet, or the rows differ in length.
    public init(input: String, output: String, alphabet: GridAlphabet) throws(GridError) {
        self.init(
            input: try PuzzleGrid(input, alphabet: alphabet),
            output: try PuzzleGrid(output, alphabet: alphabet))
    }
}

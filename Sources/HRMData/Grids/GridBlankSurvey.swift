/// A survey of pairs of grids for questions without a blank.
///
/// A blank is a symbol that occurs in questions but in no answer. If there is no such symbol, the
/// puzzle has no cells to fill in, and no question is counted.
package struct GridBlankSurvey: Sendable {
    private var asked = Set<UInt8>()
    private var answered = Set<UInt8>()
    private var unchanged = FilledQuestions()

    /// Creates a survey without pairs.
    package init() {}

    /// Adds a pair.
    ///
    /// - Parameters:
    ///   - pair: The pair.
    ///   - place: The position of the pair, for messages.
    package mutating func add(_ pair: GridPair, at place: @autoclosure () -> String) {
        asked.formUnion(pair.input.cells)
        answered.formUnion(pair.output.cells)
        if pair.input == pair.output { unchanged.add(at: place()) }
    }

    /// The symbols that represent a blank, in ascending order.
    package var blanks: [UInt8] { asked.subtracting(answered).sorted() }

    /// The questions that equal their answers, provided that the puzzle has blanks.
    package var filled: FilledQuestions { blanks.isEmpty ? FilledQuestions() : unchanged }
}

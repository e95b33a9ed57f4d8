/// A look at pairs of grids for questions without a blank.
///
/// A blank is a symbol that questions have and no answer has. Where there is none, nothing is to be
/// filled in, and no question is counted.
package struct GridBlankSurvey: Sendable {
    private var asked = Set<UInt8>()
    private var answered = Set<UInt8>()
    private var unchanged = FilledQuestions()

    /// A survey of no pair yet.
    package init() {}

    /// Looks at a pair.
    ///
    /// - Parameters:
    ///   - pair: The pair.
    ///   - place: Where it stands.
    package mutating func add(_ pair: GridPair, at place: @autoclosure () -> String) {
        asked.formUnion(pair.input.cells)
        answered.formUnion(pair.output.cells)
        if pair.input == pair.output { unchanged.add(at: place()) }
    }

    /// The symbols that stand for a blank, in their order.
    package var blanks: [UInt8] { asked.subtracting(answered).sorted() }

    /// The questions without a blank that are their own answers.
    package var filled: FilledQuestions { blanks.isEmpty ? FilledQuestions() : unchanged }
}

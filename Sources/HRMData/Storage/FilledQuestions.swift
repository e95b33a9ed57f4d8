import HRMFiles

/// Questions without a blank cell, in which there is nothing to solve.
package struct FilledQuestions: Sendable, Hashable {
    /// Their number.
    package private(set) var count = 0
    /// The place of the first one, such as "train.csv, line 7".
    package private(set) var first: String?

    /// None yet.
    package init() {}

    /// Counts a question.
    ///
    /// - Parameter place: Where it stands.
    package mutating func add(at place: @autoclosure () -> String) {
        count += 1
        if first == nil { first = place() }
    }

    /// Adds others, which come after these.
    package mutating func add(_ others: FilledQuestions) {
        count += others.count
        first = first ?? others.first
    }

    /// A sentence about them without its period; nil where there are none.
    ///
    /// - Parameter blank: How a blank cell is written, in quotation marks or words.
    /// - Returns: The number, and the place of the first one.
    package func note(blank: String) -> String? {
        guard let first else { return nil }
        let (verb, place) =
            count == 1 ? ("question has", "it is in") : ("questions have", "the first is in")
        return
            "\(count) \(verb) no blank cell (\(blank)), so there is nothing to solve; \(place) "
            + first.printable
    }
}

import HRMFiles

/// Questions without a blank cell, in which there is nothing to solve.
package struct FilledQuestions: Sendable, Hashable {
    /// The number of such questions.
    package private(set) var count = 0
    /// The position of the first one, such as "train.csv, line 7".
    package private(set) var first: String?

    /// Creates a count of zero.
    package init() {}

    /// Counts a question.
    ///
    /// - Parameter place: The position of the question.
    package mutating func add(at place: @autoclosure () -> String) {
        count += 1
        if first == nil { first = place() }
    }

    /// Adds the questions of another count, which follow these.
    package mutating func add(_ others: FilledQuestions) {
        count += others.count
        first = first ?? others.first
    }

    /// Returns a sentence about the questions, without its period; nil if there are none.
    ///
    /// - Parameter blank: The notation of a blank cell, in quotation marks or words.
    /// - Returns: The number of questions, and the position of the first one.
    package func note(blank: String) -> String? {
        guard let first else { return nil }
        let (verb, place) =
            count == 1 ? ("question has", "it is in") : ("questions have", "the first is in")
        return
            "\(count) \(verb) no blank cell (\(blank)), so there is nothing to solve; \(place) "
            + first.printable
    }
}

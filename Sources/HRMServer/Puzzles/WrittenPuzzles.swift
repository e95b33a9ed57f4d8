import HRMData
import HRMFiles

/// The puzzles of a text, in order.
enum WrittenPuzzles {
    /// A puzzle, or the reason why a part of the text is none.
    struct Reading: Sendable {
        /// The checked puzzle.
        var question: PuzzleQuestion?
        /// Why it is none.
        var problem: String?
        /// The text.
        var text: String
        /// The number of its first line, from 1; nil if the whole text is one puzzle.
        var line: Int?

        /// The members of the answer about the origin.
        var origin: [String: JSONValue] {
            line.map { ["line": .integer($0), "source": .text("puzzle")] } ?? [:]
        }

        /// The members of the answer, if it is no puzzle.
        var refusal: JSONValue {
            .object(
                origin.merging(["error": .text(problem ?? ""), "puzzle": .text(text)]) { $1 })
        }
    }

    /// Reads a text as one puzzle or, if it is none, as several.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - task: The boards.
    ///   - limit: The maximum number of puzzles.
    /// - Returns: At least one reading, unless the text is blank.
    /// - Throws: ``HTTPError`` if there are more.
    static func readings(
        of text: String, task: PuzzleTask, atMost limit: Int
    ) throws -> [Reading] {
        let whole = reading(text, task: task, line: nil)
        if whole.question != nil { return [whole] }
        let source = BytesOnce(Array(text.utf8))
        var lines = PuzzleLines(isWhole: true) { source.take() }
        var readings: [Reading] = []
        while let line = try task.nextText(from: &lines) {
            guard readings.count < limit else {
                throw HTTPError(
                    .contentTooLarge, "the text has more than \(limit) puzzles", at: "body.puzzle",
                    remedy: "send fewer at once")
            }
            readings.append(
                line.problem.map { Reading(problem: $0, text: line.text, line: line.number) }
                    ?? reading(line.text, task: task, line: line.number))
        }
        // A single puzzle with an error is reported as it was written.
        return readings.count > 1 ? readings : [whole]
    }

    private static func reading(_ text: String, task: PuzzleTask, line: Int?) -> Reading {
        do {
            return Reading(
                question: try PuzzleQuestion(parsing: text, task: task), text: text, line: line)
        } catch {
            return Reading(problem: "\(error)", text: text, line: line)
        }
    }
}

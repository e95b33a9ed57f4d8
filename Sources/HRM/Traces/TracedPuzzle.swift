import Foundation
package import HRMData
import HRMFigures
import HRMFiles
package import HRMInference

/// A puzzle with its reasoning trace, ready to be shown.
package struct TracedPuzzle {
    /// A moment whose board is shown: the end of a step or, if the trace has them, each high-level
    /// update.
    package struct Moment {
        /// The name, such as "step 2, cycle 1".
        package var name: String
        /// The model's answer at this moment.
        package var reading: ThinkingTrace.Reading
        /// The cells that differ from the previous board; every cell if the sizes differ.
        package var changed: Set<Int>
        /// The meaning of the answer.
        package var answer: PuzzleAnswer
        /// The change of the search; nil of a model that does not search.
        package var event: String?

        /// The name, with the change of the search or the confidence.
        package var caption: String {
            "\(name): " + (event ?? "\(NumberText.percent(reading.confidence, digits: 0)) sure")
        }
    }

    /// The question.
    package let question: PuzzleQuestion
    /// The trace of its answer.
    package let trace: ThinkingTrace
    /// The moments in order.
    package let moments: [Moment]

    /// - Parameters:
    ///   - question: The question.
    ///   - trace: The reasoning trace.
    package init(question: PuzzleQuestion, trace: ThinkingTrace) {
        self.question = question
        self.trace = trace
        var before = question.board
        moments = trace.steps.flatMap { step in
            Self.readings(of: step).map { name, reading in
                let answer = question.answer(reading.tokens)
                defer { before = answer.board }
                return Moment(
                    name: name, reading: reading,
                    changed: answer.board.cells(differingFrom: before), answer: answer,
                    event: step.event.map { Self.text(of: $0, on: answer.board) })
            }
        }
    }

    private static func readings(
        of step: ThinkingTrace.Step
    ) -> [(name: String, reading: ThinkingTrace.Reading)] {
        let slow = step.updates.filter { $0.loop == .slow }
        // A search's state changes only between its segments.
        guard slow.count > 1, step.event == nil else {
            return [("step \(step.step)", step.reading)]
        }
        return slow.map { ("step \(step.step), cycle \($0.cycle)", $0.reading) }
    }

    /// Returns the change of a search's state in words.
    package static func text(of event: SearchEvent, on board: PuzzleBoard) -> String {
        switch event {
        case .strikes(let count): "\(count) struck"
        case .pin(let cell, _):
            // A board smaller than its canvas has no text for the cells beyond.
            "pin r\(cell / board.columns + 1)c\(cell % board.columns + 1)"
                + (board.cells.indices.contains(cell) ? " = \(board.cells[cell])" : "")
        case .contradiction(let pins):
            pins > 0
                ? "contradiction, \(pins.counted("pin")) back" : "contradiction, a new start"
        case .thought: "thinking"
        case .check: "complete, to be checked"
        case .answer: "the answer"
        }
    }

    /// Returns an entropy as a share of the maximum.
    package func share(_ entropy: Double) -> Double {
        // At least two tokens, so that the logarithm is positive.
        entropy / log(Double(max(2, trace.vocabularySize)))
    }
}

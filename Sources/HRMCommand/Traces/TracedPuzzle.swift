import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

/// A puzzle with its reasoning trace, ready to be shown.
struct TracedPuzzle {
    /// A moment whose board is shown: the end of a step or, if the trace has them, each high-level
    /// update.
    struct Moment {
        /// The name, such as "step 2, cycle 1".
        var name: String
        var reading: ThinkingTrace.Reading
        /// The cells that differ from the previous board; every cell if the sizes differ.
        var changed: Set<Int>
        var answer: PuzzleAnswer
        /// The change of the search; nil of a model that does not search.
        var event: String?

        /// The name, with the change of the search or the confidence.
        var caption: String {
            "\(name): " + (event ?? "\(NumberText.percent(reading.confidence, digits: 0)) sure")
        }
    }

    let question: PuzzleQuestion
    let trace: ThinkingTrace
    let moments: [Moment]

    /// - Parameters:
    ///   - question: The question.
    ///   - trace: The reasoning trace.
    init(question: PuzzleQuestion, trace: ThinkingTrace) {
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
    static func text(of event: SearchEvent, on board: PuzzleBoard) -> String {
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
    func share(_ entropy: Double) -> Double {
        // At least two tokens, so that the logarithm is positive.
        entropy / log(Double(max(2, trace.vocabularySize)))
    }
}

import Foundation
import HRMData
import HRMFigures
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
        moments = trace.steps.flatMap(Self.readings).map { name, reading in
            let answer = question.answer(reading.tokens)
            defer { before = answer.board }
            return Moment(
                name: name, reading: reading,
                changed: answer.board.cells(differingFrom: before), answer: answer)
        }
    }

    private static func readings(
        of step: ThinkingTrace.Step
    ) -> [(name: String, reading: ThinkingTrace.Reading)] {
        let slow = step.updates.filter { $0.loop == .slow }
        guard slow.count > 1 else { return [("step \(step.step)", step.reading)] }
        return slow.map { ("step \(step.step), cycle \($0.cycle)", $0.reading) }
    }

    /// Returns an entropy as a share of the maximum.
    func share(_ entropy: Double) -> Double {
        // At least two tokens, so that the logarithm is positive.
        entropy / log(Double(max(2, trace.vocabularySize)))
    }
}

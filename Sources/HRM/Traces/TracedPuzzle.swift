import Foundation
package import HRMData
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
    package func share(_ entropy: Double) -> Double {
        // At least two tokens, so that the logarithm is positive.
        entropy / log(Double(max(2, trace.vocabularySize)))
    }
}

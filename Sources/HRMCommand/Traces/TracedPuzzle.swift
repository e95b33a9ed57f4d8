import Foundation
import HRMData
import HRMFigures
import HRMTraining

/// A puzzle with the trace of how it was thought about, ready to be shown.
struct TracedPuzzle {
    /// A moment whose board is shown: a step's end or, where the trace has them, each slow update.
    struct Moment {
        /// What it is called, such as "step 2, cycle 1".
        var name: String
        var reading: ThinkingTrace.Reading
        /// Cells that differ from the board before; every cell, where the boards differ in size.
        var changed: Set<Int>
        var picture: PuzzlePicture
    }

    let question: PuzzleQuestion
    let trace: ThinkingTrace
    let moments: [Moment]

    /// - Parameters:
    ///   - question: What was asked.
    ///   - trace: How it was thought about.
    init(question: PuzzleQuestion, trace: ThinkingTrace) {
        self.question = question
        self.trace = trace
        var before = question.picture.board
        moments = trace.steps.flatMap(Self.readings).map { name, reading in
            let picture = question.answer(reading.tokens).picture
            defer { before = picture.board }
            return Moment(
                name: name, reading: reading,
                changed: Self.changedCells(from: before, to: picture.board), picture: picture)
        }
    }

    private static func readings(
        of step: ThinkingTrace.Step
    ) -> [(name: String, reading: ThinkingTrace.Reading)] {
        let slow = step.updates.filter { $0.loop == .slow }
        guard slow.count > 1 else { return [("step \(step.step)", step.reading)] }
        return slow.map { ("step \(step.step), cycle \($0.cycle)", $0.reading) }
    }

    static func changedCells(from before: TerminalBoard, to now: TerminalBoard) -> Set<Int> {
        let isComparable = (before.rows, before.columns) == (now.rows, now.columns)
        return Set(
            now.cells.indices.filter { !isComparable || now.cells[$0] != before.cells[$0] })
    }

    /// An entropy as a share of the largest one.
    func share(_ entropy: Double) -> Double {
        // Two tokens are the least that leave anything open.
        entropy / log(Double(max(2, trace.vocabularySize)))
    }
}

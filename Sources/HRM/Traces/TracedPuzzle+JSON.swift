import HRMData
package import HRMFiles
import HRMInference

extension TracedPuzzle {
    /// The `--json` value of the steps.
    package var members: JSONValue {
        var board = question.board
        var boardWithin = board
        return .list(
            trace.steps.map { step in
                let updates = step.updates.map { update in
                    let isSlow = update.loop == .slow
                    var unchanged = question.answer(update.reading.tokens).board
                    var members =
                        isSlow
                        ? facts(of: update.reading, after: &boardWithin)
                        : facts(of: update.reading, after: &unchanged)
                    members["loop"] = .text(update.loop.rawValue)
                    members["cycle"] = .integer(update.cycle)
                    members["number"] = .integer(update.number)
                    members["change"] = .number(update.change)
                    return JSONValue.object(members)
                }
                var members = facts(of: step.reading, after: &board)
                members["step"] = .integer(step.step)
                members["high_change"] = .number(step.highChange)
                members["low_change"] = step.lowChange.map { .number($0) } ?? .null
                if let event = step.event {
                    members["event"] = .text(
                        Self.text(of: event, on: question.answer(step.reading.tokens).board))
                }
                if !updates.isEmpty { members["updates"] = .list(updates) }
                return .object(members)
            })
    }

    /// Returns the values at one moment; `board` is the previous one and is replaced by the current
    /// one.
    private func facts(
        of reading: ThinkingTrace.Reading, after board: inout PuzzleBoard
    ) -> [String: JSONValue] {
        let now = question.answer(reading.tokens).board
        let changed = now.cells(differingFrom: board)
        board = now
        return [
            "board": .text(now.description),
            "changed": .list(changed.sorted().map { .integer($0) }),
            // Further digits are meaningless, and a long trace contains many of these numbers.
            "entropy": .list(reading.entropy.map { .number(($0 * 1e6).rounded() / 1e6) }),
            "mean_entropy": .number(reading.meanEntropy),
            "confidence": .number(reading.confidence),
            "q_halt": .number(Double(reading.qHalt)),
            "q_continue": .number(Double(reading.qContinue)),
        ]
    }
}

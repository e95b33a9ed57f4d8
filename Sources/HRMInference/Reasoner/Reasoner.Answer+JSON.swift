import HRMData
package import HRMFiles

extension Reasoner.Answer {
    /// Returns the members that `hrm solve --json` prints of a puzzle.
    ///
    /// - Parameter isChecked: True if a checker tested the intermediate answers; its result is a
    ///   member of its own.
    /// - Returns: The members.
    package func members(isChecked: Bool = false) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "puzzle": .text(puzzle.text),
            "answer": .text(text),
            "valid": isValid.map { .flag($0) } ?? .null,
            "verdict": verdict.map { .text($0) } ?? .null,
            "steps": .integer(solution.steps),
            "confidence": .number(confidence),
            "halted": .flag(solution.hasHalted),
        ]
        if solution.voters > 1 {
            members["votes"] = .integer(solution.votes)
            members["voters"] = .integer(solution.voters)
        }
        if solution.totalSteps > solution.steps {
            members["total_steps"] = .integer(solution.totalSteps)
        }
        if isChecked {
            members["checked_answer"] =
                solution.firstValid.map { .text(puzzle.answer($0).text) } ?? .null
        }
        return members
    }
}

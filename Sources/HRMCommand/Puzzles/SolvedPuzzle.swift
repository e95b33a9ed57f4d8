import HRM
import HRMData
import HRMFigures
import HRMFiles
import HRMInference

/// The output of a solved puzzle.
struct SolvedPuzzle {
    /// The model's own answer.
    let answer: Reasoner.Answer
    /// True if a checker tested the intermediate answers, whose result is separate from the model's
    /// own answer.
    let isChecked: Bool

    /// - Parameters:
    ///   - question: The question.
    ///   - solution: The result of inference.
    ///   - isChecked: True if a checker tested the answers.
    init(question: PuzzleQuestion, solution: PuzzleSolution, isChecked: Bool = false) {
        answer = Reasoner.Answer(solution, to: question)
        self.isChecked = isChecked
    }

    private var solution: PuzzleSolution { answer.solution }

    /// The text of the first answer that the checker accepted.
    private var checkedText: String? {
        solution.firstValid.map { answer.puzzle.answer($0).text }
    }

    /// The answer, its verdict, the number of steps and the model's confidence.
    var line: String { "\(answer.text)  \(summary)" }

    /// The verdict, the number of steps and the model's confidence; then the checker's result.
    var summary: String {
        var parts = [answer.verdict].compactMap(\.self)
        let steps = solution.steps.counted("step")
        let isAll = solution.totalSteps == solution.steps
        parts.append(isAll ? steps : "\(steps) (\(solution.totalSteps) in all)")
        parts.append("confidence \(NumberText.percent(answer.confidence))")
        if solution.hasHalted { parts.append("halted") }
        if solution.voters > 1 {
            parts.append("\(solution.votes) of \(solution.voters) votes")
        }
        if isChecked {
            parts.append("checker: \(checkedText ?? "no answer on the way was valid")")
        }
        return parts.joined(separator: "  ")
    }

    /// Question and answer side by side.
    var panels: [PictureSheet.Panel] { answer.panels }

    /// The `--json` members of the puzzle.
    var members: [String: JSONValue] { answer.members(isChecked: isChecked) }
}

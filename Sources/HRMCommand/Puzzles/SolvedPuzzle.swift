import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

/// A solved puzzle, ready to be printed.
struct SolvedPuzzle {
    /// The question.
    let question: PuzzlePicture
    /// The result of inference.
    let solution: PuzzleSolution
    /// The model's own answer.
    let answer: PuzzleVerdict
    /// The checker's result on intermediate answers; `nil` without a checker.
    let check: Check?
    /// The outputs of the segments; empty unless they are shown.
    let thoughts: [StepOutput]
    /// The answer after each segment in ``thoughts``.
    let answers: [PuzzleVerdict]

    /// The checker's result on intermediate answers, separate from the model's own verdict.
    struct Check {
        /// The first accepted answer.
        let found: PuzzlePicture?
    }

    /// - Parameters:
    ///   - question: The question.
    ///   - solution: The result of inference.
    ///   - thoughts: The outputs of the segments, if they are shown.
    ///   - isChecked: True if a checker tested the answers.
    init(
        question: PuzzleQuestion, solution: PuzzleSolution,
        thoughts: [StepOutput] = [], isChecked: Bool = false
    ) {
        self.question = question.picture
        self.solution = solution
        self.thoughts = thoughts
        answer = question.answer(solution.tokens)
        answers = thoughts.map { question.answer($0.tokens) }
        check =
            isChecked ? Check(found: solution.firstValid.map { question.answer($0).picture }) : nil
    }

    /// The answer, its verdict, the number of steps and the model's confidence.
    var line: String { "\(answer.picture.text)  \(summary)" }

    /// The verdict, the number of steps and the model's confidence; then the checker's result.
    var summary: String {
        var parts = [answer.words].compactMap(\.self)
        let steps = solution.steps.counted("step")
        let isAll = solution.totalSteps == solution.steps
        parts.append(isAll ? steps : "\(steps) (\(solution.totalSteps) in all)")
        parts.append("confidence \(NumberText.percent(solution.confidence))")
        if solution.hasHalted { parts.append("halted") }
        if solution.voters > 1 {
            parts.append("\(solution.votes) of \(solution.voters) votes")
        }
        if let check {
            parts.append("checker: \(check.found?.text ?? "no answer on the way was valid")")
        }
        return parts.joined(separator: "  ")
    }

    /// Question and answer side by side.
    var panels: [PictureSheet.Panel] {
        let words = answer.words.map { "answer: \($0)" }
        return [
            .init("puzzle", question.drawing), .init(words ?? "answer", answer.picture.drawing),
        ]
    }

    /// The legend of the marks in ``drawing``.
    static var legend: String {
        Console.hasColor
            ? "Reversed: changed in this step. Red: in conflict."
            : "[5]: changed in this step. !5!: in conflict. [5!: both."
    }

    /// The boards side by side: the puzzle, then the board after each step with changed and
    /// conflicting cells marked.
    var drawing: String {
        let boards = thoughts.indices.map { index in
            var board = answers[index].picture.board
            board.changed = changedCells(at: index)
            return BoardStrip.Panel(
                "step \(thoughts[index].step): "
                    + "\(NumberText.percent(thoughts[index].confidence, digits: 0)) sure", board)
        }
        return BoardStrip([.init("puzzle", question.board)] + boards)
            .text(width: Console.width, color: Console.hasColor)
    }

    /// Returns the `--json` members of the puzzle.
    func members(withTrace: Bool) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "puzzle": .text(question.text),
            "answer": .text(answer.picture.text),
            "valid": answer.isValid.map { .flag($0) } ?? .null,
            "verdict": answer.words.map { .text($0) } ?? .null,
            "steps": .integer(solution.steps),
            "confidence": .number(solution.confidence),
            "halted": .flag(solution.hasHalted),
        ]
        if solution.voters > 1 {
            members["votes"] = .integer(solution.votes)
            members["voters"] = .integer(solution.voters)
        }
        if solution.totalSteps > solution.steps {
            members["total_steps"] = .integer(solution.totalSteps)
        }
        if let check {
            members["checked_answer"] = check.found.map { .text($0.text) } ?? .null
        }
        if withTrace {
            members["trace"] = .list(
                thoughts.indices.map { index in
                    .object([
                        "step": .integer(thoughts[index].step),
                        "board": .text(answers[index].picture.text),
                        "changed": .list(changedCells(at: index).sorted().map { .integer($0) }),
                        "confidence": .number(thoughts[index].confidence),
                    ])
                })
        }
        return members
    }

    /// Returns the cells that differ from the previous board, which is at first the puzzle's.
    ///
    /// If the extents differ, every cell counts as changed.
    private func changedCells(at index: Int) -> Set<Int> {
        let before = index == 0 ? question.board : answers[index - 1].picture.board
        let now = answers[index].picture.board
        let isComparable = (before.rows, before.columns) == (now.rows, now.columns)
        return Set(
            now.cells.indices.filter { !isComparable || now.cells[$0] != before.cells[$0] })
    }
}

import HRMData
import HRMFigures
import HRMTraining

/// A puzzle with what the model thought of it, ready to be printed.
struct SolvedPuzzle {
    /// What was asked.
    let question: PuzzlePicture
    /// What came of it.
    let solution: PuzzleSolution
    /// The model's own answer.
    let answer: PuzzleVerdict
    /// What a checker made of the answers on the way; nil without one.
    let check: Check?
    /// One thought a segment; none unless they are to be shown.
    let thoughts: [PuzzleReasoner.Thought]
    /// The answer after each of these.
    let answers: [PuzzleVerdict]

    /// What a checker made of the answers on the way, apart from what the model says.
    struct Check {
        /// The first one that it accepted.
        let found: PuzzlePicture?
    }

    /// - Parameters:
    ///   - question: What was asked.
    ///   - solution: What came of it.
    ///   - thoughts: One a segment, to be shown.
    ///   - isChecked: Whether a checker looked at the answers.
    init(
        question: PuzzleQuestion, solution: PuzzleSolution,
        thoughts: [PuzzleReasoner.Thought] = [], isChecked: Bool = false
    ) {
        self.question = question.picture
        self.solution = solution
        self.thoughts = thoughts
        answer = question.answer(solution.tokens)
        answers = thoughts.map { question.answer($0.tokens) }
        check =
            isChecked ? Check(found: solution.firstValid.map { question.answer($0).picture }) : nil
    }

    /// Answer, verdict, steps and the model's own opinion.
    var line: String { "\(answer.picture.text)  \(summary)" }

    /// Verdict, steps and the model's own opinion; then what the checker found.
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

    /// Question and answer beside each other.
    var panels: [PictureSheet.Panel] {
        let words = answer.words.map { "answer: \($0)" }
        return [
            .init("puzzle", question.drawing), .init(words ?? "answer", answer.picture.drawing),
        ]
    }

    /// What the marks in ``drawing`` mean.
    static var legend: String {
        Console.hasColor
            ? "Reversed: changed in this step. Red: in conflict."
            : "[5]: changed in this step. !5!: in conflict. [5!: both."
    }

    /// The boards side by side: the puzzle, then the board after each step with the changed cells
    /// marked, and those in conflict.
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

    /// What `--json` prints about the puzzle.
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

    /// Cells that differ from the board before: the puzzle's, then that of the step before.
    ///
    /// In a board of other extents than the one before, every cell is new.
    private func changedCells(at index: Int) -> Set<Int> {
        let before = index == 0 ? question.board : answers[index - 1].picture.board
        let now = answers[index].picture.board
        let isComparable = (before.rows, before.columns) == (now.rows, now.columns)
        return Set(
            now.cells.indices.filter { !isComparable || now.cells[$0] != before.cells[$0] })
    }
}

import HRMData
import HRMFigures
import HRMFiles
import HRMInference

/// The puzzle that the demonstration solves, with the board after each step.
struct DemoSolution {
    /// The puzzle with its final answer.
    let solved: SolvedPuzzle
    private let thoughts: [StepOutput]
    /// The answer after each segment.
    private let answers: [PuzzleAnswer]

    /// - Parameters:
    ///   - question: The question.
    ///   - thoughts: The outputs of the segments.
    init(question: PuzzleQuestion, thoughts: [StepOutput]) {
        solved = SolvedPuzzle(
            question: question, solution: PuzzleSolution(thoughts: thoughts, hasHalted: false))
        self.thoughts = thoughts
        answers = thoughts.map { question.answer($0.tokens) }
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
            var board = TerminalBoard(answers[index])
            board.changed = changedCells(at: index)
            return BoardStrip.Panel(
                "step \(thoughts[index].step): "
                    + "\(NumberText.percent(thoughts[index].confidence, digits: 0)) sure", board)
        }
        let puzzle = TerminalBoard(solved.answer.puzzle)
        return BoardStrip([.init("puzzle", puzzle)] + boards)
            .text(width: Console.width, color: Console.hasColor)
    }

    /// The `--json` members of the puzzle, with all steps.
    var members: [String: JSONValue] {
        var members = solved.members
        members["trace"] = .list(
            thoughts.indices.map { index in
                .object([
                    "step": .integer(thoughts[index].step),
                    "board": .text(answers[index].text),
                    "changed": .list(changedCells(at: index).sorted().map { .integer($0) }),
                    "confidence": .number(thoughts[index].confidence),
                ])
            })
        return members
    }

    /// Returns the cells that differ from the previous board, which is at first the puzzle's.
    private func changedCells(at index: Int) -> Set<Int> {
        let before = index == 0 ? solved.answer.puzzle.board : answers[index - 1].board
        return answers[index].board.cells(differingFrom: before)
    }
}

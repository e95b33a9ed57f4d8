import HRMData
import HRMFigures
import HRMTraining

/// A puzzle with what the model thought of it, ready to be printed.
struct SolvedPuzzle {
    /// What was asked.
    let puzzle: SudokuBoard
    /// One thought a segment.
    let thoughts: [PuzzleReasoner.Thought]
    /// The board after each segment.
    let answers: [SudokuAnswer]

    init(puzzle: SudokuBoard, thoughts: [PuzzleReasoner.Thought]) {
        self.puzzle = puzzle
        self.thoughts = thoughts
        answers = thoughts.map { SudokuAnswer(tokens: $0.tokens, to: puzzle) }
    }

    /// The final board.
    var answer: SudokuBoard { answers.last?.board ?? puzzle }

    /// Whether the final board solves the puzzle, in words.
    var verdict: String { answers.last?.verdict.description ?? "not valid" }

    /// Answer, verdict, steps and the model's own opinion.
    var line: String {
        "\(answer)  \(verdict)  \(thoughts.count) steps"
            + (thoughts.last.map { "  confidence \(NumberText.percent($0.confidence))" } ?? "")
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
        let boards = zip(thoughts, answers).enumerated().map { index, pair in
            let (thought, answer) = pair
            let wrong = Set(answer.changedGivens + answer.conflictingCells)
            return BoardStrip.Panel(
                "step \(thought.step): \(NumberText.percent(thought.confidence, digits: 0)) sure",
                TerminalBoard(answer.board, changed: changedCells(at: index), wrong: wrong))
        }
        return BoardStrip([.init("puzzle", TerminalBoard(puzzle))] + boards)
            .text(width: Console.width, color: Console.hasColor)
    }

    /// What `--json` prints about the puzzle.
    func members(withTrace: Bool) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "puzzle": .text(puzzle.description),
            "answer": .text(answer.description),
            "valid": .flag(answers.last?.verdict == .valid),
            "verdict": .text(verdict),
            "steps": .integer(thoughts.count),
            "confidence": thoughts.last.map { .number($0.confidence) } ?? .null,
        ]
        if withTrace {
            members["trace"] = .list(
                thoughts.indices.map { index in
                    .object([
                        "step": .integer(thoughts[index].step),
                        "board": .text(answers[index].board.description),
                        "changed": .list(changedCells(at: index).sorted().map { .integer($0) }),
                        "confidence": .number(thoughts[index].confidence),
                    ])
                })
        }
        return members
    }

    /// Cells that differ from the board before: the puzzle's, then that of the step before.
    private func changedCells(at index: Int) -> Set<Int> {
        let before = index == 0 ? puzzle : answers[index - 1].board
        let now = answers[index].board
        return Set(now.cells.indices.filter { now[$0] != before[$0] })
    }
}

extension TerminalBoard {
    /// A Sudoku with marks.
    init(_ board: SudokuBoard, changed: Set<Int> = [], wrong: Set<Int> = []) {
        self.init(
            size: board.geometry.size, boxRows: board.geometry.boxRows,
            boxColumns: board.geometry.boxColumns, cells: board.description.map(String.init),
            changed: changed, wrong: wrong)
    }
}

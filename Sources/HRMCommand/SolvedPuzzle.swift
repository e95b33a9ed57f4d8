import HRMData
import HRMFigures
import HRMTraining

/// A puzzle with what the model thought of it, ready to be printed.
struct SolvedPuzzle {
    /// What was asked.
    let question: PuzzlePicture
    /// One thought a segment.
    let thoughts: [PuzzleReasoner.Thought]
    /// The answer after each segment.
    let answers: [PuzzleVerdict]

    init(question: PuzzleQuestion, thoughts: [PuzzleReasoner.Thought]) {
        self.question = question.picture
        self.thoughts = thoughts
        answers = thoughts.map { question.answer($0.tokens) }
    }

    /// The final answer.
    private var answer: PuzzlePicture { answers.last?.picture ?? question }

    /// Answer, verdict, steps and the model's own opinion.
    var line: String { "\(answer.text)  \(summary)" }

    /// Verdict, steps and the model's own opinion.
    var summary: String {
        ([answers.last?.words].compactMap { $0 } + ["\(thoughts.count) steps"]
            + thoughts.suffix(1).map { "confidence \(NumberText.percent($0.confidence))" })
            .joined(separator: "  ")
    }

    /// Question and answer beside each other.
    var panels: [PictureSheet.Panel] {
        let words = answers.last?.words.map { "answer: \($0)" }
        return [.init("puzzle", question.drawing), .init(words ?? "answer", answer.drawing)]
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
        let last = answers.last
        var members: [String: JSONValue] = [
            "puzzle": .text(question.text),
            "answer": .text(answer.text),
            "valid": last?.isValid.map { .flag($0) } ?? .null,
            "verdict": last?.words.map { .text($0) } ?? .null,
            "steps": .integer(thoughts.count),
            "confidence": thoughts.last.map { .number($0.confidence) } ?? .null,
        ]
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

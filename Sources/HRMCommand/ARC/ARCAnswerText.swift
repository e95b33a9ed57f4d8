import HRMData
import HRMFigures
import HRMFiles

/// The text of answers to ARC tasks.
enum ARCAnswerText {
    /// Returns the attempts at each test input of the first task.
    ///
    /// - Parameters:
    ///   - vote: The vote.
    ///   - showsGrids: True to print the grids as digits below the attempts.
    /// - Returns: Lines that end with line feeds.
    static func text(of vote: ARCVote, showsGrids: Bool = true) -> String {
        var text = ""
        for (number, answer) in vote.answers(toTask: 0).enumerated() {
            text +=
                "\(vote.tasks[0].name), test input \(number + 1): "
                + "\(answer.voteCount.counted("answer")), "
                + "\(answer.candidates.count) different\n"
            for (index, candidate) in answer.attempts.enumerated() {
                let isRight = answer.isRight(candidate).map { $0 ? ", right" : ", wrong" }
                text +=
                    "attempt \(index + 1): \(candidate.votes.counted("vote")), "
                    + "confidence \(NumberText.percent(candidate.meanConfidence))"
                    + "\(isRight ?? "")\n" + (showsGrids ? self.text(of: candidate.grid) : "")
            }
        }
        return text
    }

    /// Returns a grid with one line per row.
    static func text(of grid: PuzzleGrid) -> String {
        guard grid.rows > 0 else { return "  (no grid)\n" }
        return (0..<grid.rows).map { row in
            "  " + (0..<grid.columns).map { String(grid[row, $0]) }.joined(separator: " ") + "\n"
        }.joined()
    }

    /// Returns the `--json` members of the first task.
    static func members(of vote: ARCVote) -> [String: JSONValue] {
        let tests = vote.answers(toTask: 0).map { answer in
            let attempts = answer.attempts.map { candidate in
                var members: [String: JSONValue] = [
                    "grid": candidate.grid.jsonRows, "votes": .integer(candidate.votes),
                    "confidence": .number(candidate.meanConfidence),
                ]
                members["right"] = answer.isRight(candidate).map { .flag($0) } ?? .null
                return JSONValue.object(members)
            }
            return JSONValue.object([
                "attempts": .list(attempts), "candidates": .integer(answer.candidates.count),
            ])
        }
        return ["task": .text(vote.tasks[0].name), "tests": .list(tests)]
    }
}

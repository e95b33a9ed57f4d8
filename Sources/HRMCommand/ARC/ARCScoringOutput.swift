import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMInference

/// The output of a scoring of ARC tasks: a table, `--json` members, pictures, and the submission.
struct ARCScoringOutput {
    private(set) var scoring: ARCScoring
    /// The rule whose rates come first in `--json`.
    let rule: ARCScoringRule
    /// The submission file.
    let submission: URL?

    init(scoring: ARCScoring, rule: ARCScoringRule, submission: URL?) {
        self.scoring = scoring
        self.rule = rule
        self.submission = submission
    }

    /// Adds an answer.
    mutating func add(_ prediction: Evaluator.Prediction) { scoring.add(prediction) }

    /// A table with one row per number of attempts and one column per rule.
    var table: String {
        let scores = ARCScoringRule.allCases.map { scoring.score($0) }
        guard let first = scores.first, first.taskCount > 0 else {
            return "pass@k: the answers of no task are known, so nothing is measured\n"
        }
        var table = Table(
            columns: [.init("metric")]
                + scores.map { .init("\($0.rule.measure) (\($0.rule.rawValue))", .right) })
        for (index, attempts) in first.attempts.enumerated() {
            table.append(
                ["pass@\(attempts)"]
                    + scores.map { NumberText.fixed($0.passRates[index], digits: 4) })
        }
        table.append(["of"] + scores.map(Self.total))
        return table.text
    }

    private static func total(of score: ARCScore) -> String {
        let noun = score.rule == .kaggle ? "test input" : "task"
        return score.total.grouped(noun)
    }

    /// The `--json` value: the rates of the selected rule, and those of every rule by name.
    var members: JSONValue {
        func rates(_ score: ARCScore) -> [String: JSONValue] {
            Dictionary(
                uniqueKeysWithValues: zip(score.attempts, score.passRates).map {
                    ("pass@\($0)", .number($1))
                })
        }
        let chosen = scoring.score(rule)
        var members = rates(chosen)
        members["rule"] = .text(rule.rawValue)
        members["rules"] = .object(
            Dictionary(
                uniqueKeysWithValues: ARCScoringRule.allCases.map {
                    ($0.rawValue, .object(rates(scoring.score($0))))
                }))
        members["tasks"] = .integer(chosen.taskCount)
        members["test_inputs"] = .integer(chosen.testCount)
        members["submission"] = submission.map { .text($0.path) } ?? .null
        return .object(members)
    }

    /// Returns test inputs of tasks spread over the split with the best candidates, one per row.
    func pictures(_ count: Int) -> [[PictureSheet.Panel]] {
        let vote = scoring.vote
        let asked = vote.tasks.indices.filter {
            vote.hasAnswers(task: $0) || !scoring.onlyAnswered
        }
        let rows = spread(count, over: asked.count).flatMap {
            ARCPictures.answers(of: vote, task: asked[$0])
        }
        return Array(rows.prefix(count))
    }

    /// Writes the two best candidates of each test input.
    func writeSubmission() throws {
        guard let submission else { return }
        try AtomicFile.write(Data(ARCSubmission(scoring.vote).jsonText.utf8), to: submission)
        Console.tell("Two attempts at each test input are in \(submission.path)")
    }
}

import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMTraining

/// The text of an evaluation with inference options, which are printed with every result.
enum ThinkingText {
    /// The note beside the share of valid answers.
    static let validNote = "of the puzzles, by the rules: any solution counts"

    /// Returns one line with the options.
    static func setting(of plan: InferenceOptions) -> String {
        let steps = plan.maxSteps.counted("step")
        var parts = [
            plan.halting == .never
                ? "\(steps) for every attempt, halting: never"
                : "at most \(steps), halting: \(plan.halting)"
        ]
        if plan.votes > 1 { parts.append("\(plan.votes) votes") }
        if plan.starts > 1 { parts.append("\(plan.starts) starts") }
        if plan.restarts > 0 { parts.append("at most \(plan.restarts.counted("restart"))") }
        if plan.starts + plan.restarts > 1 { parts.append("noise \(plan.noise)") }
        return parts.joined(separator: "; ")
    }

    /// Returns a table with one row per result, none of which depends on the clock.
    static func table(of report: StreamEvaluator.Report) -> String {
        let interval = report.exactAccuracyInterval
        var table = Table(columns: [.init("figure"), .init("value", .right), .init("")])
        func add(_ name: String, _ value: Double, _ note: String, digits: Int = 4) {
            table.append([name, NumberText.fixed(value, digits: digits), note])
        }
        table.append([
            "count", NumberText.grouped(report.count), report.count.word("puzzle"),
        ])
        add(
            "accuracy", report.accuracy,
            "of the cells; copying the givens: \(NumberText.fixed(report.copyAccuracy, digits: 4))")
        add(
            "exact_accuracy", report.exactAccuracy,
            "of the puzzles; 95 % interval: \(NumberText.fixed(interval.lower, digits: 4)) to "
                + NumberText.fixed(interval.upper, digits: 4))
        if let accepted = report.accepted {
            add(accepted.name, report.share(accepted.count), "any shortest path counts")
        } else if let valid = report.validCount {
            add("valid", report.share(valid), Self.validNote)
        }
        if report.plan.maxSteps > report.trainedSteps || report.plan.attempts > 1 {
            add(
                "exact_first", report.share(report.solvedEarly),
                "first attempt, within \(report.trainedSteps.counted("step")), as many as in training"
            )
        }
        if let checked = report.checked {
            add(
                "checked_accuracy", report.share(checked),
                "some answer on the way was valid: with a checker, not the model's own")
        }
        add("q_halt_accuracy", report.share(report.knowing), "knows whether it is right")
        if report.abstains {
            add("answered", report.share(report.halted), "of the puzzles; otherwise it abstains")
            add(
                "wrong_answers", report.share(report.wrongAnswers), "of the puzzles", digits: 5)
        } else {
            add("halted", report.share(report.halted), "ended by the halting rule")
        }
        add("steps", report.meanSteps, "thinking steps to the answer", digits: 2)
        add("total_steps", report.meanTotalSteps, "of all attempts at a puzzle", digits: 2)
        return table.text
    }

    /// Returns the `--json` members.
    static func members(of report: StreamEvaluator.Report) -> [String: JSONValue] {
        let interval = report.exactAccuracyInterval
        let plan = report.plan
        var members: [String: JSONValue] = [
            "count": .integer(report.count), "accuracy": .number(report.accuracy),
            "exact_accuracy": .number(report.exactAccuracy),
            "exact_accuracy_interval": .list([.number(interval.lower), .number(interval.upper)]),
            "exact_first": .number(report.share(report.solvedEarly)),
            "copy_accuracy": .number(report.copyAccuracy),
            "q_halt_accuracy": .number(report.share(report.knowing)),
            "halted": .number(report.share(report.halted)),
            "steps": .number(report.meanSteps), "total_steps": .number(report.meanTotalSteps),
            "plan": plan.members,
        ]
        if report.abstains {
            members["answered"] = .number(report.share(report.halted))
            members["wrong_answers"] = .number(report.share(report.wrongAnswers))
        }
        if let accepted = report.accepted {
            members[accepted.name] = .number(report.share(accepted.count))
        }
        if let valid = report.validCount { members["valid"] = .number(report.share(valid)) }
        if let checked = report.checked {
            members["checked_accuracy"] = .number(report.share(checked))
        }
        return members
    }
}

import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMModel
import HRMTraining

/// The text of an evaluation.
enum EvaluationText {
    /// Returns a table with one row per metric, under the reference's names.
    static func table(of report: Evaluator.Report) -> String {
        var table = Table(columns: [.init("metric"), .init("value", .right), .init("")])
        for (name, value) in report.values {
            let isCount = name == "count" || name == "steps"
            let text = isCount ? plain(value) : NumberText.fixed(value, digits: 4)
            table.append([name, text, note(on: name, of: report)])
            // For mazes this share is already listed as `valid_path`.
            if name == "exact_accuracy", report.accepted == nil, let valid = validShare(report) {
                table.append(["valid", NumberText.fixed(valid, digits: 4), ThinkingText.validNote])
            }
        }
        return table.text
    }

    /// Returns one line with the main results.
    static func line(of report: Evaluator.Report) -> String {
        "accuracy \(NumberText.percent(accuracy(report))) "
            + "(copying the givens: \(NumberText.percent(report.copyAccuracy))), "
            + "exact \(NumberText.percent(exact(report))) "
            + "(95 %: \(interval(of: report))), "
            + report.metrics.count.grouped("puzzle")
    }

    /// Returns the 95 % confidence interval of the share of exactly solved puzzles.
    static func interval(of report: Evaluator.Report) -> String {
        let interval = report.exactAccuracyInterval
        return "\(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))"
    }

    /// Returns the `--json` members.
    static func members(of report: Evaluator.Report) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for (name, value) in report.values { members[name] = .number(value) }
        let interval = report.exactAccuracyInterval
        members["count"] = .integer(report.metrics.count)
        members["exact_accuracy_interval"] = .list([
            .number(interval.lower), .number(interval.upper),
        ])
        members["copy_accuracy"] = .number(report.copyAccuracy)
        if let valid = validShare(report) { members["valid"] = .number(valid) }
        return members
    }

    /// Returns the share of answers that satisfy the rules; `nil` if the rules are unknown.
    private static func validShare(_ report: Evaluator.Report) -> Double? {
        report.validCount.map { Double($0) / Double(max(1, report.metrics.count)) }
    }

    /// Returns a value of the report by the reference's name; NaN if there is none.
    private static func value(_ name: String, of report: Evaluator.Report) -> Double {
        report.values.first { $0.name == name }?.value ?? .nan
    }

    /// Returns the mean share of correct cells.
    static func accuracy(_ report: Evaluator.Report) -> Double { value("accuracy", of: report) }

    /// Returns the share of puzzles with every cell correct.
    static func exact(_ report: Evaluator.Report) -> Double { value("exact_accuracy", of: report) }

    private static func plain(_ value: Double) -> String {
        value == value.rounded()
            ? NumberText.grouped(Int(value)) : NumberText.significant(value)
    }

    private static func note(on name: String, of report: Evaluator.Report) -> String {
        switch name {
        case "count": report.metrics.count.word("puzzle")
        case "accuracy":
            "of the cells; copying the givens: \(NumberText.fixed(report.copyAccuracy, digits: 4))"
        case "exact_accuracy":
            "of the puzzles; 95 % interval: "
                + NumberText.fixed(report.exactAccuracyInterval.lower, digits: 4) + " to "
                + NumberText.fixed(report.exactAccuracyInterval.upper, digits: 4)
        case "valid_path": "of the puzzles; any shortest path counts"
        case "q_halt_accuracy": "how often the model knows whether it is right"
        case "steps": "thinking steps for a puzzle"
        default: ""
        }
    }
}

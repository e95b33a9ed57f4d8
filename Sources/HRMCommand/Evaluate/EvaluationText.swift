import HRMData
import HRMFigures
import HRMModel
import HRMTraining

/// How an evaluation is printed.
enum EvaluationText {
    /// A table with a metric a row, under the reference's names.
    static func table(of report: Evaluator.Report) -> String {
        var table = Table(columns: [.init("metric"), .init("value", .right), .init("")])
        for (name, value) in report.values {
            let isCount = name == "count" || name == "steps"
            let text = isCount ? plain(value) : NumberText.fixed(value, digits: 4)
            table.append([name, text, note(on: name, of: report)])
            // Mazes have the same share under the name `valid_path`.
            if name == "exact_accuracy", report.accepted == nil, let valid = validShare(report) {
                table.append(["valid", NumberText.fixed(valid, digits: 4), validNote])
            }
        }
        return table.text
    }

    /// One line with what matters most.
    static func line(of report: Evaluator.Report) -> String {
        "accuracy \(NumberText.percent(accuracy(report))) "
            + "(copying the givens: \(NumberText.percent(report.copyAccuracy))), "
            + "exact \(NumberText.percent(exact(report))) "
            + "(95 %: \(interval(of: report))), "
            + report.metrics.count.grouped("puzzle")
    }

    /// The share of exactly solved puzzles, in which 95 of 100 such samples' true shares lie.
    static func interval(of report: Evaluator.Report) -> String {
        let interval = report.exactAccuracyInterval
        return "\(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))"
    }

    /// The members that `--json` prints.
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

    /// The note beside the share of valid answers.
    static let validNote = "of the puzzles, by the rules: any solution counts"

    /// The share of answers that the rules accept; nil where the rules are unknown.
    private static func validShare(_ report: Evaluator.Report) -> Double? {
        report.validCount.map { Double($0) / Double(max(1, report.metrics.count)) }
    }

    /// One of the report's values by the reference's name; not a number where there is none.
    private static func value(_ name: String, of report: Evaluator.Report) -> Double {
        report.values.first { $0.name == name }?.value ?? .nan
    }

    /// Mean share of right cells.
    static func accuracy(_ report: Evaluator.Report) -> Double { value("accuracy", of: report) }

    /// Share of puzzles with every cell right.
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

import HRMData
import HRMFigures
import HRMFiles
import HRMInference
import HRMPerTask

/// The text of an evaluation of ARC tasks that were learned by themselves.
struct TaskSetText {
    let report: TaskSetReport
    /// The number of tasks of the evaluation.
    let tasks: Int
    /// The number of tasks among which a sample was chosen; nil without a sample.
    let population: Int?
    /// The number of tasks whose losses were no longer finite numbers.
    let diverged: Int

    /// The interval of the score.
    private var interval: ConfidenceInterval {
        ConfidenceInterval(successes: report.total.second, of: report.total.scored)
    }

    /// The table by canvas, the scores by all rules, and the interval.
    var text: String {
        var text = canvasTable.text
        if report.total.scored == 0 {
            text += "\nthe answers of no finished task are known, so nothing is measured\n"
        } else {
            text += "\n" + scoreTable.text + "\n" + intervalLine + "\n"
        }
        if report.total.finished < tasks {
            text +=
                "\(report.total.finished) of \(tasks.grouped("task")) "
                + "\(report.total.finished.word("is", "are")) finished\n"
        }
        if diverged > 0 {
            text +=
                "\(diverged.grouped("task")) ended early because the losses were no numbers; their "
                + "attempts are those of the steps before\n"
        }
        return text
    }

    private var canvasTable: Table {
        var table = Table(
            columns: [.init("largest side")]
                + ["tasks", "pass@1", "pass@2", "pool", "s/task", "FLOP/task"].map {
                    .init($0, .right)
                })
        for row in report.rows { table.append(cells("≤ \(row.largestSide ?? 0)", row)) }
        table.append(cells("all", report.total))
        return table
    }

    private func cells(_ title: String, _ row: TaskSetReport.Row) -> [String] {
        let finished = Double(max(row.finished, 1))
        func count(_ value: Int) -> String { row.scored == 0 ? "–" : "\(value)" }
        return [
            title,
            row.scored == row.finished ? "\(row.finished)" : "\(row.scored) of \(row.finished)",
            count(row.first), count(row.second), count(row.pool),
            NumberText.significant(row.seconds / finished, digits: 3),
            NumberText.scientific(row.flop / finished, digits: 1),
        ]
    }

    private static let attemptNames = ["pass@1", "pass@2", "pool"]

    private var scoreTable: Table {
        var table = Table(
            columns: [.init("metric")]
                + report.scores.map {
                    .init("\($0.rule.measure) (\($0.rule.rawValue))", .right)
                })
        for (index, name) in Self.attemptNames.enumerated() {
            table.append(
                [name]
                    + report.scores.map { NumberText.fixed($0.passRates[index], digits: 4) })
        }
        table.append(
            ["of"]
                + report.scores.map {
                    $0.total.grouped($0.rule == .kaggle ? "test input" : "task")
                })
        return table
    }

    private var intervalLine: String {
        let total = report.total
        let share = Double(total.second) / Double(total.scored)
        var line =
            "pass@2, whole tasks: \(total.second) of \(total.scored), "
            + "\(NumberText.percent(share)); 95 % interval: "
            + "\(NumberText.percent(interval.lower)) to \(NumberText.percent(interval.upper))"
        if let population {
            line += "; a sample of \(tasks.grouped("task")) from \(NumberText.grouped(population))"
        }
        return line
    }

    /// The `--json` members.
    var members: [String: JSONValue] {
        func rates(_ score: ARCScore) -> JSONValue {
            .object(
                Dictionary(
                    uniqueKeysWithValues: zip(Self.attemptNames, score.passRates).map {
                        ($0, .number($1))
                    }))
        }
        func row(_ row: TaskSetReport.Row) -> JSONValue {
            .object([
                "largest_side": row.largestSide.map { .integer($0) } ?? .null,
                "tasks": .integer(row.finished), "scored": .integer(row.scored),
                "pass@1": .integer(row.first), "pass@2": .integer(row.second),
                "pool": .integer(row.pool), "seconds": .number(row.seconds),
                "flop": .number(row.flop),
            ])
        }
        var members: [String: JSONValue] = [
            "by_side": .list(report.rows.map(row)), "total": row(report.total),
            "tasks": .integer(tasks), "finished": .integer(report.total.finished),
            "interval": .list([.number(interval.lower), .number(interval.upper)]),
            "joint_pass@2": .number(report.joint[1]),
            "diverged": .integer(diverged),
            "sampled_from": population.map { .integer($0) } ?? .null,
        ]
        members["rules"] = .object(
            Dictionary(
                uniqueKeysWithValues: report.scores.map { ($0.rule.rawValue, rates($0)) }))
        return members
    }
}

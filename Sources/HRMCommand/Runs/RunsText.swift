import Foundation
import HRMFigures
import HRMTraining

/// The text of a list of runs.
enum RunsText {
    /// Returns a table, and below it the errors of unreadable runs.
    static func text(of runs: [RunSearch.Found], at now: Date) -> String {
        var table = Table(columns: [
            .init("run"), .init("state"), .init("steps", .right), .init("exact", .right),
            .init("at step", .right), .init("parameters", .right), .init("size", .right),
            .init("seed", .right), .init("data"),
        ])
        var problems = ""
        for run in runs {
            let name = run.name.withoutControlCharacters
            switch run.summary {
            case .success(let summary): table.append([name] + cells(of: summary, at: now))
            case .failure(let error):
                let blank = Array(repeating: NumberText.missing, count: table.columns.count - 2)
                table.append([name, "broken"] + blank)
                problems += "\(name) is broken: \("\(error)".withoutControlCharacters)\n"
            }
        }
        return table.text + (problems.isEmpty ? "" : "\n" + problems)
    }

    private static func cells(of run: RunSummary, at now: Date) -> [String] {
        return [
            state(of: run, at: now),
            "\(NumberText.grouped(run.steps)) / \(NumberText.grouped(run.description.totalSteps))",
            run.best.map { NumberText.percent($0.value) } ?? NumberText.missing,
            run.best.map { NumberText.grouped($0.step) } ?? NumberText.missing,
            NumberText.grouped(run.parameterCount), NumberText.bytes(run.byteCount),
            String(run.description.seed), run.description.dataPath.withoutControlCharacters,
        ]
    }

    /// Returns the state; for an unfinished run, also the time since its last output.
    private static func state(of run: RunSummary, at now: Date) -> String {
        guard run.description.state == .running else { return run.description.state.rawValue }
        let silence = NumberText.duration(seconds: max(0, now.timeIntervalSince(run.lastChange)))
        return "\(run.seemsStopped ? "stopped?" : "running"), \(silence) ago"
    }
}

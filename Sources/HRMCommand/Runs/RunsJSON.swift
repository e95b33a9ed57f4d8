import Foundation
import HRMFiles
import HRMTraining

/// The `--json` output of a list of runs, under the names of `run.json` where it has them.
enum RunsJSON {
    static func value(
        of runs: [RunSearch.Found], folder: String, at now: Date
    ) -> JSONValue {
        .object([
            "folder": .text(folder),
            "runs": .list(runs.map { .object(members(of: $0, at: now)) }),
        ])
    }

    private static func members(of run: RunSearch.Found, at now: Date) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["run": .text(run.name), "path": .text(run.url.path)]
        switch run.summary {
        case .success(let summary): members.merge(self.members(of: summary, at: now)) { $1 }
        case .failure(let error):
            members["state"] = .text("broken")
            members["problem"] = .text("\(error)")
        }
        return members
    }

    private static func members(of run: RunSummary, at now: Date) -> [String: JSONValue] {
        [
            "state": .text(run.description.state.rawValue),
            "seems_stopped": .flag(run.seemsStopped),
            "seconds_since_change": .number(now.timeIntervalSince(run.lastChange)),
            "steps": .integer(run.steps),
            "total_steps": .integer(run.description.totalSteps),
            "best": run.best.map { best in
                .object([
                    "metric": .text(best.metric), "step": .integer(best.step),
                    "value": .number(best.value),
                ])
            } ?? .null,
            "parameters": .integer(run.parameterCount),
            "bytes": .integer(run.byteCount),
            "seed": .unsigned(run.description.seed),
            "data_path": .text(run.description.dataPath),
            "package_version": .text(run.description.packageVersion),
        ]
    }
}

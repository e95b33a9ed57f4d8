import Foundation
import HRMFiles
import HRMTraining

/// What the interface says about a run.
enum RunState {
    /// Returns the state's name.
    ///
    /// - Parameters:
    ///   - description: The content of `run.json`.
    ///   - isBusy: True if a process trains in the folder.
    /// - Returns: The name.
    static func name(_ description: RunDescription, isBusy: Bool) -> String {
        switch description.state {
        case .finished: "done"
        case .interrupted: "stopped"
        case .diverged: "diverged"
        case .running: isBusy ? "running" : "killed"
        }
    }

    /// Returns the members of a run.
    static func members(of run: RunSearch.Found, at now: Date) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "id": .text(RunCatalog.identifier(of: run.name)), "name": .text(run.name),
            "state": .text("broken"), "reason": .null, "steps": .integer(0), "total_steps": .null,
            "best": .null, "parameters": .null, "bytes": .null, "seed": .null, "data_path": .null,
            "package_version": .null, "seconds_since_change": .null, "seconds_left": .null,
            "model": .null,
        ]
        if (try? RunFolder.open(run.url)) != nil {
            members["model"] = .text(ModelLibrary.identifier(ofRun: run.name))
        }
        switch run.summary {
        case .failure(let error):
            members["reason"] = .text("\(error)".replacing(run.url.path, with: run.name))
        case .success(let summary):
            let description = summary.description
            let state = name(description, isBusy: summary.isBusy)
            members["state"] = .text(state)
            members["reason"] =
                state == "killed"
                ? .text("no process trains in its folder; resume it with 'hrm train --resume'")
                : description.reason.map { .text($0) } ?? .null
            members["steps"] = .integer(summary.steps)
            members["total_steps"] = .integer(description.totalSteps)
            members["best"] =
                summary.best.map {
                    .object([
                        "metric": .text($0.metric), "step": .integer($0.step),
                        "value": .number($0.value),
                    ])
                } ?? .null
            members["parameters"] = .integer(summary.parameterCount)
            members["bytes"] = .integer(summary.byteCount)
            members["seed"] = .text(String(description.seed))
            members["data_path"] = .text(description.dataPath)
            members["package_version"] = .text(description.packageVersion)
            members["seconds_since_change"] = .number(
                max(0, now.timeIntervalSince(summary.lastChange)))
            if state == "running" {
                members["seconds_left"] =
                    RunSpeed.secondsLeft(of: run.url, summary).map { .number($0) } ?? .null
            }
        }
        return members
    }
}

import HRMFiles
import HRMTensor
import HRMTraining

extension SweepText {
    /// Returns the results as JSON: one object with experiments and their runs.
    func json(of results: [SweepResult]) throws -> String {
        let experiments = file.experiments.enumerated().map { index, experiment in
            let own = self.results(results, of: index)
            return JSONValue.object([
                "name": .text(experiment.name),
                "settings": .list(experiment.settings.map { .text($0) }),
                "exact_accuracy": Self.value(SeedSpread(own.compactMap { $0.last?.exactAccuracy })),
                "best_exact_accuracy": Self.value(
                    SeedSpread(own.compactMap { $0.best?.exactAccuracy })),
                "accuracy": Self.value(SeedSpread(own.compactMap { $0.last?.accuracy })),
                "runs": .list(own.map(Self.value)),
            ])
        }
        let value = JSONValue.object([
            "data": .text(file.dataPath), "preset": .text(file.preset.rawValue),
            "budget": .number(file.budget), "seeds": .list(file.seeds.map { .unsigned($0) }),
            "settings": .list(file.settings.map { .text($0) }),
            "evaluation": .object([
                "points": .integer(file.evaluations),
                "limit": file.evaluationLimit.map { .integer($0) } ?? .null,
            ]),
            "package_version": .text(Package.version), "workers": .integer(threads.count),
            "kernel_path": .text(KernelPath.active.name), "experiments": .list(experiments),
        ])
        return try value.line() + "\n"
    }

    private static func value(_ spread: SeedSpread?) -> JSONValue {
        guard let spread else { return .null }
        return .object([
            "count": .integer(spread.count), "mean": .number(spread.mean),
            "deviation": spread.deviation.map { .number($0) } ?? .null,
            "lowest": .number(spread.lowest), "highest": .number(spread.highest),
        ])
    }

    private static func value(_ result: SweepResult) -> JSONValue {
        let (state, reason): (String, String?) =
            switch result.state {
            case .open: ("open", nil)
            case .unfinished: ("unfinished", nil)
            case .finished: ("finished", nil)
            case .diverged(let reason): ("diverged", reason)
            }
        let points = result.points.map { point in
            JSONValue.object([
                "step": .integer(point.step), "flop": .number(point.operations),
                "exact_accuracy": .number(point.exactAccuracy), "accuracy": .number(point.accuracy),
            ])
        }
        return .object([
            "folder": .text("runs/\(result.run.folderName)"),
            "seed": .unsigned(result.run.configuration.seed), "steps": .integer(result.run.steps),
            "flop": .number(
                result.run.cost.operations(of: result.run.steps, outOf: result.run.steps)),
            "state": .text(state), "reason": reason.map { .text($0) } ?? .null,
            "puzzles": .integer(result.puzzles), "evaluations": .list(points),
        ])
    }
}

import HRMFigures
import HRMFiles
import HRMText
import HRMTraining

/// The runs of one model of a comparison.
struct ComparedModel {
    /// A training with one seed.
    struct Run {
        var seed: UInt64
        var steps: Int
        var operations: Double
        var seconds: Double
        var parameterCount: Int
        var result: TextExamination
    }

    let name: String
    private(set) var runs: [Run] = []

    init(name: String) { self.name = name }

    mutating func add(_ run: Run) { runs.append(run) }

    /// A few words about the last run.
    var last: String {
        guard let run = runs.last else { return "" }
        return "exact \(NumberText.percent(run.result.exactAccuracy)), tokens "
            + "\(NumberText.percent(run.result.accuracy)), \(run.steps) steps, "
            + NumberText.duration(seconds: run.seconds)
    }

    /// The `--json` members.
    var value: JSONValue {
        .object([
            "model": .text(name),
            "runs": .list(
                runs.map { run in
                    .object([
                        "seed": .unsigned(run.seed), "steps": .integer(run.steps),
                        "flop": .number(run.operations), "seconds": .number(run.seconds),
                        "parameters": .integer(run.parameterCount),
                        "exact_accuracy": .number(run.result.exactAccuracy),
                        "accuracy": .number(run.result.accuracy),
                        "loss": .number(run.result.meanLoss), "count": .integer(run.result.count),
                    ])
                }),
        ])
    }

    /// Returns a table with a row for each model.
    static func table(_ models: [ComparedModel]) -> Table {
        var table = Table(columns: [
            .init("model"), .init("parameters", .right), .init("steps", .right),
            .init("TFLOP", .right), .init("exact", .right), .init("± s", .right),
            .init("each seed", .left), .init("tokens", .right),
        ])
        for model in models {
            guard let run = model.runs.first,
                let exact = SeedSpread(model.runs.map(\.result.exactAccuracy)),
                let tokens = SeedSpread(model.runs.map(\.result.accuracy))
            else { continue }
            table.append([
                model.name, NumberText.grouped(run.parameterCount), NumberText.grouped(run.steps),
                NumberText.significant(run.operations / 1e12), NumberText.percent(exact.mean),
                exact.deviation.map { NumberText.percent($0) } ?? "",
                model.runs.map { NumberText.percent($0.result.exactAccuracy) }
                    .joined(separator: ", "),
                NumberText.percent(tokens.mean),
            ])
        }
        return table
    }
}

import HRMFiles
import HRMInference
import HRMTraining

/// The JSON of a reasoning analysis; Docs/Traces.md explains the keys.
enum ExplanationJSON {
    static func members(of report: ReasoningAnalysis.Report) -> [String: JSONValue] {
        [
            "count": .integer(report.count),
            "steps": .list(report.steps.map { .object(members(of: $0)) }),
            "calibration": .object(members(of: report.calibration)),
            "halting": .object([
                "rule": .text(report.halting.description),
                "mean_steps": .number(report.meanHaltingStep),
                "exact_accuracy": .number(report.share(report.solvedAtHalt)),
            ]),
            "difficulty": .object([
                "name": .text(report.difficulty),
                "values": .list(
                    report.difficulties.sorted { $0.key < $1.key }.map { number, tally in
                        .object([
                            "value": .integer(number), "count": .integer(tally.count),
                            "exact": .integer(tally.solved),
                            "halted": .list(tally.halted.map { .integer($0) }),
                            "unhalted": .integer(tally.unhalted),
                        ])
                    }),
            ]),
        ]
    }

    private static func members(of step: ReasoningAnalysis.Step) -> [String: JSONValue] {
        [
            "step": .integer(step.step),
            "accuracy": .number(step.accuracy),
            "exact_accuracy": .number(step.mean(Double(step.solved))),
            "changed": .number(step.mean(Double(step.changed))),
            "mean_entropy": .number(step.mean(step.entropy)),
            "high_change": .number(step.mean(step.highChange)),
            "low_change": step.lowChange.map { .number(step.mean($0)) } ?? .null,
            "confidence": .number(step.meanConfidence),
            "ece": .number(step.calibration.expectedError),
            "updates": .list(
                step.updates.map {
                    .object([
                        "loop": .text($0.loop.rawValue), "change": .number(step.mean($0.change)),
                    ])
                }),
        ]
    }

    private static func members(of calibration: Calibration) -> [String: JSONValue] {
        [
            "count": .integer(calibration.count),
            "ece": .number(calibration.expectedError),
            "brier": .number(calibration.brierScore),
            "bins": .list(
                calibration.bins.map { bin in
                    .object([
                        "lower": .number(bin.lower), "upper": .number(bin.upper),
                        "count": .integer(bin.count),
                        "confidence": bin.meanConfidence.map { .number($0) } ?? .null,
                        "accuracy": bin.accuracy.map { .number($0) } ?? .null,
                    ])
                }),
        ]
    }
}

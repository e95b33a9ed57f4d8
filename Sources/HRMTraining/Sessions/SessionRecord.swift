import HRMInference
import HRMModel

/// The lines of a run's metrics, under the reference's names.
enum SessionRecord {
    typealias Record = [(key: String, value: MetricValue)]

    /// Returns the line of a step: `train/lm_loss` and so on.
    static func of(_ result: Trainer.StepResult) -> Record {
        let values = result.metrics.report(lossDivisor: Double(result.outcomes.count))
        return [("step", .integer(result.step))]
            + values.map { ("train/\($0.name)", MetricValue.double($0.value)) }
            + [("train/lr", .double(result.learningRate))]
            + (result.muonLearningRate.map { [("train/muon_lr", .double($0))] } ?? [])
    }

    /// Returns the line of an evaluation: `all.exact_accuracy` and so on, with the prefix `ema.`
    /// for the averaged weights.
    static func of(_ evaluation: TrainingSession.Evaluation) -> Record {
        func values(_ reports: [Evaluator.Report], prefix: String) -> Record {
            reports.flatMap { report in
                report.values.map {
                    ("\(prefix)\(report.setName).\($0.name)", MetricValue.double($0.value))
                }
            }
        }
        return [("step", .integer(evaluation.step))]
            + values(evaluation.reports, prefix: "")
            + values(evaluation.averageReports, prefix: "ema.")
    }
}

import HRMData
import HRMModel

/// Builds the reports of an evaluation, one per set.
struct ReportBuilder {
    private let scorer: AnswerScorer?
    private let checker: PuzzleStream.Checker?
    private var reports: [Evaluator.Report] = []

    init(_ task: PuzzleTask?) {
        scorer = task?.scorer
        checker = task?.checker
    }

    /// Adds the answer to an example; sets follow one another.
    mutating func add(
        _ outcome: SequenceOutcome, tokens: [Int32], to example: ExampleQueue.Example
    ) -> Evaluator.Prediction {
        if reports.last?.setName != example.setName {
            reports.append(
                Evaluator.Report(
                    setName: example.setName, metrics: StepMetrics(), copyAccuracy: 0,
                    accepted: scorer.map { .init(name: $0.name, count: 0) },
                    validCount: checker.map { _ in 0 }))
        }
        let last = reports.count - 1
        reports[last].metrics.add(outcome)
        reports[last].copyAccuracy += PuzzleBatch.copyAccuracy(
            inputs: example.inputs, labels: example.labels)
        if scorer?.accepts(tokens, to: example.inputs) == true {
            reports[last].accepted?.count += 1
        }
        if let checker, checker(Array(example.inputs), tokens) { reports[last].validCount? += 1 }
        return Evaluator.Prediction(
            setName: example.setName, example: example.number,
            puzzleIdentifier: example.puzzleIdentifier, inputs: example.inputs,
            labels: example.labels, tokens: tokens, qHalt: outcome.qHalt)
    }

    /// The reports.
    var finished: [Evaluator.Report] {
        reports.map { report in
            var report = report
            report.copyAccuracy /= Double(max(1, report.metrics.count))
            return report
        }
    }
}

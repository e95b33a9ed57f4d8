import Testing

@testable import HRMModel

@Suite struct StepMetricsTests {
    private static func outcome(
        labels: Int, correct: Int, qHalt: Float = -1, steps: Int = 1, halted: Bool = true,
        losses: (Double, Double, Double) = (1, 2, 4), target: Double? = 0.5
    ) -> SequenceOutcome {
        let none: [Float] = []
        var loss = SequenceLoss(
            type: .softmaxCrossEntropy, logits: none.span, first: 0, vocabulary: 1, labels: [],
            qLogits: (0, 0), targetQContinue: nil)
        loss.labelCount = labels
        loss.correctCount = correct
        (loss.tokenLoss, loss.qHaltLoss, loss.qContinueLoss) = losses
        return SequenceOutcome(
            row: 0, loss: loss, qHalt: qHalt, qContinue: 0, targetQContinue: target, next: nil,
            steps: steps, hasHalted: halted)
    }

    @Test func countsCoverWhatHaltedWithLabelsAndLossesAll() {
        var metrics = StepMetrics()
        // Exactly right and said so; half right and said so; half right and boasted.
        metrics.add(Self.outcome(labels: 4, correct: 4, qHalt: 0, steps: 3))
        metrics.add(Self.outcome(labels: 4, correct: 2, qHalt: -1, steps: 4))
        metrics.add(Self.outcome(labels: 4, correct: 1, qHalt: 1, steps: 2))
        // Still running, and without labels: only their losses count.
        metrics.add(Self.outcome(labels: 4, correct: 4, qHalt: 1, halted: false))
        metrics.add(Self.outcome(labels: 0, correct: 0, qHalt: 1))
        #expect(metrics.count == 3)
        #expect(metrics.accuracySum == 1.75)
        #expect(metrics.exactCount == 1)
        #expect(metrics.qHaltCorrectCount == 2)
        #expect(metrics.steps == 9)
        #expect(metrics.tokenLoss == 5 && metrics.qHaltLoss == 10)
        #expect(metrics.qContinueLoss == 20)
    }

    @Test func stepsAddUp() {
        var training = StepMetrics()
        training.add(Self.outcome(labels: 2, correct: 1, qHalt: -1, steps: 3))
        var evaluation = StepMetrics()
        evaluation.add(
            Self.outcome(labels: 2, correct: 2, qHalt: 1, losses: (3, 5, 0), target: nil))
        #expect(evaluation.qContinueLoss == nil)
        var sum = training
        sum += evaluation
        #expect(sum.count == 2 && sum.accuracySum == 1.5 && sum.exactCount == 1)
        #expect(sum.qHaltCorrectCount == 2 && sum.steps == 4)
        #expect(sum.tokenLoss == 4 && sum.qHaltLoss == 7 && sum.qContinueLoss == 4)
        sum += training
        #expect(sum.qContinueLoss == 8)
        var nothing = StepMetrics()
        nothing += StepMetrics()
        #expect(nothing == StepMetrics())
    }

    @Test func accuraciesAreShares() {
        var metrics = StepMetrics()
        #expect(metrics.accuracy == 0 && metrics.exactAccuracy == 0 && metrics.meanSteps == 0)
        metrics.add(Self.outcome(labels: 4, correct: 4, qHalt: 1, steps: 3))
        metrics.add(Self.outcome(labels: 4, correct: 2, qHalt: -1, steps: 5))
        metrics.add(Self.outcome(labels: 4, correct: 4, qHalt: -1, steps: 1))
        metrics.add(Self.outcome(labels: 4, correct: 2, qHalt: -1, steps: 3))
        #expect(metrics.accuracy == 0.75 && metrics.exactAccuracy == 0.5)
        #expect(metrics.qHaltAccuracy == 0.75 && metrics.meanSteps == 3)
        let values = Dictionary(
            uniqueKeysWithValues: metrics.report(lossDivisor: 4).map { ($0, $1) })
        #expect(values["exact_accuracy"] == metrics.exactAccuracy)
        #expect(values["accuracy"] == metrics.accuracy && values["steps"] == metrics.meanSteps)
    }

    @Test func theReportHasTheReferencesNames() {
        var metrics = StepMetrics()
        metrics.add(Self.outcome(labels: 2, correct: 1, qHalt: -1, steps: 3))
        metrics.add(Self.outcome(labels: 2, correct: 2, qHalt: -1, steps: 2))
        metrics.add(Self.outcome(labels: 2, correct: 2, halted: false))
        let report = metrics.report(lossDivisor: 8)
        #expect(
            report.map(\.name) == [
                "count", "accuracy", "exact_accuracy", "q_halt_accuracy", "steps", "lm_loss",
                "q_halt_loss", "q_continue_loss",
            ])
        #expect(report.map(\.value) == [2, 0.75, 0.5, 0.5, 2.5, 0.375, 0.75, 1.5])
    }

    @Test func aReportOfNothingDoesNotDivideByZero() {
        let report = StepMetrics().report(lossDivisor: 4)
        #expect(report.map(\.value) == [0, 0, 0, 0, 0, 0, 0])
        #expect(report.last?.name == "q_halt_loss")
        // In evaluation losses are divided by the count.
        #expect(StepMetrics().report(lossDivisor: 0).suffix(2).allSatisfy { $0.value.isNaN })
    }
}

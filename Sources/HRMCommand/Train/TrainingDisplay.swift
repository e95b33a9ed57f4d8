import HRMFigures
import HRMInference
import HRMTraining

/// The terminal display of a training session.
struct TrainingDisplay {
    private let totalSteps: Int
    private let duration: Duration?
    private let evaluations: EvaluationSchedule?
    private var progress = ProgressDisplay()
    private var recent: RecentMetrics
    /// The last step before this session; `nil` before its first step.
    private var before: Int?
    /// The step of the current evaluation, and its start in seconds.
    private var evaluation = (step: 0, start: 0.0)
    /// The duration of the last evaluation and of all evaluations, in seconds.
    private var evaluationSeconds: (last: Double?, all: Double) = (nil, 0)

    /// True if a step has been made.
    var hasSteps: Bool { before != nil }

    init(_ session: TrainingSession, limits: TrainingSession.Limits) {
        totalSteps = session.totalSteps
        duration = limits.duration
        evaluations =
            session.isEvaluated
            ? EvaluationSchedule(
                totalSteps: session.totalSteps, interval: session.stepsPerEvaluation) : nil
        recent = RecentMetrics(batchSize: session.configuration.globalBatchSize)
    }

    /// Shows an event, in the progress line or in separate lines.
    mutating func show(_ event: TrainingSession.Event) {
        switch event {
        case .resumed(0):
            progress.tell("There is no checkpoint yet: the run begins again with step 1")
        case .resumed(let step):
            progress.tell(
                "Going on after step \(NumberText.grouped(step)) of "
                    + NumberText.grouped(totalSteps))
        case .unusableCheckpoint(_, let error):
            progress.tell("Note: \(error); the checkpoint before it is taken")
        case .step(let result):
            let before = before ?? result.step - 1
            self.before = before
            recent.add(result.metrics, sequences: result.outcomes.count)
            let now = self
            progress.show(isEnd: result.step == totalSteps) {
                now.bar(step: result.step, before: before, elapsed: $0)
            }
        case .evaluating(let step, let share):
            if evaluation.step != step { evaluation = (step, progress.elapsed) }
            let start = evaluation.start
            progress.show { elapsed in
                ProgressBar(
                    fraction: share, activity: "evaluation", step: step,
                    secondsLeft: ProgressBar.secondsLeft(
                        elapsed: elapsed - start, fraction: share))
            }
        case .evaluation(let evaluation):
            let seconds = progress.elapsed - self.evaluation.start
            evaluationSeconds = (seconds, evaluationSeconds.all + seconds)
            let step = "step \(NumberText.grouped(evaluation.step))"
            for report in evaluation.reports {
                progress.tell("\(step), \(report.setName): \(EvaluationText.line(of: report))")
            }
            for report in evaluation.averageReports {
                progress.tell(
                    "\(step), \(report.setName), average: \(EvaluationText.line(of: report))")
            }
        case .checkpoint: break
        case .restored(let earlier, let step, let cause):
            progress.tell(
                "step \(NumberText.grouped(step)): \(cause); back to step "
                    + "\(NumberText.grouped(earlier)), with lower learning rates")
        }
    }

    /// Removes the progress line from the terminal.
    mutating func clear() { progress.clear() }

    /// Returns the bar after a step, without the steps up to `before`.
    private func bar(step: Int, before: Int, elapsed: Double) -> ProgressBar {
        let made = Double(step - before)
        let rate = made / max(elapsed - evaluationSeconds.all, 1e-9)
        var fraction = made / Double(max(1, totalSteps - before))
        if let duration { fraction = max(fraction, elapsed / duration.seconds) }
        return ProgressBar(
            fraction: fraction, step: step, rate: rate,
            losses: [.init("loss", recent.tokenLoss), .init("q", recent.qLoss)],
            exactAccuracy: recent.exactAccuracy,
            next: evaluations?.text(
                after: step, stepsPerSecond: rate, lastSeconds: evaluationSeconds.last),
            secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: fraction))
    }
}

/// The steps after which a run is evaluated.
struct EvaluationSchedule {
    let totalSteps: Int
    /// The number of steps between evaluations; nil for a single one at the end.
    let interval: Int?

    /// Returns the time of the next evaluation and the duration of the last one.
    ///
    /// - Parameters:
    ///   - step: The number of completed steps.
    ///   - rate: Steps per second.
    ///   - last: The duration of the last evaluation in seconds; nil before the first.
    /// - Returns: A few words; nil if an evaluation begins now, or none is left.
    func text(after step: Int, stepsPerSecond rate: Double, lastSeconds last: Double?) -> String? {
        let isOwed = interval.map { step.isMultiple(of: $0) } ?? false
        guard step < totalSteps, !isOwed else { return nil }
        let due = min(totalSteps, interval.map { (step / $0 + 1) * $0 } ?? totalSteps)
        let seconds = NumberText.duration(seconds: Double(due - step) / rate)
        return "evaluation in \(seconds)"
            + (last.map { ", the last took \(NumberText.duration(seconds: $0))" } ?? "")
    }
}

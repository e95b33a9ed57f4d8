import HRMData
import HRMFigures
import HRMFiles
import HRMPerTask

/// The text of answers to ARC tasks that were learned by themselves.
enum LearnedTaskText {
    /// Returns the attempts at each test input.
    ///
    /// - Parameters:
    ///   - solution: The answers.
    ///   - showsGrids: True to print the grids as digits below the attempts.
    /// - Returns: Lines that end with line feeds.
    static func text(of solution: PerTaskSolution, showsGrids: Bool = true) -> String {
        var text = ""
        for (test, attempts) in solution.progress.attempts.enumerated() {
            text +=
                "\(solution.task.name), test input \(test + 1): "
                + "\(solution.progress.step.counted("step")), "
                + "\(words(for: solution.progress)), "
                + "\(solution.candidates[test].count.counted("candidate"))\n"
            if attempts.isEmpty { text += "no answer\n" }
            for (number, attempt) in attempts.enumerated() {
                let verdict = solution.isRight(attempt, test: test).map {
                    $0 ? ", right" : ", wrong"
                }
                text +=
                    "attempt \(number + 1): \(NumberText.percent(attempt.sureness)) sure"
                    + "\(verdict ?? "")\n"
                    + (showsGrids ? ARCAnswerText.text(of: attempt.grid) : "")
            }
        }
        return text
    }

    /// Returns a clause about the end of the learning.
    static func words(for progress: PerTaskProgress) -> String {
        switch progress.ending {
        case .steps, nil: "stable for \(progress.stableSteps)"
        case .stable: "ended after \(progress.stableSteps) without a change"
        case .time: "ended by the time"
        case .cancelled: "interrupted"
        case .diverged: "ended because the losses were no numbers"
        }
    }

    /// Returns the progress of a task as a bar.
    ///
    /// - Parameters:
    ///   - progress: The progress.
    ///   - activity: The task, if there are several.
    /// - Returns: The bar, with the time left by the speed so far.
    static func bar(of progress: PerTaskProgress, activity: String? = nil) -> ProgressBar {
        ProgressBar(
            fraction: progress.fraction, activity: activity, step: progress.step,
            rate: Double(progress.step) / max(progress.seconds, 1e-9),
            losses: [
                .init("loss", progress.loss), .init("latents", progress.divergence),
                .init("grids", progress.reconstruction),
            ],
            next: progress.stableSteps > 0 ? "stable for \(progress.stableSteps)" : nil,
            secondsLeft: ProgressBar.secondsLeft(
                elapsed: progress.seconds, fraction: progress.fraction))
    }
}

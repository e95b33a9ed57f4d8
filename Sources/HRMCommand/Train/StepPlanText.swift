import HRMData
import HRMFigures
import HRMFiles
import HRMTraining

/// Sentences about the planned number of steps.
enum StepPlanText {
    /// Returns the expected times of steps and evaluations, and a note if the evaluations take most
    /// of the time.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - seconds: The time available, in seconds.
    /// - Returns: One or two lines.
    static func lines(of plan: StepPlan, within seconds: Double) -> [String] {
        let time = NumberText.duration(seconds: seconds)
        let steps = "\(NumberText.grouped(plan.steps)) \(plan.steps.word("step fits", "steps fit"))"
        let count = plan.intermediateEvaluations + (plan.secondsAtEnd > 0 ? 1 : 0)
        let evaluations =
            count == 0
            ? ""
            : ", with \(NumberText.grouped(count)) \(count.word("evaluation")) of about "
                + "\(NumberText.duration(seconds: plan.evaluationSeconds))\(count == 1 ? "" : " together")"
        let first =
            "A step takes about \(NumberText.significant(plan.secondsPerStep, digits: 2)) s: \(steps) "
            + "into \(time)\(evaluations)"
        return [first] + (note(on: plan, within: seconds).map { [$0] } ?? [])
    }

    private static func note(on plan: StepPlan, within seconds: Double) -> String? {
        guard plan.evaluationSeconds > seconds / 2 else { return nil }
        if plan.secondsAtEnd > seconds / 2 {
            return "Note: the evaluation at the end takes about "
                + "\(NumberText.duration(seconds: plan.secondsAtEnd)), "
                + (plan.secondsAtEnd > seconds
                    ? "longer than the time that is given" : "most of the time that is given")
                + "; give more time, or prepare the data with fewer test puzzles"
        }
        return "Note: evaluations take most of the time; make those on the way cheaper with "
            + "--evaluation-limit, or rarer with --set eval_interval"
    }
}

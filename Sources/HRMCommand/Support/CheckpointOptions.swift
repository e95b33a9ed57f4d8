import ArgumentParser
import HRMTraining

/// The options for checkpoints; they do not affect the results of a run.
struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a checkpoint every n steps, in addition to the timed ones.", valueName: "n"))
    var checkpointSteps: Int?
    @Option(
        help: ArgumentHelp(
            "Write a checkpoint when the last one is t minutes old (default: 10).", valueName: "t"))
    var checkpointMinutes: Double?
    @Option(
        help: ArgumentHelp(
            "Keep the newest n checkpoints, and that of the best evaluation.", valueName: "n"))
    var keep = 2
    @Option(
        help: ArgumentHelp(
            "Write and keep a checkpoint every n steps.", valueName: "n"))
    var keepSteps: Int?

    func validate() throws {
        let many = 1_000_000_000
        try checkpointSteps?.require(in: 1...many, "--checkpoint-steps")
        try keep.require(in: 1...many, "--keep")
        try keepSteps?.require(in: 1...many, "--keep-steps")
        if let minutes = checkpointMinutes, !(minutes > 0 && minutes <= 1e6) {
            throw ValidationError(
                "--checkpoint-minutes is \(minutes); use a number above 0, at most 1000000")
        }
    }

    /// The options as a checkpoint policy.
    var policy: CheckpointPolicy {
        CheckpointPolicy(
            steps: checkpointSteps, time: .seconds((checkpointMinutes ?? 10) * 60), kept: keep,
            keptSteps: keepSteps)
    }
}

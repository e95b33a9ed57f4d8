public import ArgumentParser
import HRMData
import HRMModel
public import HRMTraining

extension HaltingRule: ExpressibleByArgument {
    /// Reads a rule from the command line.
    public init?(argument: String) { self.init(argument) }
}

/// How much thought puzzles get.
struct ThinkingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Thinking steps of an attempt at most; 64 unless given, or as many as in training where "
                + "those are more, or with --halt never, or for ARC tasks.",
            valueName: "n"))
    var thinkingSteps: Int?
    @Option(
        help: ArgumentHelp(
            "End an attempt early, and begin another puzzle in its place: 'settled' when the model "
                + "takes its answer to be right and the last step has not changed it, 'sign' when it "
                + "takes it to be right, 'comparison' when halting promises more than going on, or the "
                + "least confidence, such as 0.9. 'never' gives every puzzle all steps of the training, "
                + "as the reference's evaluation does. 'settled' unless given; for ARC tasks, and "
                + "models that were trained with one step, 'never'.",
            valueName: "rule"))
    var halt: HaltingRule?
    @Option(
        help: ArgumentHelp(
            "Let the answers to n images of the puzzle under symmetries of its task vote; of an ARC "
                + "task to be solved, to n variations, 32 unless given.",
            valueName: "n"))
    var votes: Int?
    @Option(
        help: ArgumentHelp(
            "Think from n initial states, and keep the answer that the model is surest of.",
            valueName: "n"))
    var starts: Int?
    @Option(
        help: ArgumentHelp(
            "When a puzzle has not been halted, think again from another initial state, n times at "
                + "most; 15 unless given, 0 with --halt never or --starts.",
            valueName: "n"))
    var restarts: Int?
    @Option(
        help: ArgumentHelp(
            "Standard deviation of the noise that makes other initial states; 1 unless given.",
            valueName: "x"))
    var noise: Double?
    @Option(help: ArgumentHelp("Seed of symmetries and noise.", valueName: "seed"))
    var thinkingSeed: UInt64 = 0

    func validate() throws {
        try thinkingSteps?.require(in: 1...65536, "--thinking-steps")
        try votes?.require(in: 1...10_000, "--votes")
        try starts?.require(in: 1...10_000, "--starts")
        try restarts?.require(in: 0...10_000, "--restarts")
        if let noise, !(noise >= 0 && noise <= 1000) {
            throw ValidationError("--noise is \(noise); use a number from 0 to 1000")
        }
        guard noise == nil || starts ?? 1 > 1 || restarts ?? 0 > 0 else {
            throw ValidationError(
                "--noise needs --starts or --restarts: the first state has no noise")
        }
        guard restarts ?? 0 == 0 || halt != .never else {
            throw ValidationError(
                "--restarts needs a rule that halts, or nothing tells a success; leave out "
                    + "--halt never")
        }
    }

    /// Whether single attempts are to be other than in training.
    var changeAttempts: Bool {
        thinkingSteps != nil || halt != nil || starts != nil || restarts != nil
    }

    /// Says that votes need symmetries, where they are asked for and none are known.
    ///
    /// - Parameter task: What the puzzles are.
    func tellWhetherVotesCount(for task: PuzzleTask?) {
        guard votes ?? 1 > 1, let task, !task.hasSymmetries else { return }
        Console.tell(
            "Note: --votes changes nothing: no symmetries of the puzzle are known; a model knows "
                + "those that its data was prepared with, by --symmetry or --symmetry-map")
    }

    /// A plan with what was asked for.
    ///
    /// - Parameters:
    ///   - usual: What is done otherwise.
    ///   - model: The model that will think.
    /// - Returns: The plan.
    func plan(otherwise usual: ThinkingPlan, for model: HierarchicalReasoningModel) -> ThinkingPlan
    {
        // Nothing ends early then: as many steps as in training, not as many as anybody may need.
        let usual = halt == .never ? .asTrained(model) : usual
        let halting = halt ?? (restarts ?? 0 > 0 ? .settled : usual.halting)
        // Without a rule that halts, or with as many starts as somebody wants, nothing begins again.
        let usualRestarts = halting == .never || starts != nil ? 0 : usual.restarts
        return ThinkingPlan(
            maxSteps: thinkingSteps ?? usual.maxSteps, halting: halting,
            votes: votes ?? usual.votes, starts: starts ?? usual.starts,
            restarts: restarts ?? usualRestarts, noise: noise ?? usual.noise,
            seed: thinkingSeed)
    }
}

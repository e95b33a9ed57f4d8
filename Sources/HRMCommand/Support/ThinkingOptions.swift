public import ArgumentParser
import HRMData
import HRMEngine
public import HRMInference
import HRMModel
import HRMTraining

extension HaltingRule: ExpressibleByArgument {
    /// Parses a halting rule.
    public init?(argument: String) { self.init(argument) }
}

extension PinnedCell: ExpressibleByArgument {}
extension ContradictionResponse: ExpressibleByArgument {}

/// The inference options of the command line.
struct ThinkingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Maximum number of thinking steps of an attempt; by default 64, but as many as in "
                + "training if those are more, with --halt never, or for ARC tasks; for a search "
                + "512, after which it abstains.",
            valueName: "n"))
    var thinkingSteps: Int?
    @Option(
        help: ArgumentHelp(
            "End an attempt early, and begin another puzzle in its place: 'converged' when the "
                + "model predicts its answer to be correct and the last step has not changed it, "
                + "'sign' when it predicts it to be correct, 'comparison' when halting has a higher "
                + "Q value than continuing, or a minimum confidence, such as 0.9. 'never' gives "
                + "every puzzle all steps of the training, as in the reference's evaluation. The "
                + "default is 'converged'; for ARC tasks, and models that were trained with one step, "
                + "'never'.",
            valueName: "rule"))
    var halt: HaltingRule?
    @Option(
        help: ArgumentHelp(
            "Let the answers to n images of the puzzle under symmetries of its task vote; for "
                + "an ARC task in 'hrm solve', to n augmentations (default: 32).",
            valueName: "n"))
    var votes: Int?
    @Option(
        help: ArgumentHelp(
            "Start from n initial states, and keep the answer with the highest confidence.",
            valueName: "n"))
    var starts: Int?
    @Option(
        help: ArgumentHelp(
            "If a puzzle has not halted, restart from another initial state, at most n times; "
                + "by default 15, or 0 with --halt never or --starts.",
            valueName: "n"))
    var restarts: Int?
    @Option(
        help: ArgumentHelp(
            "Standard deviation of the noise of further initial states (default: 1).",
            valueName: "x"))
    var noise: Double?
    @Option(
        help: ArgumentHelp(
            "The cell that a search pins where nothing can be struck: 'random', one of the "
                + "'fewest' candidates (default), or the 'surest'; for models trained with "
                + "--preset search.",
            valueName: "cell"))
    var pin: PinnedCell?
    @Option(
        help: ArgumentHelp(
            "A search's response to a contradiction: 'refute' (default) takes the last pin back "
                + "and strikes its symbol, 'restart' takes all pins back.", valueName: "response"))
    var contradiction: ContradictionResponse?
    @Option(help: ArgumentHelp("Seed of symmetries, noise and pins.", valueName: "seed"))
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

    /// The names of the options that are given.
    var given: [String] {
        [
            (thinkingSteps != nil, "--thinking-steps"), (halt != nil, "--halt"),
            (votes != nil, "--votes"), (starts != nil, "--starts"),
            (restarts != nil, "--restarts"), (noise != nil, "--noise"),
            (thinkingSeed != 0, "--thinking-seed"),
        ].filter(\.0).map(\.1)
    }

    /// True if single attempts differ from those in training.
    var changeAttempts: Bool {
        thinkingSteps != nil || halt != nil || starts != nil || restarts != nil
    }

    /// Notes that votes need symmetries, if votes are requested and no symmetries are known.
    ///
    /// - Parameter task: The task of the puzzles.
    func tellWhetherVotesCount(for task: PuzzleTask?) {
        guard votes ?? 1 > 1, let task, !task.hasSymmetries else { return }
        Console.tell(
            "Note: --votes changes nothing: no symmetries of the puzzle are known; a model knows "
                + "those that its data was prepared with, by --symmetry or --symmetry-map")
    }

    /// Returns inference options with the requested changes.
    ///
    /// - Parameters:
    ///   - usual: The default options.
    ///   - model: The model.
    /// - Returns: The options.
    func plan(otherwise usual: InferenceOptions, for model: HierarchicalReasoningModel)
        -> InferenceOptions
    {
        var choices = InferenceChoices()
        choices.maxSteps = thinkingSteps
        choices.halting = halt
        choices.votes = votes
        choices.starts = starts
        choices.restarts = restarts
        choices.noise = noise
        choices.seed = thinkingSeed
        choices.pin = pin
        choices.contradiction = contradiction
        return choices.options(otherwise: usual, for: model)
    }
}

import ArgumentParser
import Foundation
import HRMText

extension TextObjective: ExpressibleByArgument {}
extension TextTrainingPrecision: ExpressibleByArgument {}

/// The options of the model and of its training.
struct TextTrainingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Channels of the states.", valueName: "n"))
    var hiddenSize: Int?
    @Option(help: ArgumentHelp("Inner channels of the feed-forward part.", valueName: "n"))
    var innerSize: Int?
    @Option(help: ArgumentHelp("Attention heads.", valueName: "n"))
    var heads: Int?
    @Option(help: ArgumentHelp("Channels of a head.", valueName: "n"))
    var headSize: Int?
    @Option(help: ArgumentHelp("Blocks of each of the two stacks.", valueName: "n"))
    var layers: Int?
    @Option(help: ArgumentHelp("Slow cycles.", valueName: "n"))
    var highCycles: Int?
    @Option(help: ArgumentHelp("Fast passes for each slow one.", valueName: "n"))
    var lowCycles: Int?
    @Flag(
        help: """
            Train a plain transformer of the same size: the blocks of both stacks in one, passed \
            once.
            """)
    var transformer = false
    @Option(
        help: ArgumentHelp(
            "The loss: of answers, after prompts whose tokens see each other (prefix) or only "
                + "earlier ones (causal), or of all tokens (all).",
            valueName: "loss"))
    var objective: TextObjective?
    @Option(help: ArgumentHelp("The largest number of tokens of an example.", valueName: "n"))
    var context: Int?
    @Option(help: ArgumentHelp("Examples in a step.", valueName: "n"))
    var batchSize: Int?
    @Option(help: ArgumentHelp("Training steps.", valueName: "n"))
    var steps: Int?
    @Option(
        name: .customLong("flop"),
        help: ArgumentHelp(
            "Floating-point operations of the training, instead of steps.", valueName: "n"))
    var operations: Double?
    @Option(name: .customLong("lr"), help: ArgumentHelp("Learning rate.", valueName: "x"))
    var learningRate: Double?
    @Option(
        name: .customLong("lr-warmup"),
        help: ArgumentHelp("Steps in which the learning rate rises.", valueName: "n"))
    var warmupSteps: Int?
    @Option(
        name: .customLong("lr-final"),
        help: ArgumentHelp(
            "The share of the learning rate that is left at the end.", valueName: "x"))
    var finalShare: Double?
    @Option(help: ArgumentHelp("Weight decay.", valueName: "x"))
    var weightDecay: Double?
    @Option(
        help: ArgumentHelp(
            "The share of the average of the weights that a step keeps.", valueName: "x"))
    var averageDecay: Double?
    @Option(
        help: ArgumentHelp("Stack passes with gradient, the last ones.", valueName: "n"))
    var gradientSteps: Int?
    @Flag(
        inversion: .prefixedNo,
        help: "Begin with 2 passes with gradient, and reach all in the first 20 % of the training.")
    var gradientWarmup = true
    @Option(
        help: ArgumentHelp(
            "Number format of the passes; only float32 is supported.", valueName: "format"))
    var precision: TextTrainingPrecision?
    @Option(help: "Seed of weights and order.")
    var seed: UInt64 = 0

    func validate() throws {
        do throws(TextTrainingError) {
            try settings(TextTrainingSettings()).validate()
        } catch {
            throw ValidationError(error.description)
        }
    }

    /// Returns settings with the given options.
    func settings(_ standard: TextTrainingSettings) -> TextTrainingSettings {
        var settings = standard
        func set<Value>(_ path: WritableKeyPath<TextTrainingSettings, Value>, _ value: Value?) {
            if let value { settings[keyPath: path] = value }
        }
        set(\.hiddenSize, hiddenSize)
        set(\.innerSize, innerSize)
        set(\.headCount, heads)
        set(\.headSize, headSize)
        set(\.layersPerStack, layers)
        set(\.highCycles, highCycles)
        set(\.lowCycles, lowCycles)
        set(\.objective, objective)
        set(\.context, context)
        set(\.batchSize, batchSize)
        set(\.steps, steps)
        if operations != nil { settings.budget = operations }
        set(\.learningRate, learningRate)
        set(\.warmupSteps, warmupSteps)
        set(\.finalShare, finalShare)
        set(\.weightDecay, weightDecay)
        set(\.averageDecay, averageDecay)
        set(\.gradientSteps, gradientSteps)
        set(\.precision, precision)
        settings.warmsUpGradient = gradientWarmup
        settings.seed = seed
        if transformer { settings.becomeTransformer() }
        return settings
    }
}

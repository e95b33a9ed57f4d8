public import ArgumentParser
import Foundation
public import HRMText

extension SamplingOptions.Method: ExpressibleByArgument {}

/// The options of answers: the choice of tokens and the end.
struct SamplingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Kinds of answer, separated by commas and in this order: direct, cot, noisy, synth.",
            valueName: "list"))
    var condition = ""
    @Option(
        help: ArgumentHelp(
            "Randomness of the choice of tokens; 0 takes the most likely one.",
            valueName: "number"))
    var temperature = 0.0
    @Option(
        help: ArgumentHelp("Draw from the n most likely tokens only.", valueName: "n"))
    var topK: Int?
    @Option(
        help: ArgumentHelp(
            "Draw from the most likely tokens that have this probability together.",
            valueName: "number"))
    var topP: Double?
    @Option(
        help: ArgumentHelp(
            "Divisor of the logits of tokens that are already there; 1 has no effect.",
            valueName: "number"))
    var repetitionPenalty = 1.0
    @Option(
        help: ArgumentHelp(
            "Method of drawing: softmax, or gumbel as the original; both have the same "
                + "distribution.",
            valueName: "name"))
    var sampler = SamplingOptions.Method.softmax
    @Option(
        help: ArgumentHelp(
            "Seed of the random numbers; prompt i, counting from 0, has seed + i.",
            valueName: "n"))
    var seed: UInt64 = 0
    @Option(
        help: ArgumentHelp(
            "The largest number of tokens of an answer; by default the rest of the context.",
            valueName: "n"))
    var maxTokens: Int?
    @Option(
        name: .customLong("stop"), parsing: .singleValue,
        help: ArgumentHelp(
            "A text that ends an answer; it can be given several times.", valueName: "text"))
    var stops: [String] = []

    func validate() throws {
        try maxTokens?.require(in: 1...1_000_000_000, "--max-tokens")
        do {
            _ = try conditions
            _ = try options(number: 0)
        } catch let error as GenerationError {
            throw ValidationError(error.description)
        }
    }

    /// The conditions in their order.
    var conditions: [PromptCondition] {
        get throws { try PromptCondition.list(condition) }
    }

    /// Returns the options for a prompt.
    ///
    /// - Parameter number: The number of the prompt, counting from 0.
    /// - Returns: The options.
    /// - Throws: An error for a number outside its range.
    func options(number: Int) throws -> SamplingOptions {
        try SamplingOptions(
            temperature: temperature, topK: topK, topP: topP,
            repetitionPenalty: repetitionPenalty, method: sampler,
            seed: seed &+ UInt64(number))
    }

    /// Returns the request for a prompt.
    func request(
        _ prompt: String, number: Int, to generator: TextGenerator
    ) throws -> GenerationRequest {
        try generator.request(
            prompt, conditions: conditions, sampling: options(number: number),
            tokenLimit: maxTokens, stopTexts: stops)
    }
}

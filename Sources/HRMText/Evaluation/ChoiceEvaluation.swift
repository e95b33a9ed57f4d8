/// The evaluation of choices by their log-likelihood.
package struct ChoiceEvaluation {
    /// The texts whose likelihood is compared.
    package enum Style: String, Sendable, CaseIterable {
        /// The choices' own texts as answers to the prompt.
        case texts
        /// The letters of the choices, which the prompt lists.
        case letters
    }

    /// The scores of one example.
    package struct Result: Equatable {
        /// The log-likelihood of each choice.
        package var logLikelihoods: [Double]
        /// The choice with the highest log-likelihood, the first of equal ones.
        package var choice: Int
        /// The choice with the highest log-likelihood for each character.
        package var normalizedChoice: Int
        /// The right choice.
        package var right: Int
    }

    private let scorer: TextScorer
    private let tokenizer: Tokenizer
    private let format: PromptFormat
    private let conditions: [PromptCondition]
    private let style: Style
    /// The largest number of tokens of prompt and choice.
    private let context: Int

    /// Creates an evaluation.
    package init(
        scorer: TextScorer, tokenizer: Tokenizer, format: PromptFormat,
        conditions: [PromptCondition], style: Style, context: Int
    ) {
        self.scorer = scorer
        self.tokenizer = tokenizer
        self.format = format
        self.conditions = conditions
        self.style = style
        self.context = context
    }

    /// Returns the prompt's text with the listed choices, if the style lists them.
    package static func text(_ prompt: String, choices: [String], style: Style) -> String {
        guard style == .letters else { return prompt }
        return ([prompt] + choices.enumerated().map { "\(TextExample.letter($0)). \($1)" })
            .joined(separator: "\n")
    }

    /// Scores the choices of an example.
    ///
    /// - Parameters:
    ///   - prompt: The prompt's text, with earlier examples if wanted.
    ///   - choices: The choices.
    ///   - right: The right one.
    /// - Returns: The scores.
    /// - Throws: ``GenerationError`` if the context is too short.
    package func evaluate(
        _ prompt: String, choices: [String], right: Int
    ) throws -> Result {
        let ids = try format.prompt(
            Self.text(prompt, choices: choices, style: style), conditions: conditions,
            tokenizer: tokenizer)
        let answers =
            style == .texts ? choices : choices.indices.map { TextExample.letter($0) }
        let tokens = answers.map { tokenizer.encode($0) }
        let longest = tokens.map(\.count).max() ?? 0
        guard ids.count + longest - 1 <= context else {
            throw GenerationError.promptTooLong(tokens: ids.count + longest - 1, context: context)
        }
        let scores: [Double]
        if tokens.allSatisfy({ $0.count == 1 }) {
            scores = try scorer.scores(ofSingle: tokens.map { $0[0] }, after: ids)
                .map(\.logLikelihood)
        } else {
            scores = try tokens.map { try scorer.score($0, after: ids).logLikelihood }
        }
        let lengths = answers.map { Double(max(1, $0.unicodeScalars.count)) }
        return Result(
            logLikelihoods: scores, choice: Self.best(scores),
            normalizedChoice: Self.best(zip(scores, lengths).map { $0 / $1 }), right: right)
    }

    private static func best(_ scores: [Double]) -> Int {
        scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    }
}

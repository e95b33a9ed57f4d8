/// The tokens around prompts and answers: `<|im_start|>`, conditions, prompt, `<|im_end|>`, answer,
/// `<|box_end|>`.
///
/// Prompts are built from numbers: names of control tokens in a user's text remain text, as in the
/// training.
public struct PromptFormat: Sendable, Hashable {
    /// The token before a prompt.
    public let start: Int32
    /// The token between prompt and answer.
    public let end: Int32
    /// The token after an answer, by its name; nil if the tokenizer has none.
    public let answerEnd: Int32?
    private let conditions: [PromptCondition: Int32]

    /// Finds the tokens of a tokenizer.
    ///
    /// - Parameter tokenizer: The tokenizer, whose file states the numbers.
    /// - Throws: ``GenerationError`` if `<|im_start|>` or `<|im_end|>` is missing.
    public init(_ tokenizer: Tokenizer) throws(GenerationError) {
        start = try Self.token("<|im_start|>", tokenizer)
        end = try Self.token("<|im_end|>", tokenizer)
        answerEnd = tokenizer.specialToken("<|box_end|>")
        var conditions: [PromptCondition: Int32] = [:]
        for condition in PromptCondition.allCases {
            conditions[condition] = tokenizer.specialToken(condition.token)
        }
        self.conditions = conditions
    }

    /// Returns the tokens of a prompt, all of type 1.
    ///
    /// - Parameters:
    ///   - text: The prompt's text.
    ///   - conditions: The conditions in their order.
    ///   - tokenizer: The tokenizer.
    /// - Returns: The tokens.
    /// - Throws: ``GenerationError`` if the tokenizer lacks the token of a condition.
    public func prompt(
        _ text: String, conditions: [PromptCondition], tokenizer: Tokenizer
    ) throws(GenerationError) -> [Int32] {
        var ids = [start]
        for condition in conditions {
            guard let id = self.conditions[condition] else {
                throw .missingToken(condition.token)
            }
            ids.append(id)
        }
        return ids + tokenizer.encode(text) + [end]
    }

    private static func token(
        _ name: String, _ tokenizer: Tokenizer
    ) throws(GenerationError) -> Int32 {
        guard let id = tokenizer.specialToken(name) else { throw .missingToken(name) }
        return id
    }
}

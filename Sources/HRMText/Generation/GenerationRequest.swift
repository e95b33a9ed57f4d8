/// A prompt with the limits of its answer.
public struct GenerationRequest: Sendable, Hashable {
    /// The tokens of the prompt; see ``PromptFormat``.
    public var prompt: [Int32]
    /// True if the prompt's tokens see each other in both directions, as in the training.
    public var isBidirectional: Bool
    /// The choice of tokens.
    public var sampling: SamplingOptions
    /// The largest number of tokens of the answer; nil for the rest of the context.
    public var tokenLimit: Int?
    /// The tokens that end the answer and are not part of it.
    public var stopTokens: Set<Int32>
    /// The texts that end the answer and are not part of it.
    public var stopTexts: [String]

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - prompt: The tokens of the prompt.
    ///   - sampling: The choice of tokens.
    ///   - tokenLimit: The largest number of tokens of the answer.
    ///   - stopTokens: The tokens that end the answer.
    ///   - stopTexts: The texts that end the answer.
    ///   - isBidirectional: True if the prompt's tokens see each other in both directions.
    public init(
        prompt: [Int32], sampling: SamplingOptions = .greedy, tokenLimit: Int? = nil,
        stopTokens: Set<Int32> = [], stopTexts: [String] = [], isBidirectional: Bool = true
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.tokenLimit = tokenLimit
        self.stopTokens = stopTokens
        self.stopTexts = stopTexts
        self.isBidirectional = isBidirectional
    }

    /// The prompt with its types.
    package var row: TextRow { isBidirectional ? .prompt(prompt) : TextRow(ids: prompt) }
}

/// The reason an answer ended.
public enum FinishReason: String, Sendable, Hashable {
    /// The model's end token.
    case endToken = "end"
    /// A stop text.
    case stopText = "stop"
    /// The largest number of tokens of the answer.
    case tokenLimit = "limit"
    /// Prompt and answer fill the context.
    case context
    /// A request to cancel.
    case cancelled
}

/// A complete answer.
public struct GeneratedText: Sendable, Hashable {
    /// The text, without end token and stop text.
    public var text: String
    /// The tokens, without the end token; their text may be longer if a stop text was found.
    public var tokens: [Int32]
    /// The reason for the end.
    public var reason: FinishReason
    /// The number of tokens of the prompt.
    public var promptTokenCount: Int
}

/// A step in the answers to one or more requests.
public enum GenerationEvent: Sendable, Equatable {
    /// A further token with the text that is certain now: empty within a character, or while a stop
    /// text is possible. At the end of an answer, held-back text comes without a token.
    case token(request: Int, id: Int32?, text: String)
    /// The end of an answer.
    case finished(request: Int, GeneratedText)
    /// A request that cannot be answered; others are not affected.
    case failed(request: Int, GenerationError)

    /// The index of the request, counting from 0.
    public var request: Int {
        switch self {
        case .token(let request, _, _), .finished(let request, _), .failed(let request, _): request
        }
    }
}

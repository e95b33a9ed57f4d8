/// An answer in progress.
struct AnswerState {
    private let request: GenerationRequest
    /// The number of tokens before the answer, of this and earlier turns.
    private let promptCount: Int
    private let context: Int
    private var sampler: TokenSampler
    private var decoder: StreamingDecoder
    private var filter: StopTextFilter
    private(set) var text = ""
    private(set) var tokens: [Int32] = []
    /// The reason for the end; nil while the answer goes on.
    private(set) var reason: FinishReason?
    /// The end token that was drawn, if any.
    private(set) var endToken: Int32?

    /// - Parameters:
    ///   - request: The request.
    ///   - earlierCount: The number of tokens in the cache before the request's prompt.
    ///   - context: The largest number of tokens of prompt and answer.
    ///   - tokenizer: The tokenizer.
    /// - Throws: ``GenerationError`` if the context has no room for an answer.
    init(
        _ request: GenerationRequest, earlierCount: Int = 0, context: Int, tokenizer: Tokenizer
    ) throws(GenerationError) {
        promptCount = earlierCount + request.prompt.count
        guard promptCount < context else {
            throw .promptTooLong(tokens: promptCount, context: context)
        }
        if let limit = request.tokenLimit, limit < 1 {
            throw .setting(
                name: "the number of new tokens", value: "\(limit)", range: "a number from 1")
        }
        self.request = request
        self.context = context
        sampler = TokenSampler(request.sampling, prompt: request.prompt)
        decoder = StreamingDecoder(tokenizer, skipsControlTokens: true)
        filter = StopTextFilter(request.stopTexts)
    }

    /// Draws the next token.
    ///
    /// - Parameter logits: The logits after prompt and answer so far.
    /// - Returns: The token, nil for an end token; and the text that is certain now.
    /// - Throws: ``GenerationError/notFinite`` if no token can be preferred.
    mutating func accept(_ logits: [Float]) throws(GenerationError) -> (id: Int32?, text: String) {
        let id = try sampler.next(logits)
        guard !request.stopTokens.contains(id) else {
            endToken = id
            return (nil, finish(.endToken))
        }
        tokens.append(id)
        var piece = filter.append(decoder.append(id))
        text += piece
        if filter.isStopped {
            finish(.stopText)
        } else if tokens.count == request.tokenLimit ?? .max {
            piece += finish(.tokenLimit)
        } else if promptCount + tokens.count >= context {
            piece += finish(.context)
        }
        return (id, piece)
    }

    /// Ends the answer, and returns the text that was held back.
    @discardableResult
    mutating func finish(_ reason: FinishReason) -> String {
        self.reason = reason
        guard reason != .stopText else { return "" }
        let tail = decoder.finish()
        var rest = tail.isEmpty ? "" : filter.append(tail)
        rest += filter.finish()
        text += rest
        return rest
    }

    /// The answer.
    ///
    /// - Precondition: It has ended.
    var answer: GeneratedText {
        guard let reason else { preconditionFailure("an answer in progress") }
        return GeneratedText(
            text: text, tokens: tokens, reason: reason, promptTokenCount: promptCount)
    }
}

/// A conversation of several turns.
///
/// Neither the training nor the original engine knows a second turn; there are two ways to continue.
package final class TextConversation {
    /// The treatment of earlier turns.
    package enum Memory: String, Sendable, CaseIterable {
        /// The whole conversation is prefilled again as one bidirectional prompt for each turn.
        case whole
        /// Further turns are causal: the cache is kept, and only the new prompt is computed.
        case causal
    }

    private let generator: TextGenerator
    private let predictor: any TokenPredictor
    private let memory: Memory
    private var sampling: SamplingOptions
    /// All tokens of the conversation.
    package private(set) var tokens: [Int32] = []
    /// The number of tokens in the cache.
    private var cachedCount = 0

    init(
        generator: TextGenerator, predictor: any TokenPredictor, memory: Memory,
        sampling: SamplingOptions
    ) {
        self.generator = generator
        self.predictor = predictor
        self.memory = memory
        self.sampling = sampling
    }

    /// Forgets all turns.
    package func restart() {
        tokens = []
        cachedCount = 0
        predictor.finish(0)
    }

    /// Answers a prompt after the turns so far.
    ///
    /// - Parameters:
    ///   - prompt: The prompt's text.
    ///   - conditions: The kinds of answer.
    ///   - tokenLimit: The largest number of tokens of the answer.
    ///   - stopTexts: The texts that end the answer.
    ///   - isCancelled: Returns true to end the answer; polled before each token.
    ///   - report: Receives each token's text.
    /// - Returns: The answer.
    /// - Throws: ``GenerationError``; the conversation is then unchanged, so that a shorter prompt
    ///   can follow. Errors of `report`.
    package func ask(
        _ prompt: String, conditions: [PromptCondition], tokenLimit: Int? = nil,
        stopTexts: [String] = [], isCancelled: () -> Bool = { false },
        report: (String) throws -> Void
    ) throws -> GeneratedText {
        let turn = try generator.format.prompt(
            prompt, conditions: conditions, tokenizer: generator.tokenizer)
        let all = tokens + turn
        let request = GenerationRequest(
            prompt: all, sampling: sampling, tokenLimit: tokenLimit,
            stopTokens: generator.endTokens, stopTexts: stopTexts)
        var state = try AnswerState(
            request, context: min(generator.context, predictor.capacity),
            tokenizer: generator.tokenizer)
        var logits: [Float]
        do throws(TextSessionError) {
            if memory == .causal, cachedCount > 0 {
                logits = try predictor.extend(0, with: Array(all[cachedCount...]))
            } else {
                logits = try predictor.refill(0, with: request.row)
            }
        } catch {
            throw GenerationError.session(error)
        }
        cachedCount = all.count
        while true {
            let token = try state.accept(logits)
            if !token.text.isEmpty { try report(token.text) }
            if state.reason == nil, isCancelled() {
                let rest = state.finish(.cancelled)
                if !rest.isEmpty { try report(rest) }
            }
            guard state.reason == nil, let id = token.id else { break }
            do throws(TextSessionError) {
                logits = try predictor.decode([id])[0]
            } catch {
                throw GenerationError.session(error)
            }
            cachedCount += 1
        }
        // An answer that was cut short is closed as well, so that the next turn is in format.
        tokens = all + state.tokens
        if let end = state.endToken ?? generator.format.answerEnd { tokens.append(end) }
        // Each turn has random numbers of its own.
        sampling.seed &+= 1
        return state.answer
    }
}

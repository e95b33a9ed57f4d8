import Foundation
import HRMTensor
import Synchronization

/// Generates text with a model, on threads of its own.
///
/// ```swift
/// let model = try TextModel.load(folder: folder)
/// let generator = try TextGenerator(model: model, tokenizer: Tokenizer(contentsOf: folder))
/// let request = try generator.request("What is 2+3?", conditions: [.direct])
/// for try await event in generator.answers(to: [request]) {
///     if case .token(_, _, let text) = event { print(text, terminator: "") }
/// }
/// ```
public struct TextGenerator: Sendable {
    /// The tokenizer.
    public let tokenizer: Tokenizer
    /// The tokens around prompts.
    public let format: PromptFormat
    /// The tokens that end an answer.
    public let endTokens: Set<Int32>
    /// The largest number of tokens of prompt and answer.
    public let context: Int
    /// The largest possible context.
    public static let largestContext = TextRow.positionLimit
    private let makePredictor: @Sendable (_ rows: Int) -> any TokenPredictor

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - tokenizer: The model's tokenizer.
    ///   - context: The largest number of tokens of prompt and answer; nil for the number that the
    ///     model was trained for.
    ///   - rows: The number of answers at the same time.
    /// - Throws: ``GenerationError`` if the tokenizer does not fit the model, or the context does
    ///   not fit into memory.
    public init(
        model: TextModel, tokenizer: Tokenizer, context: Int? = nil, rows: Int = 1
    ) throws(GenerationError) {
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw .vocabulary(
                tokenizer: tokenizer.vocabularySize, model: model.configuration.vocabularySize)
        }
        let context = context ?? model.configuration.contextLength
        guard (2...Self.largestContext).contains(context) else {
            throw .setting(
                name: "the context", value: "\(context)",
                range: "a number from 2 to \(Self.largestContext)")
        }
        let bytes = KeyValueCache.byteCountPerToken(
            model.configuration, precision: model.precision)
        let needed = Double(bytes) * Double(context) * Double(max(1, rows))
        guard needed <= Double(ProcessInfo.processInfo.physicalMemory) else {
            throw .memory(gigabytes: Int(needed / 1e9), context: context, rows: rows)
        }
        try self.init(
            tokenizer: tokenizer, endTokens: model.configuration.endTokens, context: context
        ) { TextSession(model: model, capacity: context, batch: $0) }
    }

    /// Creates a generator with sessions of another kind.
    package init(
        tokenizer: Tokenizer, endTokens: [Int32], context: Int,
        makePredictor: @escaping @Sendable (_ rows: Int) -> any TokenPredictor
    ) throws(GenerationError) {
        guard context >= 2 else {
            throw .setting(name: "the context", value: "\(context)", range: "a number from 2")
        }
        format = try PromptFormat(tokenizer)
        let named = format.answerEnd.map { [$0] } ?? []
        self.endTokens = Set(endTokens.isEmpty ? named : endTokens)
        self.tokenizer = tokenizer
        self.context = context
        self.makePredictor = makePredictor
    }

    /// Returns a request for a prompt in the format of the training.
    ///
    /// - Parameters:
    ///   - prompt: The prompt's text.
    ///   - conditions: The kinds of answer.
    ///   - sampling: The choice of tokens.
    ///   - tokenLimit: The largest number of tokens of the answer; nil for the rest of the context.
    ///   - stopTexts: The texts that end the answer, besides the end tokens.
    /// - Returns: The request.
    /// - Throws: ``GenerationError`` if the tokenizer lacks a token of the format.
    public func request(
        _ prompt: String, conditions: [PromptCondition] = [],
        sampling: SamplingOptions = .greedy, tokenLimit: Int? = nil, stopTexts: [String] = []
    ) throws(GenerationError) -> GenerationRequest {
        GenerationRequest(
            prompt: try format.prompt(prompt, conditions: conditions, tokenizer: tokenizer),
            sampling: sampling, tokenLimit: tokenLimit, stopTokens: endTokens,
            stopTexts: stopTexts)
    }

    /// Answers requests; the work stops at the next token as soon as the sequence is no longer
    /// iterated, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - requests: The requests.
    ///   - rows: The number of answers at the same time; affects speed and memory, not answers.
    /// - Returns: The events. Iterating throws if the whole work has failed.
    public func answers(to requests: [GenerationRequest], rows: Int = 1) -> GenerationStream {
        GenerationStream { continuation in
            let isStopped = StopFlag()
            continuation.onTermination = { _ in isStopped.set() }
            let hasStarted = DetachedThread.start {
                do {
                    var rest = requests[...]
                    try run(rows: min(rows, max(1, requests.count))) {
                        rest.popFirst()
                    } isCancelled: {
                        isStopped.isSet
                    } report: {
                        continuation.yield($0)
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            if !hasStarted { continuation.finish(throwing: GenerationError.noThread) }
        }
    }

    /// Answers requests on the calling thread; see ``GenerationLoop/run(requests:isCancelled:report:)``.
    package func run(
        rows: Int, requests: () throws -> GenerationRequest?,
        isCancelled: () -> Bool = { false }, report: (GenerationEvent) throws -> Void
    ) throws {
        precondition(rows >= 1, "\(rows) rows, expected at least 1")
        var loop = GenerationLoop(predictor: makePredictor(rows), tokenizer: tokenizer)
        try loop.run(requests: requests, isCancelled: isCancelled, report: report)
    }

    /// Returns a conversation.
    package func conversation(
        _ memory: TextConversation.Memory, sampling: SamplingOptions
    ) -> TextConversation {
        TextConversation(
            generator: self, predictor: makePredictor(1), memory: memory, sampling: sampling)
    }
}

/// A flag that one thread sets and another one reads.
private final class StopFlag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

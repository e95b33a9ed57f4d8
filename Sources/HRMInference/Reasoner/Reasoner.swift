public import Foundation
public import HRMData
import HRMEngine
public import HRMModel
public import HRMTensor

/// A trained model that concurrently answers questions from any number of tasks.
///
/// ```swift
/// let reasoner = try await Reasoner(contentsOf: url)
/// let answer = try await reasoner.solve("1...2.......3...")
/// ```
///
/// It is neither an actor nor a lock around one computation: both would process questions one by
/// one, and an actor would block the cooperative thread pool. Instead the reasoner batches
/// questions on its own thread and refills a slot as soon as it is free, so a new question waits at
/// most one segment if a slot is free. Tasks that await answers block no thread.
///
/// An answer depends only on the question, the plan and its seed.
public final class Reasoner: Sendable {
    /// A puzzle as tokens.
    public typealias Question = PuzzleStream.Question
    /// An answer to a question asked as text.
    public struct Answer: Sendable, Equatable {
        /// The answer's cells and their meaning.
        public let content: PuzzleAnswer
        /// The answer as tokens, with the statistics of its attempts.
        public let solution: PuzzleSolution

        /// Creates an answer.
        ///
        /// - Parameters:
        ///   - solution: The result of inference.
        ///   - puzzle: The puzzle.
        /// - Precondition: The solution has as many tokens as the puzzle.
        public init(_ solution: PuzzleSolution, to puzzle: PuzzleQuestion) {
            content = puzzle.answer(solution.tokens)
            self.solution = solution
        }

        /// The puzzle.
        public var puzzle: PuzzleQuestion { content.question }
        /// The answer as one line of text.
        public var text: String { content.text }
        /// A short statement about correctness, see `PuzzleAnswer.verdict`; nil if it cannot be
        /// checked.
        public var verdict: String? { content.verdict }
        /// True if the answer is correct; nil if it cannot be checked.
        public var isValid: Bool? { content.isValid }
        /// The model's estimated probability that the answer is correct.
        public var confidence: Double { solution.confidence }
    }

    /// The task of the model; nil if its file does not state it, or states the task of a different
    /// model.
    public let task: PuzzleTask?
    /// The dimensions of valid questions.
    public let dimensions: PuzzleDimensions
    /// The default plan for questions.
    public let plan: InferenceOptions
    let scheduler: BatchScheduler
    private let slots: Int

    /// Creates a reasoner with a model in memory.
    ///
    /// - Parameters:
    ///   - file: The model and its task.
    ///   - plan: The default plan for questions; `InferenceOptions.recommended(for:)` if nil.
    ///   - slots: The number of concurrent attempts; chosen for the model if nil. It affects memory
    ///     and speed, not answers.
    ///   - workers: The worker threads.
    public convenience init(
        _ file: ModelFile, plan: InferenceOptions? = nil, slots: Int? = nil,
        workers: Workers = .available
    ) {
        self.init(
            file, plan: plan, slots: slots, workers: workers, startThread: DetachedThread.start)
    }

    /// Creates a reasoner whose thread is started by `startThread`.
    init(
        _ file: ModelFile, plan: InferenceOptions?, slots: Int?, workers: Workers,
        startThread: @escaping BatchScheduler.ThreadStart
    ) {
        let model = file.model
        let dimensions = model.dimensions
        self.dimensions = dimensions
        task = file.task.flatMap {
            let fits =
                ($0.sequenceLength, $0.vocabularySize)
                == (dimensions.sequenceLength, dimensions.vocabularySize)
            return fits ? $0 : nil
        }
        self.plan = plan ?? .recommended(for: model)
        self.slots = slots ?? CPUEngine.suitableSlots(for: model, workers: workers)
        scheduler = BatchScheduler(
            model: model, slots: self.slots, workers: workers, startThread: startThread)
    }

    /// Creates a reasoner with a model from a file, which is read on a separate thread.
    ///
    /// - Parameters:
    ///   - url: A safetensors file written by `hrm train` or `hrm convert`, or a run folder.
    ///   - plan: The default plan for questions; `InferenceOptions.recommended(for:)` if nil.
    ///   - slots: The number of concurrent attempts; chosen for the model if nil.
    ///   - workers: The worker threads.
    /// - Throws: ``CheckpointError``, `ConfigurationFileError` or `ConfigurationError`, each with
    ///   the file in its message; ``ReasonerError/noThread``.
    public convenience init(
        contentsOf url: URL, plan: InferenceOptions? = nil, slots: Int? = nil,
        workers: Workers = .available
    ) async throws {
        let file = try await withCheckedThrowingContinuation { continuation in
            let hasStarted = DetachedThread.start {
                continuation.resume(with: Result { try ModelFile(contentsOf: url) })
            }
            if !hasStarted { continuation.resume(throwing: ReasonerError.noThread) }
        }
        self.init(file, plan: plan, slots: slots, workers: workers)
    }
}

// MARK: - Tokens

extension Reasoner {
    /// Solves a puzzle.
    ///
    /// If the task is cancelled, the computation ends after the current segment.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: The solution.
    /// - Throws: ``ReasonerError`` if the question does not fit the model; `CancellationError`.
    public func solve(
        _ question: Question, plan: InferenceOptions? = nil
    ) async throws -> PuzzleSolution {
        try check(question)
        guard let result = await solution(of: question, plan: plan) else {
            throw CancellationError()
        }
        return try result.get()
    }

    /// Solves puzzles concurrently.
    ///
    /// Questions are taken from their sequence as slots become free, so there may be any number of
    /// them. The computation ends when the task that reads the solutions is cancelled or stops
    /// reading.
    ///
    /// - Parameters:
    ///   - questions: The puzzles.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: A solution or an error for each question, in order.
    public func solve<Questions: Sequence<Question> & Sendable>(
        _ questions: Questions, plan: InferenceOptions? = nil
    ) -> Solutions<PuzzleSolution> {
        solutions(of: questions) { question in
            do throws(ReasonerError) {
                try self.check(question)
            } catch {
                return .failure(error)
            }
            return await self.solution(of: question, plan: plan)
        }
    }

    /// Returns a stream of the model's output after each segment of a puzzle.
    ///
    /// The computation starts immediately, with one attempt whatever the plan says. It ends early
    /// when the reading task is cancelled or stops reading.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: One output per segment; the last one contains the answer. If logits are not
    ///   finite, the stream ends.
    /// - Throws: ``ReasonerError`` if the question does not fit the model, or no thread could be
    ///   started.
    public func thoughts(
        of question: Question, plan: InferenceOptions? = nil
    ) throws(ReasonerError) -> AsyncStream<StepOutput> {
        try check(question)
        var plan = plan ?? self.plan
        plan.votes = 1
        plan.starts = 1
        plan.restarts = 0
        let attempts = SolveJob(at: question, plan: plan, task: task)
        let (thoughts, continuation) = AsyncStream<StepOutput>.makeStream()
        let cancellation = BatchScheduler.Cancellation()
        continuation.onTermination = { _ in cancellation.request() }
        let isAccepted = scheduler.submit(
            .init(
                attempts: attempts, cancellation: cancellation,
                observer: { continuation.yield($0) }, finish: { _ in continuation.finish() }))
        guard isAccepted else { throw .noThread }
        return thoughts
    }

    /// Refuses a question that does not fit the model.
    func check(_ question: Question) throws(ReasonerError) {
        guard question.tokens.count == dimensions.sequenceLength else {
            throw .wrongLength(
                found: question.tokens.count, expected: dimensions.sequenceLength)
        }
        let known = 0..<Int32(dimensions.vocabularySize)
        if let cell = question.tokens.firstIndex(where: { !known.contains($0) }) {
            throw .unknownToken(
                question.tokens[cell], cell: cell, vocabularySize: dimensions.vocabularySize)
        }
        guard (0..<dimensions.puzzleIdentifierCount).contains(Int(question.identifier)) else {
            throw .unknownIdentifier(
                question.identifier, count: dimensions.puzzleIdentifierCount)
        }
    }

    /// Waits for the solution of a puzzle; returns nil if the task is cancelled.
    func solution(
        of question: Question, plan: InferenceOptions?, checker: PuzzleStream.Checker? = nil
    ) async -> Result<PuzzleSolution, ReasonerError>? {
        let attempts = SolveJob(at: question, plan: plan ?? self.plan, task: task)
        let cancellation = BatchScheduler.Cancellation()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                scheduler.submit(
                    .init(
                        attempts: attempts, cancellation: cancellation, checker: checker,
                        finish: { continuation.resume(returning: $0) }))
            }
        } onCancel: {
            cancellation.request()
        }
    }

    func solutions<Questions: Sequence & Sendable, Value: Sendable>(
        of questions: Questions,
        _ solve:
            @escaping @Sendable (Questions.Element) async -> Solutions<Value>.Element?
    ) -> Solutions<Value> where Questions.Element: Sendable {
        // Twice as many as slots, so that no slot is idle while the first solutions are read.
        Solutions(limit: 2 * slots) {
            var questions = questions.makeIterator()
            return { questions.next().map { question in Task { await solve(question) } } }
        }
    }
}

// MARK: - Text

extension Reasoner {
    /// Solves a puzzle in text form, see `PuzzleQuestion`.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: The answer.
    /// - Throws: ``ReasonerError`` if the text is not a puzzle of the model's task;
    ///   `CancellationError`.
    public func solve(_ text: String, plan: InferenceOptions? = nil) async throws -> Answer {
        let puzzle = try puzzle(text)
        return Answer(try await solve(Question(puzzle), plan: plan), to: puzzle)
    }

    /// Solves puzzles in text form concurrently.
    ///
    /// - Parameters:
    ///   - texts: The puzzles.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: An answer or an error for each puzzle, in order.
    public func solve<Texts: Sequence<String> & Sendable>(
        _ texts: Texts, plan: InferenceOptions? = nil
    ) -> Solutions<Answer> {
        solutions(of: texts) { text in
            let puzzle: PuzzleQuestion
            do throws(ReasonerError) {
                puzzle = try self.puzzle(text)
            } catch {
                return .failure(error)
            }
            let question = Question(puzzle)
            let solution = await self.solution(of: question, plan: plan)
            return solution.map { $0.map { Answer($0, to: puzzle) } }
        }
    }

    /// Returns the model's answer to a puzzle in text form after each segment, as it is computed.
    ///
    /// The computation starts immediately, and ends early when the reading task is cancelled or
    /// stops reading.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - plan: The plan; the reasoner's ``plan`` if nil.
    /// - Returns: One answer per segment.
    /// - Throws: ``ReasonerError`` if the text is not a puzzle of the model's task.
    public func thoughts(
        of text: String, plan: InferenceOptions? = nil
    ) throws(ReasonerError) -> AsyncMapSequence<AsyncStream<StepOutput>, Answer> {
        let puzzle = try puzzle(text)
        let halting = (plan ?? self.plan).halting
        let thoughts = try thoughts(
            of: Question(puzzle), plan: plan)
        return thoughts.map { thought in
            let halts = halting.halts(
                qHalt: thought.qHalt, qContinue: thought.qContinue,
                isUnchanged: thought.isUnchanged)
            return Answer(PuzzleSolution(thoughts: [thought], hasHalted: halts), to: puzzle)
        }
    }

    private func puzzle(_ text: String) throws(ReasonerError) -> PuzzleQuestion {
        guard let task else { throw .unknownTask }
        let puzzle: PuzzleQuestion
        do {
            puzzle = try PuzzleQuestion(parsing: text, task: task)
        } catch {
            throw .notAPuzzle(reason: "\(error)")
        }
        // The name may identify a puzzle for which the model has no row.
        try check(Question(puzzle))
        return puzzle
    }
}

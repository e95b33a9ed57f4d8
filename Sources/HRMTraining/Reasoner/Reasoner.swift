public import Foundation
public import HRMData
public import HRMModel
public import HRMTensor

/// A trained model that answers questions from any number of tasks at the same time.
///
/// ```swift
/// let reasoner = try await Reasoner(contentsOf: url)
/// let answer = try await reasoner.solve("1...2.......3...")
/// ```
///
/// It is neither an actor nor a lock around one computation: either would take one question after
/// the other, and an actor would compute on the threads that all tasks share. Questions go to a
/// thread of the reasoner's own, which thinks about many of them in one batch; a place in it that is
/// free is taken by the next question. So a question that comes while others are thought about waits
/// for no more than a segment. Tasks that wait for answers hold no thread.
///
/// What an answer is depends on the question, the plan and its seed alone.
public final class Reasoner: Sendable {
    /// What is asked, in the model's terms.
    public typealias Question = PuzzleStream.Question
    /// What the model thinks after a segment.
    public typealias Thought = PuzzleReasoner.Thought

    /// An answer to a question that was asked as text.
    public struct Answer: Sendable, Equatable {
        /// The answer as people write it, in one line.
        public var text: String
        /// A few words about whether it is right; nil where nobody can tell.
        public var verdict: String?
        /// Whether it is right; nil where nobody can tell.
        public var isValid: Bool?
        /// The answer in the model's terms, and how it came about.
        public var solution: PuzzleSolution

        /// The model's own probability that the answer is right.
        public var confidence: Double { solution.confidence }
    }

    /// What the model solves; nil when its file does not say it, or means another model.
    public let task: PuzzleTask?
    /// What questions must be like.
    public let dimensions: PuzzleDimensions
    /// How questions are thought about unless their askers say otherwise.
    public let plan: ThinkingPlan
    private let desk: ThinkingDesk
    private let slots: Int

    /// A reasoner with a model that is in memory.
    ///
    /// - Parameters:
    ///   - file: The model, and what it is for.
    ///   - plan: How questions are thought about; `ThinkingPlan.recommended(for:)` unless given.
    ///   - slots: Attempts at the same time; as many as suit the model unless given. They decide
    ///     memory and speed, not answers.
    ///   - workers: Threads that compute.
    public convenience init(
        _ file: ModelFile, plan: ThinkingPlan? = nil, slots: Int? = nil,
        workers: Workers = .available
    ) {
        self.init(
            file, plan: plan, slots: slots, workers: workers, startThread: DetachedThread.start)
    }

    /// A reasoner whose thread is made by `startThread`.
    init(
        _ file: ModelFile, plan: ThinkingPlan?, slots: Int?, workers: Workers,
        startThread: @escaping ThinkingDesk.ThreadStart
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
        self.slots = slots ?? ReasoningEngine.suitableSlots(for: model, workers: workers)
        desk = ThinkingDesk(
            model: model, slots: self.slots, workers: workers, startThread: startThread)
    }

    /// A reasoner with a model from a file, which is read on a thread of its own.
    ///
    /// - Parameters:
    ///   - url: A safetensors file that `hrm train` or `hrm convert` wrote, or a run folder.
    ///   - plan: How questions are thought about; `ThinkingPlan.recommended(for:)` unless given.
    ///   - slots: Attempts at the same time; as many as suit the model unless given.
    ///   - workers: Threads that compute.
    /// - Throws: ``CheckpointError``, ``ConfigurationFileError`` or `ConfigurationError`, each
    ///   with the file in its message; ``ReasonerError/noThread``.
    public convenience init(
        contentsOf url: URL, plan: ThinkingPlan? = nil, slots: Int? = nil,
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
    /// When the task is cancelled, the computation ends after the segment that is being computed.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: How it is thought about; the reasoner's ``plan`` unless given.
    /// - Returns: What came of it.
    /// - Throws: ``ReasonerError`` when it is no question for the model; `CancellationError`.
    public func solve(
        _ question: Question, plan: ThinkingPlan? = nil
    ) async throws -> PuzzleSolution {
        try check(question)
        guard let result = await solution(of: question, plan: plan) else {
            throw CancellationError()
        }
        return try result.get()
    }

    /// Solves puzzles, many at the same time.
    ///
    /// Questions are taken from their sequence as slots become free, so there may be any number of
    /// them. When the task that reads the solutions is cancelled, or ends reading, so does the
    /// computation.
    ///
    /// - Parameters:
    ///   - questions: The puzzles.
    ///   - plan: How they are thought about; the reasoner's ``plan`` unless given.
    /// - Returns: A solution for each question in order, or why it is none.
    public func solve<Questions: Sequence<Question> & Sendable>(
        _ questions: Questions, plan: ThinkingPlan? = nil
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

    /// What the model thinks about a puzzle, segment by segment, as it thinks.
    ///
    /// Thinking begins at once, with one attempt whatever the plan says. It ends early when the task
    /// that reads is cancelled, or nobody reads any more.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: How it is thought about; the reasoner's ``plan`` unless given.
    /// - Returns: One thought a segment; the last one has the answer. Where the model's results are no
    ///   numbers, there is no further thought.
    /// - Throws: ``ReasonerError`` when it is no question for the model, or there is no thread for it.
    public func thoughts(
        of question: Question, plan: ThinkingPlan? = nil
    ) throws(ReasonerError) -> AsyncStream<Thought> {
        try check(question)
        var plan = plan ?? self.plan
        plan.votes = 1
        plan.starts = 1
        plan.restarts = 0
        let attempts = PuzzleAttempts(at: question, plan: plan, task: task)
        let (thoughts, continuation) = AsyncStream<Thought>.makeStream()
        let cancellation = ThinkingDesk.Cancellation()
        continuation.onTermination = { _ in cancellation.request() }
        let isAccepted = desk.submit(
            .init(
                attempts: attempts, cancellation: cancellation,
                observer: { continuation.yield($0) }, finish: { _ in continuation.finish() }))
        guard isAccepted else { throw .noThread }
        return thoughts
    }

    /// Refuses what is no question for the model.
    private func check(_ question: Question) throws(ReasonerError) {
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

    /// Waits for the solution of a puzzle; nil when the task is cancelled.
    private func solution(
        of question: Question, plan: ThinkingPlan?
    ) async -> Result<PuzzleSolution, ReasonerError>? {
        let attempts = PuzzleAttempts(at: question, plan: plan ?? self.plan, task: task)
        let cancellation = ThinkingDesk.Cancellation()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                desk.submit(
                    .init(
                        attempts: attempts, cancellation: cancellation,
                        finish: { continuation.resume(returning: $0) }))
            }
        } onCancel: {
            cancellation.request()
        }
    }

    private func solutions<Questions: Sequence & Sendable, Value: Sendable>(
        of questions: Questions,
        _ solve:
            @escaping @Sendable (Questions.Element) async -> Solutions<Value>.Element?
    ) -> Solutions<Value> where Questions.Element: Sendable {
        // Twice as many as there are slots: none is free while the first solutions are read.
        Solutions(limit: 2 * slots) {
            var questions = questions.makeIterator()
            return { questions.next().map { question in Task { await solve(question) } } }
        }
    }
}

// MARK: - Text

extension Reasoner {
    /// Solves a puzzle that is written as people write it, see `WrittenPuzzle`.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - plan: How it is thought about; the reasoner's ``plan`` unless given.
    /// - Returns: The answer.
    /// - Throws: ``ReasonerError`` when it is none of the model's puzzles; `CancellationError`.
    public func solve(_ text: String, plan: ThinkingPlan? = nil) async throws -> Answer {
        let puzzle = try puzzle(text)
        return Answer(
            try await solve(
                Question(tokens: puzzle.tokens, identifier: puzzle.identifier), plan: plan),
            to: puzzle)
    }

    /// Solves puzzles that are written as people write them, many at the same time.
    ///
    /// - Parameters:
    ///   - texts: The puzzles.
    ///   - plan: How they are thought about; the reasoner's ``plan`` unless given.
    /// - Returns: An answer to each puzzle in order, or why it is none.
    public func solve<Texts: Sequence<String> & Sendable>(
        _ texts: Texts, plan: ThinkingPlan? = nil
    ) -> Solutions<Answer> {
        solutions(of: texts) { text in
            let puzzle: WrittenPuzzle
            do throws(ReasonerError) {
                puzzle = try self.puzzle(text)
            } catch {
                return .failure(error)
            }
            let question = Question(tokens: puzzle.tokens, identifier: puzzle.identifier)
            let solution = await self.solution(of: question, plan: plan)
            return solution.map { $0.map { Answer($0, to: puzzle) } }
        }
    }

    /// The model's answer to a written puzzle after each segment, as it thinks.
    ///
    /// Thinking begins at once, and ends early when the task that reads is cancelled, or nobody reads
    /// any more.
    ///
    /// - Parameters:
    ///   - text: The puzzle.
    ///   - plan: How it is thought about; the reasoner's ``plan`` unless given.
    /// - Returns: One answer a segment.
    /// - Throws: ``ReasonerError`` when it is none of the model's puzzles.
    public func thoughts(
        of text: String, plan: ThinkingPlan? = nil
    ) throws(ReasonerError) -> AsyncMapSequence<AsyncStream<Thought>, Answer> {
        let puzzle = try puzzle(text)
        let halting = (plan ?? self.plan).halting
        let thoughts = try thoughts(
            of: Question(tokens: puzzle.tokens, identifier: puzzle.identifier), plan: plan)
        return thoughts.map { thought in
            let halts = halting.halts(
                qHalt: thought.qHalt, qContinue: thought.qContinue,
                isUnchanged: thought.isUnchanged)
            return Answer(PuzzleSolution(thoughts: [thought], hasHalted: halts), to: puzzle)
        }
    }

    private func puzzle(_ text: String) throws(ReasonerError) -> WrittenPuzzle {
        guard let task else { throw .unknownTask }
        let puzzle: WrittenPuzzle
        do {
            puzzle = try WrittenPuzzle(parsing: text, task: task)
        } catch {
            throw .notAPuzzle(reason: "\(error)")
        }
        // Its name may be that of a puzzle which the model has no row for.
        try check(Question(tokens: puzzle.tokens, identifier: puzzle.identifier))
        return puzzle
    }
}

extension Reasoner.Answer {
    fileprivate init(_ solution: PuzzleSolution, to puzzle: WrittenPuzzle) {
        let answer = puzzle.answer(solution.tokens)
        self.init(
            text: answer.text, verdict: answer.verdict, isValid: answer.isValid,
            solution: solution)
    }
}

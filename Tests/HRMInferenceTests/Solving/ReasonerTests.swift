import Foundation
import HRMData
import HRMModel
import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

@testable import HRMInference

/// A reasoner that is asked from many places, against one that thinks about a puzzle alone.
@Suite(.timeLimit(.minutes(5))) struct ReasonerTests {
    private static let model = TinyPuzzles.model()

    private static func reasoner(
        task: PuzzleTask? = .sudoku(.four), plan: InferenceOptions? = nil, slots: Int? = 3
    ) -> Reasoner {
        Reasoner(
            ModelFile(model: model, task: task),
            plan: plan ?? .asTrained(model), slots: slots, workers: Workers(count: 2))
    }

    private static func questions(_ count: Int) -> [Reasoner.Question] {
        var generator = SeededGenerator(seed: 9)
        return (0..<count).map { _ in
            Reasoner.Question(
                tokens: (0..<16).map { _ in Int32.random(in: 1...5, using: &generator) })
        }
    }

    private static func expected(_ question: Reasoner.Question) throws -> PuzzleSolution {
        let alone = PuzzleReasoner(model: model, workers: Workers(count: 1))
        return try PuzzleSolution(thoughts: alone.solve(tokens: question.tokens), hasHalted: false)
    }

    /// More thought than anybody can wait for.
    private static let endless = InferenceOptions(maxSteps: .max)

    @Test func manyTasksAskAtTheSameTime() async throws {
        try await within {
            let reasoner = Self.reasoner()
            let questions = Self.questions(24)
            let solutions = try await withThrowingTaskGroup(of: (Int, PuzzleSolution).self) {
                group in
                for (index, question) in questions.enumerated() {
                    group.addTask { (index, try await reasoner.solve(question)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (index, question) in questions.enumerated() {
                #expect(try solutions[index] == Self.expected(question))
            }
        }
    }

    @Test func solutionsComeInOrder() async throws {
        try await within {
            let reasoner = Self.reasoner()
            var questions = Self.questions(20)
            questions[4].tokens.removeLast()
            var solutions: [Solutions<PuzzleSolution>.Element] = []
            for await solution in reasoner.solve(questions) { solutions.append(solution) }
            #expect(solutions.count == 20)
            for (index, solution) in solutions.enumerated() {
                let expected: Solutions<PuzzleSolution>.Element =
                    index == 4
                    ? .failure(.wrongLength(found: 15, expected: 16))
                    : .success(try Self.expected(questions[index]))
                #expect(solution == expected)
            }
        }
    }

    @Test func votesAreThoseOfAStream() async throws {
        try await within {
            let plan = InferenceOptions(
                maxSteps: 3, halting: .converged, votes: 3, starts: 2, restarts: 2, seed: 7)
            let questions = Self.questions(5)
            var stream = PuzzleStream(
                model: Self.model, task: .sudoku(.four), plan: plan, slots: 4,
                workers: Workers(count: 1))
            var iterator = questions.makeIterator()
            var expected: [Solutions<PuzzleSolution>.Element] = []
            try stream.solve(next: { iterator.next() }) { expected.append(.success($1)) }
            var solutions: [Solutions<PuzzleSolution>.Element] = []
            for await solution in Self.reasoner(plan: plan).solve(questions) {
                solutions.append(solution)
            }
            #expect(solutions == expected)
            // A question by itself has the same answer as in its stream.
            let first = try await Self.reasoner().solve(questions[0], plan: plan)
            #expect(solutions[0] == .success(first))
        }
    }

    /// Tells how many questions were taken from it.
    private final class EndlessQuestions: Sequence, Sendable {
        let taken = Mutex(0)
        func makeIterator() -> AnyIterator<Reasoner.Question> {
            AnyIterator {
                self.taken.withLock { $0 += 1 }
                return ReasonerTests.questions(1)[0]
            }
        }
    }

    @Test func whoStopsReadingStopsTheComputation() async throws {
        try await within {
            let reasoner = Self.reasoner()
            let questions = EndlessQuestions()
            var read = 0
            for await solution in reasoner.solve(questions) {
                #expect(throws: Never.self) { try solution.get() }
                read += 1
                if read == 10 { break }
            }
            // No more are taken than are open for three slots.
            #expect(questions.taken.withLock { $0 } <= 10 + 2 * 3)
            _ = try await reasoner.solve(Self.questions(1)[0])
        }
    }

    @Test func cancelledQuestionsFreeTheirSlots() async throws {
        try await within {
            let reasoner = Self.reasoner(slots: 2)
            let question = Self.questions(1)[0]
            let long = (0..<4).map { _ in
                Task { try await reasoner.solve(question, plan: Self.endless) }
            }
            let reading = Task {
                var count = 0
                for await _ in reasoner.solve([question, question], plan: Self.endless) {
                    count += 1
                }
                return count
            }
            for task in long { task.cancel() }
            for task in long {
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            reading.cancel()
            #expect(await reading.value == 0)
            let solution = try await reasoner.solve(question)
            #expect(try solution == Self.expected(question))
        }
    }

    @Test func thoughtsComeOneByOne() async throws {
        try await within {
            let reasoner = Self.reasoner(slots: 1)
            let question = Self.questions(1)[0]
            var thoughts: [StepOutput] = []
            for await thought in try reasoner.thoughts(of: question) { thoughts.append(thought) }
            let alone = PuzzleReasoner(model: Self.model, workers: Workers(count: 1))
            #expect(try thoughts == alone.solve(tokens: question.tokens))

            // The only slot is free again after somebody has seen enough of endless thoughts.
            for await thought in try reasoner.thoughts(of: question, plan: Self.endless)
            where thought.step == 3 {
                break
            }
            let solution = try await reasoner.solve(question)
            #expect(try solution == Self.expected(question))
        }
    }

    @Test func tasksGoOnWhileAReasonerThinks() async throws {
        try await within {
            let reasoner = Self.reasoner(slots: 8)
            let question = Self.questions(1)[0]
            let long = (0..<16).map { _ in
                Task { try await reasoner.solve(question, plan: Self.endless) }
            }
            let counts = await withTaskGroup(of: Int.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        for _ in 0..<10 { await Task.yield() }
                        return number
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(counts == 63 * 32)
            for task in long { task.cancel() }
            for task in long { _ = await task.result }
        }
    }

    @Test func whatIsNoQuestionIsATypedError() async throws {
        try await within {
            let reasoner = Self.reasoner()
            let blank = [Int32](repeating: 1, count: 16)
            await #expect(throws: ReasonerError.wrongLength(found: 3, expected: 16)) {
                try await reasoner.solve(.init(tokens: [1, 2, 3]))
            }
            await #expect(throws: ReasonerError.unknownToken(-1, cell: 15, vocabularySize: 6)) {
                try await reasoner.solve(.init(tokens: blank.dropLast() + [-1]))
            }
            #expect(throws: ReasonerError.self) { try reasoner.thoughts(of: "1...5") }
            #expect(throws: ReasonerError.unknownToken(6, cell: 0, vocabularySize: 6)) {
                try reasoner.thoughts(of: .init(tokens: [6] + blank.dropLast()))
            }
            await #expect(throws: ReasonerError.unknownIdentifier(1, count: 1)) {
                try await reasoner.solve(.init(tokens: blank, identifier: 1))
            }
            await #expect(throws: ReasonerError.self) { try await reasoner.solve("1...5") }
            await #expect(throws: ReasonerError.unknownTask) {
                try await Self.reasoner(task: nil).solve("1...2.......3...")
            }
            // A task of other dimensions than the model's.
            await #expect(throws: ReasonerError.unknownTask) {
                try await Self.reasoner(task: .sudoku(.six))
                    .solve(String(repeating: ".", count: 36))
            }
        }
    }

    @Test func textInAndTextOut() async throws {
        try await within {
            let reasoner = Self.reasoner()
            let text = "1...2.......3..."
            let answer = try await reasoner.solve(text)
            let board = try SudokuBoard(parsing: text, geometry: .four)
            let solution = try Self.expected(.init(tokens: board.tokens.map(Int32.init)))
            #expect(answer.solution == solution)
            let judged = SudokuAnswer(tokens: solution.tokens, to: board)
            #expect(answer.text == judged.board.description)
            #expect(answer.isValid == (judged.verdict == .valid))
            var steps: [Reasoner.Answer] = []
            for await step in try reasoner.thoughts(of: text) { steps.append(step) }
            #expect(steps.map(\.solution.steps) == [1, 2])
            #expect(steps.last == answer)
            var answers: [Solutions<Reasoner.Answer>.Element] = []
            for await answer in reasoner.solve([text, "nothing", text]) { answers.append(answer) }
            #expect(
                answers.count == 3 && answers[0] == .success(answer) && answers[2] == answers[0])
            guard case .failure(.notAPuzzle(let reason)) = answers[1] else {
                Issue.record("\(answers[1])")
                return
            }
            #expect(reason.contains("this one has 7"), "\(reason)")
        }
    }

    @Test func aFileIsEnough() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-reasoner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("model.safetensors")
        try ModelFile(
            model: Self.model, task: .sudoku(.four)
        ).write(to: url)
        let question = Self.questions(1)[0]
        let reasoner = try await Reasoner(contentsOf: url, plan: .asTrained(Self.model))
        #expect(
            try await within { try await reasoner.solve(question) } == Self.expected(question))
        await #expect(throws: CheckpointError.self) {
            try await Reasoner(contentsOf: folder.appendingPathComponent("none.safetensors"))
        }
    }

    /// The first thread cannot be made, the next one can.
    @Test func withoutAThreadThereIsAnError() async throws {
        let question = Self.questions(1)[0]
        let refusals = Mutex(2)
        let reasoner = Reasoner(
            ModelFile(model: Self.model, task: .sudoku(.four)),
            plan: .asTrained(Self.model), slots: 2, workers: Workers(count: 1)
        ) { body in
            let isRefused = refusals.withLock { count in
                count -= 1
                return count >= 0
            }
            return isRefused ? false : DetachedThread.start(body)
        }
        try await within {
            await #expect(throws: ReasonerError.noThread) { try await reasoner.solve(question) }
            #expect(throws: ReasonerError.noThread) { try reasoner.thoughts(of: question) }
            let solution = try await reasoner.solve(question)
            #expect(try solution == Self.expected(question))
            refusals.withLock { $0 = 100 }
            for await result in reasoner.solve([question, question]) {
                #expect(result == .failure(.noThread))
            }
        }
    }

    /// A text that is well written and has no answer is refused before anything is computed.
    @Test func aQuestionThatCannotBeIsRefused() async throws {
        let reasoner = Self.reasoner(task: .maze(size: 4))
        for (text, words) in [
            ("S.../####/..../...G", "walls keep the start and the goal apart"),
            ("..../..../..../...G", "no start"), ("SS../..../..../...G", "more than one start"),
            ("S.../..../...G", "3 rows are drawn"), ("S..*/..../..../...G", "'*'"),
        ] {
            await #expect {
                _ = try await reasoner.solve(text)
            } throws: { error in
                guard case .notAPuzzle(let reason)? = error as? ReasonerError else { return false }
                return reason.contains(words)
            }
        }
        let texts = [
            "S...\r\n....\r\n....\r\n...G", "S.../####/..../...G", "\u{FEFF}S.../..../..../...G",
        ]
        var answered: [Bool] = []
        for await answer in reasoner.solve(texts) {
            answered.append((try? answer.get()) != nil)
        }
        #expect(answered == [true, false, true])
    }
}

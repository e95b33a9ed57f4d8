import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

/// Answers depend on the puzzle, the plan and its seed: not on the puzzle's place among others, on
/// the slots, or on who asks.
@Suite(.timeLimit(.minutes(5))) struct PlaceIndependenceTests {
    private static let model: HierarchicalReasoningModel = {
        var configuration = TinyPuzzles.architecture
        configuration.puzzleEmbeddingSize = 16
        var generator = SeededGenerator(seed: 6)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 3),
            using: &generator)
        for name in ["q_head.weight", "q_head.bias", "puzzle_emb.weights"] {
            // A fresh model's are all but zero.
            for entry in model.layout.entries + model.layout.buffers
            where entry.name.hasSuffix(name) {
                guard let tensor = model.tensor(entry) else { continue }
                tensor.assign(generator.values(tensor.rows * tensor.columns, scale: 2))
            }
        }
        model.pack(workers: Workers(count: 1))
        return model
    }()

    /// Symmetries, noise, starts that are made at once, and restarts that only some puzzles need.
    private static let plan = InferenceOptions(
        maxSteps: 3, halting: .sign, votes: 3, starts: 2, restarts: 2, noise: 2, seed: 7)

    private static func questions(_ count: Int) -> [PuzzleStream.Question] {
        var generator = SeededGenerator(seed: 9)
        return (0..<count).map { number in
            PuzzleStream.Question(
                tokens: (0..<16).map { _ in Int32.random(in: 1...5, using: &generator) },
                identifier: Int32(number % 3))
        }
    }

    private static func solve(
        _ questions: [PuzzleStream.Question], plan: InferenceOptions = plan, slots: Int = 4,
        checker: PuzzleStream.Checker? = nil, stopsAtValid: Bool = false, earlySteps: Int? = nil
    ) throws -> [PuzzleSolution] {
        var stream = PuzzleStream(
            model: model, task: .sudoku(.four), plan: plan, slots: slots,
            workers: Workers(count: 2), checker: checker, stopsAtValid: stopsAtValid,
            earlySteps: earlySteps)
        var iterator = questions.makeIterator()
        var solutions: [PuzzleSolution] = []
        try stream.solve(next: { iterator.next() }) { solutions.append($1) }
        return solutions
    }

    private static func byQuestion(
        _ questions: [PuzzleStream.Question], _ solutions: [PuzzleSolution]
    ) -> [PuzzleStream.Question: Set<PuzzleSolution>] {
        Dictionary(grouping: zip(questions, solutions), by: \.0).mapValues { Set($0.map(\.1)) }
    }

    @Test(arguments: [1, 2, 5, 64])
    func shuffledPuzzlesHaveTheSameSolutions(slots: Int) throws {
        let questions = Self.questions(9)
        let expected = try Self.solve(questions)
        #expect(Set(expected.map(\.totalSteps)).count > 1, "all puzzles took as long")
        var shuffled = questions + questions[2..<5]
        var generator = SeededGenerator(seed: 3)
        shuffled.shuffle(using: &generator)
        let solutions = Self.byQuestion(shuffled, try Self.solve(shuffled, slots: slots))
        for (question, solution) in zip(questions, expected) {
            #expect(solutions[question] == [solution])
        }
    }

    @Test func everyPuzzleHasItsOwnNoise() throws {
        let questions = Self.questions(12)
        let seeds = (questions + questions).map {
            SeededGenerator(solving: $0, seed: 1, purpose: 2)
        }
        #expect(Set(seeds).count == 12)
        var other = questions[0]
        other.identifier = 2
        var swapped = questions[0]
        let place = try #require(
            swapped.tokens.indices.first { swapped.tokens[$0] != swapped.tokens[15] })
        swapped.tokens.swapAt(place, 15)
        let all = [questions[0], other, swapped].flatMap { question in
            [(1, 2), (1, 3), (2, 2)].map {
                SeededGenerator(solving: question, seed: $0, purpose: $1)
            }
        }
        #expect(Set(all).count == 9)
    }

    /// Of attempts that are made at once, those count that would have been made one by one.
    @Test func aCheckerThatStopsLeavesTheSameAnswer() throws {
        let questions = Self.questions(9)
        // Some answers, by their content alone.
        let checker: PuzzleStream.Checker = { _, answer in
            answer.reduce(0) { ($0 &* 31 &+ Int($1)) % 1009 }.isMultiple(of: 41)
        }
        for plan in [
            Self.plan, InferenceOptions(maxSteps: 4, starts: 5, noise: 2),
            InferenceOptions(maxSteps: 2, halting: .sign, votes: 4, restarts: 3, noise: 2),
        ] {
            for stops in [true, false] {
                let expected = try Self.solve(
                    questions, plan: plan, slots: 1, checker: checker, stopsAtValid: stops)
                #expect(expected.contains { $0.firstValid != nil })
                #expect(expected.contains { $0.firstValid == nil })
                for slots in [2, 3, 64] {
                    #expect(
                        try Self.solve(
                            questions, plan: plan, slots: slots, checker: checker,
                            stopsAtValid: stops) == expected)
                }
            }
        }
    }

    @Test func theEarlyAnswerIsTheFirstAttempts() throws {
        let questions = Self.questions(5)
        let alone = PuzzleReasoner(model: Self.model, workers: Workers(count: 1))
        let plan = InferenceOptions(maxSteps: 5, votes: 2, starts: 2)
        for steps in [1, 3, 5, 9] {
            let solutions = try Self.solve(questions, plan: plan, earlySteps: steps)
            for (question, solution) in zip(questions, solutions) {
                let thoughts = try alone.solve(
                    tokens: question.tokens, puzzleIdentifier: question.identifier, maxSteps: 5)
                #expect(solution.earlyTokens == thoughts[min(steps, 5) - 1].tokens)
            }
        }
        #expect(try Self.solve(questions).allSatisfy { $0.earlyTokens == nil })
    }

    @Test func reasonerAndStreamAgree() async throws {
        let questions = Self.questions(9)
        let expected = try Self.solve(questions)
        let reasoner = Reasoner(
            ModelFile(model: Self.model, task: .sudoku(.four)),
            plan: Self.plan, slots: 3, workers: Workers(count: 2))
        try await within {
            for (question, solution) in zip(questions, expected).reversed() {
                #expect(try await reasoner.solve(question) == solution)
            }
            var solutions: [PuzzleSolution] = []
            for await result in reasoner.solve(Array(questions.reversed())) {
                solutions.append(try result.get())
            }
            #expect(solutions.reversed() == expected)
        }
    }

    @Test func evaluationAndReasonerAgree() async throws {
        let model = TinyPuzzles.model()
        var predictions: [Evaluator.Prediction] = []
        let report = try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let evaluator = StreamEvaluator(
                model: model, plan: Self.plan, slots: 3, workers: Workers(count: 2))
            return try evaluator.evaluate(test) { predictions.append($0) }
        }
        let reasoner = Reasoner(
            ModelFile(model: model, task: .sudoku(.four)),
            plan: Self.plan, slots: 2, workers: Workers(count: 1))
        var totalSteps = 0
        for prediction in predictions.reversed() {
            let question = PuzzleStream.Question(tokens: Array(prediction.inputs))
            let solution = try await within { try await reasoner.solve(question) }
            #expect(solution.tokens == prediction.tokens && solution.qHalt == prediction.qHalt)
            totalSteps += solution.totalSteps
        }
        #expect(report.total.totalSteps == totalSteps && predictions.count == 5)
        #expect(report.sets.map(\.setName) == ["all"] && report.sets[0].totalSteps == totalSteps)
    }

    /// What falls out of a plan beside its own figures.
    @Test func reportsCountWhatTheyShow() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            let reference = try #require(
                try Evaluator(model: model, workers: Workers(count: 1)).evaluate(test).first)
            let plan = InferenceOptions(maxSteps: 5, votes: 2, starts: 2)
            var valid = 0
            let checker = try #require(PuzzleTask.sudoku(.four).checker)
            let report = try StreamEvaluator(
                model: model, plan: plan, slots: 2, workers: Workers(count: 1)
            ).evaluate(test) { prediction in
                valid += checker(Array(prediction.inputs), prediction.tokens) ? 1 : 0
            }.total
            #expect(report.trainedSteps == 2)
            #expect(report.solvedEarly == reference.metrics.exactCount)
            #expect(abs(report.copyAccuracy - 9.0 / 16) < 1e-12)
            #expect(abs(reference.copyAccuracy - 9.0 / 16) < 1e-12)
            #expect(report.validCount == valid && reference.validCount == 0)
            let total = Evaluator.Report.total(of: [reference, reference], named: "")
            #expect(total.validCount == 0)
        }
    }
}

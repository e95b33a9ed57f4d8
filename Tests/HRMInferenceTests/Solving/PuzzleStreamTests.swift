import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

/// A stream against the reasoner that thinks about one puzzle at a time, segment by segment.
@Suite struct PuzzleStreamTests {
    /// A model whose Q head says something: a fresh one's is all but constant.
    private static func model() throws -> HierarchicalReasoningModel {
        var configuration = TinyPuzzles.architecture
        configuration.haltMaxSteps = 5
        var generator = SeededGenerator(seed: 4)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
        let head = try #require(model.layout.entries.first { $0.name == "q_head.weight" })
        let bias = try #require(model.layout.entries.first { $0.name == "q_head.bias" })
        let weight = try #require(model.tensor(head))
        weight.assign(
            (0..<weight.rows * weight.columns).map { _ in
                Float.random(in: -2...2, using: &generator)
            })
        model.tensor(bias)?.assign([0, 0])
        model.pack(workers: Workers(count: 1))
        return model
    }

    /// As sure of an answer as this half of the puzzles are never.
    private static func ruleThatHaltsSome(_ thoughts: [[StepOutput]]) -> HaltingRule {
        let surest = thoughts.map { $0.map(\.confidence).max() ?? 0 }.sorted()
        return .confidence(surest[surest.count / 2])
    }

    private static func questions(_ count: Int) -> [PuzzleStream.Question] {
        var generator = SeededGenerator(seed: 9)
        return (0..<count).map { _ in
            PuzzleStream.Question(
                tokens: (0..<16).map { _ in Int32.random(in: 1...5, using: &generator) })
        }
    }

    private static func solve(
        _ questions: [PuzzleStream.Question], model: HierarchicalReasoningModel,
        plan: InferenceOptions, slots: Int = 3, checker: PuzzleStream.Checker? = nil,
        stopsAtValid: Bool = false
    ) throws -> [PuzzleSolution] {
        var stream = PuzzleStream(
            model: model, task: .sudoku(.four), plan: plan, slots: slots,
            workers: Workers(count: 2), checker: checker, stopsAtValid: stopsAtValid)
        var iterator = questions.makeIterator()
        var solutions: [PuzzleSolution] = []
        try stream.solve(next: { iterator.next() }) { index, solution in
            #expect(index == solutions.count)
            solutions.append(solution)
        }
        return solutions
    }

    @Test(arguments: [1, 2, 3, 16])
    func everyPuzzleIsThoughtAboutAsIfAlone(slots: Int) throws {
        let model = try Self.model()
        let questions = Self.questions(11)
        let reasoner = PuzzleReasoner(model: model, workers: Workers(count: 1))
        let thoughts = try questions.map { try reasoner.solve(tokens: $0.tokens) }
        let middle = Self.ruleThatHaltsSome(thoughts)
        for rule in [HaltingRule.never, .comparison, .sign, .converged, middle] {
            let solutions = try Self.solve(
                questions, model: model, plan: InferenceOptions(maxSteps: 5, halting: rule),
                slots: slots)
            var halts = 0
            for (solution, thoughts) in zip(solutions, thoughts) {
                let done = thoughts.first {
                    rule.halts(
                        qHalt: $0.qHalt, qContinue: $0.qContinue, isUnchanged: $0.isUnchanged)
                }
                let last = try #require(done ?? thoughts.last)
                halts += done == nil ? 0 : 1
                #expect(
                    solution
                        == PuzzleSolution(
                            tokens: last.tokens, qHalt: last.qHalt, steps: last.step,
                            hasHalted: done != nil, votes: 1, voters: 1, totalSteps: last.step,
                            firstValid: nil))
            }
            #expect(solutions.count == 11)
            #expect(rule != .never || halts == 0)
            let isSelective = rule == middle || rule == .converged
            #expect(!isSelective || (1..<11).contains(halts), "\(rule): \(halts)")
        }
    }

    @Test func moreSegmentsThanTrainedWith() throws {
        let model = try Self.model()
        let solutions = try Self.solve(
            Self.questions(2), model: model, plan: InferenceOptions(maxSteps: 9))
        #expect(solutions.map(\.steps) == [9, 9])
    }

    /// Restarts are the same further attempts as those of several starts, made one after the other
    /// and only while nothing was halted.
    @Test(arguments: [1, 3])
    func restartsAreStartsThatAreNeeded(votes: Int) throws {
        let model = try Self.model()
        let questions = Self.questions(9)
        var plan = InferenceOptions(
            maxSteps: 3, halting: .confidence(0.999_999), votes: votes, restarts: 3, noise: 2)
        func solve(slots: Int = 4) throws -> [PuzzleSolution] {
            try Self.solve(questions, model: model, plan: plan, slots: slots)
        }
        // Nothing is as sure as that: all attempts are needed.
        let all = try solve()
        (plan.starts, plan.restarts) = (4, 0)
        #expect(try solve() == all)
        (plan.starts, plan.restarts) = (2, 2)
        #expect(try solve() == all)
        #expect(all.allSatisfy { $0.totalSteps == 12 * $0.voters })

        // Everything is surer than this: none is needed.
        plan.halting = .confidence(0.000_001)
        (plan.starts, plan.restarts) = (1, 3)
        let first = try solve()
        plan.restarts = 0
        #expect(try solve() == first)
        #expect(first.allSatisfy { $0.hasHalted && $0.totalSteps == $0.voters })

        // Some need some.
        let reasoner = PuzzleReasoner(model: model, workers: Workers(count: 1))
        plan.halting = try Self.ruleThatHaltsSome(
            questions.map { try reasoner.solve(tokens: $0.tokens, maxSteps: 3) })
        let counts = [0, 1, 2, 3]
        let solutions = try counts.map { count in
            plan.restarts = count
            let solutions = try solve()
            for slots in [1, 2, 64] { #expect(try solve(slots: slots) == solutions) }
            return solutions
        }
        plan.restarts = 0
        plan.starts = 4
        let starts = try solve()
        var saved = 0
        for (index, start) in starts.enumerated() {
            let steps = solutions.map { $0[index].totalSteps }
            #expect(steps == steps.sorted() && steps[3] <= start.totalSteps)
            saved += start.totalSteps - steps[3]
        }
        #expect(saved > 0)
        guard votes == 1 else { return }
        let halted = solutions.map { $0.count(where: \.hasHalted) }
        #expect(halted == halted.sorted() && halted[3] > halted[0])
        for (before, after) in zip(solutions, solutions.dropFirst()) {
            for (one, other) in zip(before, after) where one.hasHalted { #expect(one == other) }
        }
    }

    @Test func votesAndStartsDependOnTheSeedAlone() throws {
        let model = try Self.model()
        let questions = Self.questions(4)
        var plan = InferenceOptions(
            maxSteps: 3, halting: .sign, votes: 3, starts: 2, noise: 1, seed: 7)
        let first = try Self.solve(questions, model: model, plan: plan, slots: 2)
        #expect(try Self.solve(questions, model: model, plan: plan, slots: 7) == first)
        #expect(first.allSatisfy { $0.voters == 3 && (6...18).contains($0.totalSteps) })
        plan.seed = 8
        #expect(try Self.solve(questions, model: model, plan: plan) != first)
        plan.noise = 0
        plan.votes = 1
        // Without noise, all starts are the same.
        let still = try Self.solve(questions, model: model, plan: plan)
        plan.starts = 1
        let single = try Self.solve(questions, model: model, plan: plan)
        #expect(still.map(\.tokens) == single.map(\.tokens))
    }

    @Test func theCheckerStopsAPuzzleAndNoOther() throws {
        let model = try Self.model()
        let questions = Self.questions(6)
        let plan = InferenceOptions(maxSteps: 4, votes: 2)
        let accepted = questions[2].tokens
        let checker: PuzzleStream.Checker = { question, _ in question == accepted }
        let plain = try Self.solve(questions, model: model, plan: plan)
        let watched = try Self.solve(questions, model: model, plan: plan, checker: checker)
        let stopped = try Self.solve(
            questions, model: model, plan: plan, checker: checker, stopsAtValid: true)
        for index in questions.indices {
            var expected = plain[index]
            #expect((watched[index].firstValid != nil) == (index == 2))
            expected.firstValid = watched[index].firstValid
            #expect(watched[index] == expected)
            if index == 2 {
                #expect(stopped[index].totalSteps < plain[index].totalSteps)
                #expect(stopped[index].firstValid == watched[index].firstValid)
            } else {
                #expect(stopped[index] == plain[index])
            }
        }
    }

    @Test func puzzlesComeInTheirOwnTime() throws {
        let model = try Self.model()
        let questions = Self.questions(7)
        var stream = PuzzleStream(
            model: model, task: nil, plan: InferenceOptions(maxSteps: 5, halting: .sign), slots: 3,
            workers: Workers(count: 2))
        var solutions: [PuzzleSolution] = []
        var asked = 0
        var begun = 0
        try stream.solve { isIdle in
            // Every other time there is nothing, unless nothing else is to be done.
            asked += 1
            guard isIdle || asked.isMultiple(of: 2) else { return .pending }
            guard begun < questions.count else { return .end }
            begun += 1
            return .next(questions[begun - 1])
        } answered: { index, solution in
            #expect(index == solutions.count)
            solutions.append(solution)
        }
        #expect(
            solutions
                == (try Self.solve(
                    questions, model: model, plan: InferenceOptions(maxSteps: 5, halting: .sign))))
    }

    @Test func anErrorEndsTheStream() throws {
        struct Broken: Error {}
        var stream = PuzzleStream(
            model: try Self.model(), task: nil, plan: InferenceOptions(maxSteps: 2), slots: 2,
            workers: Workers(count: 1))
        #expect(throws: Broken.self) {
            try stream.solve(next: { throw Broken() }) { _, _ in }
        }
    }
}

@Suite struct PuzzleSolutionTests {
    private static func attempt(_ token: Int32, _ qHalt: Float, steps: Int = 1) -> AttemptOutcome {
        AttemptOutcome(tokens: [token], qHalt: qHalt, steps: steps, hasHalted: false)
    }

    @Test func theMajorityWinsOverTheSurest() {
        let solution = PuzzleSolution(
            choosingFrom: [
                [Self.attempt(1, 5)], [Self.attempt(2, -1)], [Self.attempt(2, 0, steps: 3)],
            ], firstValid: nil, totalSteps: 9)
        #expect(solution.tokens == [2] && solution.votes == 2 && solution.voters == 3)
        #expect(solution.qHalt == 0 && solution.steps == 3 && solution.totalSteps == 9)
    }

    @Test func withoutMajorityTheSurestWins() {
        let solution = PuzzleSolution(
            choosingFrom: [[Self.attempt(1, -2)], [Self.attempt(2, 3)], [Self.attempt(3, 1)]],
            firstValid: nil, totalSteps: 3)
        #expect(solution.tokens == [2] && solution.votes == 1)
    }

    @Test func ofSeveralStartsTheSurestVotes() {
        let solution = PuzzleSolution(
            choosingFrom: [
                [Self.attempt(1, 0), Self.attempt(2, 1)], [Self.attempt(2, 0)],
                [Self.attempt(1, 9)],
            ], firstValid: [4], totalSteps: 4)
        #expect(solution.tokens == [2] && solution.votes == 2 && solution.firstValid == [4])
    }

    @Test(arguments: ["never", "comparison", "sign", "0.75"])
    func rulesHaveNames(_ text: String) throws {
        let rule = try #require(HaltingRule(text))
        #expect(rule.description == text)
        #expect(["0", "1", "nan", "often", "-1"].allSatisfy { HaltingRule($0) == nil })
    }
}

import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

/// Weights that are numbers, but let no number come out, are told wherever answers are read.
@Suite(.timeLimit(.minutes(5))) struct NonFiniteOutputTests {
    private static let question = PuzzleStream.Question(tokens: Array(repeating: 1, count: 16))
    private static let workers = Workers(count: 1)

    /// A model one of whose heads has weights of 3e38.
    private static func model(_ tensor: String) -> HierarchicalReasoningModel {
        let model = TinyPuzzles.model()
        let matrix = model.layout.entry(tensor).matrix(in: model.parameters)
        matrix.assign([Float](repeating: 3e38, count: matrix.rows * matrix.columns))
        model.pack(workers: workers)
        return model
    }

    @Test(arguments: ["lm_head.weight", "q_head.weight"])
    func nobodyReadsAnAnswer(tensor: String) throws {
        let model = Self.model(tensor)
        let error = NonFiniteOutput(largestWeight: 3e38)
        #expect(throws: error) {
            try PuzzleReasoner(model: model, workers: Self.workers)
                .solve(tokens: Self.question.tokens)
        }
        #expect(throws: error) {
            try ThinkingTracer(model: model, workers: Self.workers)
                .trace(tokens: Self.question.tokens, detail: .cycles)
        }
        var stream = PuzzleStream(
            model: model, task: nil, plan: .asTrained(model), slots: 2, workers: Self.workers)
        var questions = [Self.question].makeIterator()
        #expect(throws: error) { try stream.solve(next: { questions.next() }) { _, _ in } }
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            #expect(throws: EvaluationError.output(error)) {
                try Evaluator(model: model, workers: Self.workers).evaluate(test)
            }
            #expect(throws: EvaluationError.output(error)) {
                try ReasoningAnalysis(model: model, workers: Self.workers).survey(test)
            }
            #expect(throws: error) {
                try StreamEvaluator(
                    model: model, plan: .asTrained(model), slots: 2, workers: Self.workers
                ).evaluate(test)
            }
        }
        #expect("\(error)".contains("not finite") && "\(error)".contains("up to 3e+38"))
    }

    @Test func aReasonerTellsIt() async throws {
        let model = Self.model("lm_head.weight")
        let reasoner = Reasoner(
            ModelFile(model: model, task: .sudoku(.four)),
            slots: 2, workers: Self.workers)
        let error = ReasonerError.nonFiniteOutput(NonFiniteOutput(largestWeight: 3e38))
        for plan in [reasoner.plan, InferenceOptions(maxSteps: 2, votes: 3)] {
            await #expect(throws: error) { try await reasoner.solve(Self.question, plan: plan) }
        }
        await #expect(throws: error) { try await reasoner.solve("1....2....2...41") }
        var solutions: [Solutions<PuzzleSolution>.Element] = []
        for await solution in reasoner.solve([Self.question, Self.question]) {
            solutions.append(solution)
        }
        #expect(solutions == [.failure(error), .failure(error)])
        var thoughts = 0
        for await _ in try reasoner.thoughts(of: Self.question) { thoughts += 1 }
        #expect(thoughts == 0)
    }

    /// Life is shown before the first puzzle is answered.
    @Test func segmentsAreTold() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            var told: [[Int]] = []
            let plan = InferenceOptions(maxSteps: 3)
            let report = try StreamEvaluator(
                model: model, plan: plan, slots: 2, workers: Self.workers
            ).evaluate(test) { _ in
            } onSegment: {
                told.append([$0, $1])
            }
            #expect(report.total.count == 5)
            #expect(told.first == [1, 0] && told.last == [9, 5])
        }
    }
}

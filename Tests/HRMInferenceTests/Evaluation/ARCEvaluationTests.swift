import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct ARCEvaluationTests {
    static let canvas = ARCCanvas(size: 4)

    /// A task with two test inputs and names for it in two variations.
    static func sample() throws -> (task: ARCTask, names: [String], questions: PuzzleDataset) {
        let pairs = (0..<3).map { index in
            ARCPair(
                input: PuzzleGrid(rows: 1, columns: 3, cells: [1, 2, UInt8(index)]),
                output: PuzzleGrid(rows: 2, columns: 2, cells: [UInt8(index), 7, 8, 9]))
        }
        let task = ARCTask(name: "task", demonstrations: [pairs[0]], tests: Array(pairs[1...]))
        let names = ["<blank>", "task", "task_t1_0321456789", "task_t6_0123456798"]
        let questions = try ARCQuestions(task, canvas: canvas).dataset(
            names: names, identifiers: [1, 2, 3])
        return (task, names, questions)
    }

    static func dimensions(of questions: PuzzleDataset) -> PuzzleDimensions {
        PuzzleDimensions(questions.metadata)
    }

    @Test func predictionsComeInOrderWhateverTheBatch() throws {
        let (_, _, questions) = try Self.sample()
        var random = SeededGenerator(seed: 3)
        let model = HierarchicalReasoningModel(
            configuration: TinyPuzzles.architecture,
            dimensions: Self.dimensions(of: questions), using: &random)
        let all = try [1, 4, 64].map { batchSize in
            var found: [Evaluator.Prediction] = []
            let evaluator = Evaluator(
                model: model, workers: Workers(count: 2), batchSize: batchSize)
            let reports = try evaluator.evaluate(questions, onPrediction: { found.append($0) })
            #expect(reports.first?.metrics.count == 6)
            return found
        }
        for found in all {
            #expect(found.map(\.puzzleIdentifier) == [1, 1, 2, 2, 3, 3])
            #expect(found.map(\.tokens) == all[0].map(\.tokens))
            for (example, prediction) in found.enumerated() {
                let cells = (example * 16)..<((example + 1) * 16)
                #expect(Array(prediction.inputs) == cells.map { questions.sets[0].inputs[$0] })
                for (cell, label) in zip(cells, prediction.labels) {
                    let stored = questions.sets[0].labels[cell]
                    #expect(label == (stored == 0 ? PuzzleBatch.ignoredLabel : stored))
                }
            }
        }
        var limited = 0
        let evaluator = Evaluator(model: model, workers: Workers(count: 1), batchSize: 4)
        _ = try evaluator.evaluate(questions, limit: 5, onPrediction: { _ in limited += 1 })
        #expect(limited == 5)
    }

    /// All weights 0: every cell is answered with padding, so every grid is empty.
    @Test func aModelThatKnowsNothingScoresZero() throws {
        let (task, names, questions) = try Self.sample()
        let model = HierarchicalReasoningModel(
            blank: TinyPuzzles.architecture,
            dimensions: Self.dimensions(of: questions), trainable: false)
        model.pack(workers: Workers(count: 1))
        var vote = ARCVote(tasks: [task], canvas: Self.canvas)
        _ = try Evaluator(model: model, workers: Workers(count: 1), batchSize: 4)
            .evaluate(questions) { _ in
                true
            } onPrediction: {
                let isCounted = vote.add(
                    name: names[Int($0.puzzleIdentifier)], input: Array($0.inputs),
                    answer: $0.tokens,
                    qHalt: $0.qHalt)
                #expect(isCounted)
            }
        for test in task.tests.indices {
            let ranking = vote.ranking(ofTask: 0, test: test)
            #expect(ranking.map(\.votes) == [3])
            #expect(ranking.map(\.grid.rows) == [0])
        }
        for rule in ARCScoringRule.allCases {
            #expect(vote.score(rule: rule).passRates == [0, 0, 0, 0, 0])
        }
    }
}

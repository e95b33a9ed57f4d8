import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

@Suite struct EvaluationTests {
    @Test func wilsonsIntervalIsRight() {
        // Values computed from the published formula with z = 1.959964.
        let half = ConfidenceInterval(successes: 50, of: 100)
        #expect(abs(half.lower - 0.403832) < 1e-5 && abs(half.upper - 0.596168) < 1e-5)
        let none = ConfidenceInterval(successes: 0, of: 10)
        #expect(none.lower == 0 && abs(none.upper - 0.277533) < 1e-5)
        let all = ConfidenceInterval(successes: 10, of: 10)
        #expect(abs(all.lower - 0.722467) < 1e-5 && all.upper == 1)
        let unknown = ConfidenceInterval(successes: 0, of: 0)
        #expect(unknown.lower == 0 && unknown.upper == 1)
    }

    @Test func everyPuzzleCountsOnceWhateverTheBatch() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            let reports = try [1, 2, 3, 5, 64].map { batchSize in
                let evaluator = Evaluator(
                    model: model, workers: Workers(count: 2), batchSize: batchSize)
                return try #require(evaluator.evaluate(test).first)
            }
            for report in reports {
                #expect(report.metrics.count == 5)
                #expect(report.metrics.steps == 5 * model.configuration.haltMaxSteps)
                #expect(report.metrics.exactCount == reports[0].metrics.exactCount)
                #expect(abs(report.metrics.accuracy - reports[0].metrics.accuracy) < 1e-12)
                // 9 of 16 cells are given.
                #expect(abs(report.copyAccuracy - 9.0 / 16) < 1e-12)
                #expect(report.metrics.qContinueLoss == nil)
            }
        }
    }

    @Test func aLimitCutsTheSplit() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let evaluator = Evaluator(
                model: TinyPuzzles.model(), workers: Workers(count: 1), batchSize: 2)
            #expect(try evaluator.evaluate(test, limit: 3).first?.metrics.count == 3)
        }
    }

    /// Between two segments too: a batch of a large model takes long.
    @Test(arguments: [(4.0, 4), (3, 2), (1, 0)])
    func itEndsWhenAsked(end: Double, complete: Int) throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            let evaluator = Evaluator(model: model, workers: Workers(count: 1), batchSize: 2)
            var seen: [Double] = []
            let report = try evaluator.evaluate(test) { done in
                seen.append(done)
                return done < end
            }
            let steps = Double(model.configuration.haltMaxSteps)
            #expect(seen == (1...Int(end * steps / 2)).map { Double($0) * 2 / steps })
            #expect(report.first?.metrics.count ?? 0 == complete)
        }
    }

    @Test func everyAnswerIsShownInOrder() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let evaluator = Evaluator(
                model: TinyPuzzles.model(), workers: Workers(count: 2), batchSize: 2)
            let batch = test.batch(examples: Array(0..<5), puzzles: Array(0..<5))
            var answers: [Evaluator.Prediction] = []
            let report = try evaluator.evaluate(test, onPrediction: { answers.append($0) })
            #expect(answers.map(\.example) == [0, 1, 2, 3, 4])
            #expect(report.first?.accepted == nil)
            let reasoner = PuzzleReasoner(model: TinyPuzzles.model())
            for answer in answers {
                let cells = (answer.example * 16)..<((answer.example + 1) * 16)
                #expect(answer.setName == "all" && answer.puzzleIdentifier == 0)
                #expect(answer.inputs.elementsEqual(batch.inputs[cells]))
                #expect(answer.labels.elementsEqual(batch.labels[cells]))
                let thought = try #require(try reasoner.solve(tokens: Array(answer.inputs)).last)
                #expect(answer.tokens == thought.tokens)
                #expect(abs(answer.qHalt - thought.qHalt) < 1e-4)
            }
            var seen = 0
            _ = try evaluator.evaluate(test, limit: 3, onPrediction: { _ in seen += 1 })
            #expect(seen == 3)
        }
    }

    @Test func otherRightAnswersAreCounted() throws {
        try withScratchFolder { folder in
            var random = SeededGenerator(seed: 1)
            var generator = try MazeGenerator(size: 3)
            let mazes = try (0..<7).map { _ in try generator.next(using: &random) }
            let data = folder.appendingPathComponent("data")
            _ = try MazeDatasetBuilder().build(
                train: .puzzles(Array(mazes[3...])), test: .puzzles(Array(mazes[..<3])),
                output: data, using: &random)
            let model = HierarchicalReasoningModel(
                configuration: TinyPuzzles.architecture,
                dimensions: PuzzleDimensions(
                    vocabularySize: 6, sequenceLength: 9, puzzleIdentifierCount: 1),
                using: &random)
            let evaluator = Evaluator(model: model, workers: Workers(count: 1), batchSize: 2)
            let test = try PuzzleDataset(folder: data, split: "test")
            var valid = 0
            let report = try #require(
                evaluator.evaluate(
                    test,
                    onPrediction: { answer in
                        guard let question = try? Maze(tokens: answer.inputs) else { return }
                        valid +=
                            MazeAnswer(tokens: answer.tokens, to: question).verdict == .valid
                            ? 1 : 0
                    }
                ).first)
            #expect(report.accepted == .init(name: "valid_path", count: valid))
            #expect(
                report.values.map(\.name).prefix(4) == [
                    "count", "accuracy", "exact_accuracy", "valid_path",
                ])
            let total = Evaluator.Report.total(of: [report, report], named: "both")
            #expect(total.accepted == .init(name: "valid_path", count: 2 * valid))
            #expect(total.metrics.count == 6)
        }
    }

    @Test func anotherKindOfDataIsRefused() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            var generator = SeededGenerator(seed: 1)
            let other = HierarchicalReasoningModel(
                configuration: TinyPuzzles.architecture,
                dimensions: PuzzleDimensions(
                    vocabularySize: 8, sequenceLength: 36, puzzleIdentifierCount: 1),
                using: &generator)
            #expect {
                try Evaluator.check(test, fits: other)
            } throws: { error in
                "\(error)".contains("length 16") && "\(error)".contains("length 36")
            }
        }
    }

    @Test func aReasonersLastThoughtIsTheEvaluatorsAnswer() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            let reasoner = PuzzleReasoner(model: model)
            let batch = test.batch(examples: Array(0..<5), puzzles: Array(0..<5))
            var exact = 0
            for row in 0..<5 {
                let cells = (row * 16)..<((row + 1) * 16)
                let thoughts = try reasoner.solve(tokens: Array(batch.inputs[cells]))
                #expect(thoughts.map(\.step) == [1, 2])
                if thoughts.last?.tokens == Array(batch.labels[cells]) { exact += 1 }
            }
            let report = try Evaluator(model: model, workers: Workers(count: 1)).evaluate(test)
            #expect(report.first?.metrics.exactCount == exact)
        }
    }
}

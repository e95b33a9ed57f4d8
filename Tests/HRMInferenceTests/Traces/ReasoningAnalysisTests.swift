import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference

@Suite struct ReasoningAnalysisTests {
    @Test func agreesWithTheEvaluationAndWithTraces() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder, test: 7).test
            let model = TinyPuzzles.model()
            let workers = Workers(count: 2)
            let evaluation = try #require(
                Evaluator(model: model, workers: workers).evaluate(test).first)
            let report = try ReasoningAnalysis(model: model, workers: workers, batchSize: 3)
                .survey(test, halting: .never)
            #expect(report.count == 7 && report.steps.count == model.configuration.haltMaxSteps)
            let last = try #require(report.steps.last)
            #expect(last.solved == evaluation.metrics.exactCount)
            #expect(abs(last.accuracySum - evaluation.metrics.accuracySum) < 1e-9)
            #expect(report.solvedAtHalt == last.solved)
            #expect(report.meanHaltingStep == Double(report.steps.count))

            let batch = test.batch(examples: Array(0..<7), puzzles: Array(0..<7))
            let tracer = ThinkingTracer(model: model, workers: workers)
            let traces = try (0..<7).map { puzzle in
                try tracer.trace(
                    tokens: Array(batch.inputs[(puzzle * 16)..<((puzzle + 1) * 16)]),
                    detail: .cycles)
            }
            for (index, step) in report.steps.enumerated() {
                let steps = traces.map { $0.steps[index] }
                #expect(step.count == 7)
                #expect(step.changed == steps.reduce(0) { $0 + $1.reading.changed.count })
                func agrees(_ sum: Double, _ values: [Double]) -> Bool {
                    abs(sum - values.reduce(0, +)) < 1e-4
                }
                #expect(agrees(step.entropy, steps.map(\.reading.meanEntropy)))
                #expect(agrees(step.highChange, steps.map(\.highChange)))
                #expect(agrees(step.lowChange ?? 0, steps.compactMap(\.lowChange)))
                #expect(agrees(step.meanConfidence * 7, steps.map(\.reading.confidence)))
                #expect(step.updates.map(\.loop) == [.fast, .slow])
                for (place, update) in step.updates.enumerated() {
                    #expect(agrees(update.change, steps.map { $0.updates[place].change }))
                }
            }
            #expect(report.calibration.count == 7 * report.steps.count)
        }
    }

    @Test func batchesAndWorkersDecideNothing() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder, test: 6).test
            let model = TinyPuzzles.model()
            let reports = try [(1, 1), (2, 4), (2, 64)].map { workers, batchSize in
                try ReasoningAnalysis(
                    model: model, workers: Workers(count: workers), batchSize: batchSize
                ).survey(test, limit: 5, maxSteps: 4, halting: .confidence(0.005))
            }
            for report in reports {
                #expect(report.count == 5 && report.steps.count == 4)
                #expect(report.difficulties == reports[0].difficulties)
                #expect(report.steps.map(\.changed) == reports[0].steps.map(\.changed))
            }
        }
    }

    @Test func halting() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let model = TinyPuzzles.model()
            let survey = ReasoningAnalysis(model: model, workers: Workers(count: 1))
            // A fresh Q head is sure of nothing: e^−5 / (1 + e^−5) is 0.0067.
            let soon = try survey.survey(test, halting: .confidence(0.001))
            #expect(soon.difficulties.values.reduce(0) { $0 + $1.halted[0] } == 5)
            #expect(soon.meanHaltingStep == 1)
            #expect(soon.solvedAtHalt == soon.steps[0].solved)
            let late = try survey.survey(test, halting: .sign)
            #expect(late.difficulties.values.allSatisfy { $0.unhalted == $0.count })
        }
    }

    /// A model that is always sure halts with its first answer that a step has left as it was.
    @Test func haltingWhenSettled() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder, test: 7).test
            let model = TinyPuzzles.model()
            model.layout.entry("q_head.bias").matrix(in: model.parameters).assign([5, 5])
            model.pack(workers: Workers(count: 1))
            let report = try ReasoningAnalysis(model: model, workers: Workers(count: 1))
                .survey(test, maxSteps: 6, halting: .converged)
            let tracer = ThinkingTracer(model: model, workers: Workers(count: 1))
            let batch = test.batch(examples: Array(0..<7), puzzles: Array(0..<7))
            var halted = [0, 0, 0, 0, 0, 0]
            for puzzle in 0..<7 {
                let tokens = Array(batch.inputs[(puzzle * 16)..<((puzzle + 1) * 16)])
                let steps = try tracer.trace(tokens: tokens, detail: .steps, maxSteps: 6).steps
                #expect(steps[0].isUnchanged == false)
                for (before, step) in zip(steps, steps.dropFirst()) {
                    #expect(step.isUnchanged == (step.reading.tokens == before.reading.tokens))
                }
                if let step = steps.first(where: \.isUnchanged) { halted[step.step - 1] += 1 }
            }
            #expect(halted.dropFirst().contains { $0 > 0 })
            #expect(Array(report.difficulties.values).map(\.halted) == [halted])
        }
    }

    @Test func difficulties() throws {
        try withScratchFolder { folder in
            let test = try TinyPuzzles.prepare(in: folder).test
            let survey = ReasoningAnalysis(model: TinyPuzzles.model(), workers: Workers(count: 1))
            let blanks = try survey.survey(test)
            // 9 of 16 cells are given.
            #expect(blanks.difficulty == "blanks" && Array(blanks.difficulties.keys) == [7])
            let guesses = try survey.survey(test, measure: .guesses)
            #expect(guesses.difficulty == "guesses of a solver")
            #expect(guesses.difficulties.values.reduce(0) { $0 + $1.count } == 5)
            #expect(DifficultyMeasure.guesses.name(for: .maze(size: 4)) == nil)

            var maze = DifficultyMeter(.cells, task: .maze(size: 4))
            // S o o G in a row: three steps.
            #expect(maze.difficulty(inputs: [3, 2, 2, 4, 1], labels: [3, 5, 5, 4, 1]) == 3)
            var grid = DifficultyMeter(.cells, task: nil)
            #expect(grid.difficulty(inputs: [1, 2, 3], labels: [2, -100, 3]) == 1)
        }
    }

    @Test func bands() {
        var report = ReasoningAnalysis.Report(
            halting: .sign, difficulty: "blanks", stepCount: 2, schedule: .once)
        for number in 1...10 {
            for _ in 0..<10 { report.add(difficulty: number, haltedAt: nil, isSolved: true) }
        }
        #expect(report.bands(atMost: 5).map(\.range) == [1...2, 3...4, 5...6, 7...8, 9...10])
        #expect(report.bands(atMost: 5).allSatisfy { $0.tally.count == 20 })
        #expect(report.bands(atMost: 1).map(\.range) == [1...10])
        #expect(report.bands(atMost: 99).count == 10)
        // Many alike stay together, and few at the end are not lost.
        report = ReasoningAnalysis.Report(
            halting: .sign, difficulty: "blanks", stepCount: 2, schedule: .once)
        for _ in 0..<97 { report.add(difficulty: 4, haltedAt: 1, isSolved: true) }
        for number in [5, 6, 9] { report.add(difficulty: number, haltedAt: 2, isSolved: false) }
        let bands = report.bands(atMost: 4)
        #expect(bands.map(\.range) == [4...4, 5...9])
        #expect(bands.map(\.tally.halted) == [[97, 0], [0, 3]])
        #expect(bands.map(\.tally.stepTotal) == [97, 6])
    }
}

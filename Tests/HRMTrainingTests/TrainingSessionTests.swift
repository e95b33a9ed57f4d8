import Foundation
import HRMData
import HRMModel
import HRMTensor
import Testing

@testable import HRMTraining

@Suite struct TrainingSessionTests {
    @Test func aModelLearnsItsPuzzles() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder, training: 4, test: 2)
            let session = try TrainingSession(
                configuration: TinyPuzzles.configuration, training: data.train, test: data.test,
                limits: .init(steps: 60), workers: Workers(count: 2))
            var losses: [Double] = []
            var evaluatedAt: [Int] = []
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let outcome = try session.run(in: run) { event in
                switch event {
                case .step(let result): losses.append(result.metrics.tokenLoss / 4)
                case .evaluation(let evaluation): evaluatedAt.append(evaluation.step)
                case .resumed, .evaluating, .checkpoint, .restored: break
                }
            }
            #expect(losses.count == 60)
            let first = losses.prefix(5).reduce(0, +) / 5
            let last = losses.suffix(5).reduce(0, +) / 5
            #expect(last < 0.75 * first, "the loss went from \(first) to \(last)")
            #expect(evaluatedAt == [60])
            #expect(outcome.evaluation?.reports.first?.metrics.count == 2)
            #expect(try run.description().state == .finished)
            let read = try ModelFile(contentsOf: run.url).model
            #expect(read.parameters.values == session.model.parameters.values)
        }
    }

    /// Nine tenths of the time, less what evaluations take: 10 s of steps of 0.1 s are 90, and an
    /// evaluation of 5 puzzles, a quarter more than a batch, takes its share of each.
    @Test func stepsFitATime() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            func steps(
                test: PuzzleDataset?, interval: Int? = nil, average: Bool = false
            ) throws -> Int {
                var configuration = TinyPuzzles.configuration
                configuration.averagesWeights = average
                var limits = TrainingSession.Limits(steps: 1)
                limits.stepsPerEvaluation = interval
                let session = try TrainingSession(
                    configuration: configuration, training: data.train, test: test,
                    limits: limits, workers: Workers(count: 1))
                return session.steps(within: 10, secondsPerStep: 0.1)
            }
            #expect(try steps(test: nil) == 90)
            let once = try steps(test: data.test)
            #expect((86..<90).contains(once))
            #expect(try steps(test: data.test, average: true) < once)
            #expect(try steps(test: data.test, interval: 5) < once - 5)
            // Whatever a machine's speed, a run has a step.
            let fitting = try TrainingSession.steps(
                within: .milliseconds(1), configuration: TinyPuzzles.configuration,
                training: data.train, test: data.test, workers: Workers(count: 1))
            #expect(fitting >= 1)
        }
    }

    @Test func equalSeedsGiveEqualBytes() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var files: [[Data]] = []
            for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] {
                var configuration = TinyPuzzles.configuration
                configuration.seed = UInt64(seed)
                configuration.evaluationInterval = 2
                let session = try TrainingSession(
                    configuration: configuration, training: data.train, test: data.test,
                    limits: .init(steps: 8), workers: Workers(count: 2))
                let run = try RunFolder.create(at: folder.appendingPathComponent(name))
                try session.run(in: run) { _ in }
                files.append([
                    try Data(contentsOf: run.metricsURL), try Data(contentsOf: run.checkpointURL),
                ])
            }
            #expect(files[0] == files[1])
            #expect(files[0][0] != files[2][0] && files[0][1] != files[2][1])
        }
    }

    @Test func aRunStopsWhenAsked() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let session = try TrainingSession(
                configuration: TinyPuzzles.configuration, training: data.train, test: data.test,
                limits: .init(steps: 50), workers: Workers(count: 1))
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            var steps = 0
            let outcome = try session.run(in: run, shouldStop: { steps >= 3 }) { event in
                if case .step = event { steps += 1 }
            }
            #expect(steps == 3)
            #expect(outcome.end == .interrupted && outcome.evaluation == nil)
            #expect(try run.description().state == .interrupted)
            #expect(throws: Never.self) { try ModelFile(contentsOf: run.url) }
        }
    }

    /// Two segments of two puzzles, for the weights and for their average.
    @Test(arguments: [[0, 0.25, 0.5, 0.75, 1], [0, 0.25], [0, 0.25, 0.5], [0, 0.25, 0.5, 0.75]])
    func anEvaluationTellsHowFarItIsAndEndsWhenAsked(expected: [Double]) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder, training: 4, test: 2)
            var configuration = TinyPuzzles.configuration
            configuration.averagesWeights = true
            let session = try TrainingSession(
                configuration: configuration, training: data.train, test: data.test,
                limits: .init(steps: 3), workers: Workers(count: 1))
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let isWhole = expected.count == 5
            var shares: [Double] = []
            let outcome = try session.run(
                in: run, shouldStop: { !isWhole && shares.count == expected.count }
            ) {
                guard case .evaluating(let step, let share) = $0 else { return }
                #expect(step == 3)
                shares.append(share)
            }
            #expect(shares == expected)
            #expect(outcome.end == (isWhole ? .finished : .interrupted))
            #expect((outcome.evaluation == nil) == !isWhole)
        }
    }

    @Test func aScheduleWithoutAStepIsRefused() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var configuration = TinyPuzzles.configuration
            configuration.epochs = 1
            configuration.globalBatchSize = 13
            #expect(throws: TrainingSessionError.self) {
                try TrainingSession(
                    configuration: configuration, training: data.train, test: nil,
                    workers: Workers(count: 1))
            }
        }
    }
}

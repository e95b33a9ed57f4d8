import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference
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
                case .resumed, .unusableCheckpoint, .evaluating, .checkpoint, .restored: break
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
            func plan(
                test: PuzzleDataset?, interval: Int? = nil, average: Bool = false,
                within seconds: Double = 10
            ) throws -> StepPlan {
                var configuration = TinyPuzzles.configuration
                configuration.averagesWeights = average
                var limits = TrainingSession.Limits(steps: 1)
                limits.stepsPerEvaluation = interval
                let session = try TrainingSession(
                    configuration: configuration, training: data.train, test: test,
                    limits: limits, workers: Workers(count: 1))
                return try session.plan(within: seconds, secondsPerStep: 0.1)
            }
            let without = try plan(test: nil)
            #expect(without.steps == 90 && without.evaluationSeconds == 0)
            let once = try plan(test: data.test)
            #expect((86..<90).contains(once.steps))
            #expect(once.intermediateEvaluations == 0 && once.secondsAtEnd > 0)
            #expect(try plan(test: data.test, average: true).steps < once.steps)
            let often = try plan(test: data.test, interval: 5)
            #expect(often.steps < once.steps - 5)
            #expect(often.intermediateEvaluations == (often.steps - 1) / 5)
            #expect(often.evaluationSeconds > 5 * once.evaluationSeconds)
            // The evaluation alone may take longer than the time, a step may not.
            #expect(try plan(test: data.test, within: 0.1).steps == 1)
            #expect(throws: TrainingSessionError.timeTooShort(seconds: 0.099, step: 0.1)) {
                try plan(test: data.test, within: 0.099)
            }
            func fitting(_ time: Duration) throws -> Int {
                try TrainingSession.plan(
                    within: time, configuration: TinyPuzzles.configuration,
                    training: data.train, test: data.test, workers: Workers(count: 1)
                ).steps
            }
            #expect(try fitting(.seconds(60)) >= 1)
            #expect(throws: TrainingSessionError.self) { try fitting(.nanoseconds(1)) }
        }
    }

    /// Weights that no step has changed are not written as if they were a result.
    @Test func aRunWithoutAStepHasNoWeights() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let session = try TrainingSession(
                configuration: TinyPuzzles.configuration, training: data.train, test: data.test,
                limits: .init(steps: 4), workers: Workers(count: 1))
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let outcome = try session.run(in: run, shouldStop: { true }) { _ in }
            #expect(outcome.end == .interrupted && outcome.step == 0 && outcome.evaluation == nil)
            #expect(!FileManager.default.fileExists(atPath: run.checkpointURL.path))
            #expect(!FileManager.default.fileExists(atPath: run.checkpointsURL.path))
            #expect(try Data(contentsOf: run.metricsURL).isEmpty)
            let resumed = try TrainingSession(
                resuming: run, configuration: TinyPuzzles.configuration, training: data.train,
                test: data.test)
            #expect(!resumed.continuesCheckpoint)
            #expect(try resumed.run(in: run) { _ in }.step == 4)
        }
    }

    /// However short the time is: sessions that follow each other come to an end.
    @Test func aSessionMakesAStepInAnyTime() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let limits = TrainingSession.Limits(steps: 3, duration: .nanoseconds(1))
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let first = try TrainingSession(
                configuration: TinyPuzzles.configuration, training: data.train, test: nil,
                limits: limits, workers: Workers(count: 1))
            let outcome = try first.run(in: run) { _ in }
            #expect(outcome.end == .outOfTime && outcome.step == 1)
            for step in 2...3 {
                let next = try TrainingSession(
                    resuming: run, configuration: TinyPuzzles.configuration, training: data.train,
                    test: nil, limits: limits)
                #expect(next.continuesCheckpoint)
                #expect(try next.run(in: run) { _ in }.step == step)
            }
            #expect(try run.description().state == .finished)
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

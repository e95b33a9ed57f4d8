import Foundation
import HRMData
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMInference
@testable import HRMTraining

@Suite struct GuardTests {
    private static func trainer(
        _ model: HierarchicalReasoningModel
    ) -> (Trainer, CPUEngine) {
        let configuration = TinyPuzzles.configuration
        let engine = CPUEngine(
            training: model, optimizers: configuration.optimizers,
            batchSize: configuration.globalBatchSize, workers: Workers(count: 2))
        return (Trainer(engine: engine, configuration: configuration, totalSteps: 10), engine)
    }

    private static var batch: TokenBatch {
        TokenBatch(
            inputs: (0..<64).map { $0 % 6 }, labels: (0..<64).map { $0 % 6 },
            puzzleIdentifiers: [0, 0, 0, 0])
    }

    @Test(arguments: [Float.nan, .infinity])
    func aStepThatIsNotFiniteChangesNoWeight(_ value: Float) throws {
        let model = TinyPuzzles.model()
        var (trainer, engine) = Self.trainer(model)
        let healthy = trainer.advance(with: Self.batch)
        #expect(healthy?.step == 1 && healthy?.divergence == nil)

        let weights = model.parameters.values
        for gradient in engine.executor.gradients { gradient[0, gradient.columns - 1] = value }
        let gradient = trainer.advance(with: Self.batch)
        #expect(gradient?.divergence == .gradient)
        #expect(model.parameters.values == weights)
        #expect(trainer.updateCount == 1)

        // A weight of the token head reaches every logit.
        let head = try #require(model.layout.entries.first { $0.name == "lm_head.weight" })
        model.tensor(head)?[0, 0] = .nan
        model.pack(workers: Workers(count: 1))
        let loss = trainer.advance(with: Self.batch)
        #expect(loss?.divergence == .loss)
    }

    @Test func aCollapseIsMoreThanChance() {
        var guards = TrainingGuards()
        #expect(!guards.isCollapse(solved: 0, of: 1000, best: (solved: 900, count: 1000)))
        guards.collapseRatio = 0.5
        #expect(guards.isCollapse(solved: 0, of: 1000, best: (solved: 900, count: 1000)))
        #expect(!guards.isCollapse(solved: 450, of: 1000, best: (solved: 900, count: 1000)))
        // Few puzzles tell little.
        #expect(!guards.isCollapse(solved: 1, of: 5, best: (solved: 3, count: 5)))
    }

    @Test func saturationTakesAWindow() {
        var watch = EarlyStopping()
        watch.add(solved: 999, of: 999)
        #expect(!watch.hasReached(0.9))
        watch.add(solved: 1, of: 1)
        #expect(watch.hasReached(1))
        for _ in 0..<1000 { watch.add(solved: 0, of: 1) }
        #expect(abs(watch.accuracy - exp(-1)) < 1e-3)
        watch.add(solved: 0, of: 0)
        #expect(watch.count == 2000)
    }

    /// A run whose weights are spoilt once, after step 5; evaluations after 3, 6 and 9.
    private static func spoiltRun(
        in folder: URL, _ change: (inout TrainingConfiguration) -> Void
    ) throws -> (folder: RunFolder, restored: [[Int]], outcome: TrainingSession.Outcome) {
        let data = try TinyPuzzles.prepare(in: folder)
        var configuration = TinyPuzzles.configuration
        configuration.evaluationInterval = 1
        configuration.watchedMetric = .tokenLoss
        change(&configuration)
        let session = try TrainingSession(
            configuration: configuration, training: data.train, test: data.test,
            limits: .init(steps: 9), workers: Workers(count: 2))
        let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
        var isSpoilt = false
        var restored: [[Int]] = []
        let outcome = try session.run(in: run) { event in
            switch event {
            case .step(let result) where result.step == 5 && !isSpoilt:
                isSpoilt = true
                for column in 0..<session.model.parameters.columns {
                    session.model.parameters[0, column] = .nan
                }
                session.model.pack(workers: Workers(count: 1))
            case .restored(let earlier, let step, _): restored.append([earlier, step])
            default: break
            }
        }
        return (run, restored, outcome)
    }

    @Test func aRunThatDivergedStops() throws {
        try withScratchFolder { folder in
            #expect(
                throws: TrainingSessionError.diverged(step: 6, cause: .loss, checkpoint: 3)
            ) {
                try Self.spoiltRun(in: folder) { _ in }
            }
            let run = try RunFolder.open(folder.appendingPathComponent("run"))
            #expect(try run.description().state == .diverged)
            #expect(try run.description().reason == "step 6: the loss is not finite")
            let kept = try ModelFile(contentsOf: run.url).model
            #expect(kept.parameters.isFinite)
        }
    }

    @Test func aRunThatDivergedGoesBackWithLowerRates() throws {
        try withScratchFolder { folder in
            let result = try Self.spoiltRun(in: folder) {
                $0.guards.action = .restore
                $0.guards.restoreFactor = 0.25
            }
            #expect(result.restored == [[3, 6]])
            #expect(result.outcome.end == .finished)
            let lines = try String(contentsOf: result.folder.metricsURL, encoding: .utf8)
                .split(separator: "\n")
            #expect(
                lines.contains(
                    #"{"step":6,"guard/restored_step":3,"guard/lr_factor":0.25}"#))
            // What was given up is not among the events; the guard is found where the run goes on.
            let events = try MetricsHistory(eventsOf: result.folder.eventFiles)
            #expect(result.folder.eventFiles.count == 2)
            #expect(events["train/lr"]?.points.map(\.step) == Array(1...9))
            #expect(events["guard/restored_step"]?.points == [.init(step: 4, value: 3)])
            let rates = try lines.filter { $0.contains("train/lr") }.map {
                try JSONDecoder().decode([String: Double?].self, from: Data($0.utf8))["train/lr"]
            }
            #expect(
                rates.compactMap { $0 ?? nil } == Array(repeating: 3e-3, count: 5)
                    + Array(repeating: 7.5e-4, count: 6))
        }
    }

    @Test func aRunWithNothingLeftToLearnEnds() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder, training: 4)
            var configuration = TinyPuzzles.configuration
            configuration.guards.earlyStopAccuracy = 0.5
            let session = try TrainingSession(
                configuration: configuration, training: data.train, test: data.test,
                limits: .init(steps: 4000), workers: Workers(count: 2))
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let outcome = try session.run(in: run) { _ in }
            guard case .saturated(let accuracy) = outcome.end else {
                Issue.record("\(outcome.end) after step \(outcome.step)")
                return
            }
            #expect(accuracy >= 0.5 && outcome.step < 4000)
            #expect(outcome.evaluation?.step == outcome.step)
            #expect(try run.description().state == .finished)
        }
    }
}

import Foundation
import HRMData
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMInference
@testable import HRMTraining

/// A run that was broken off goes on to the very same bits.
@Suite struct ResumeTests {
    /// Files that depend on data, settings and worker count alone.
    private static func results(of run: RunFolder) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for url in [run.metricsURL, run.checkpointURL, run.averageURL, run.bestURL]
        where FileManager.default.fileExists(atPath: url.path) {
            files[url.lastPathComponent] = try Data(contentsOf: url)
        }
        let last = CheckpointFolder(url: run.checkpointsURL).steps().last ?? 0
        files["checkpoint"] = try Data(
            contentsOf: CheckpointFolder(url: run.checkpointsURL).file(step: last))
        return files
    }

    private static var configuration: TrainingConfiguration {
        var result = TinyPuzzles.configuration
        result.averagesWeights = true
        result.evaluationInterval = 1
        result.architecture.haltMaxSteps = 3
        return result
    }

    /// Runs 9 steps in sessions that end after the given steps.
    private static func train(
        _ data: (train: PuzzleDataset, test: PuzzleDataset), in url: URL, stops: [Int],
        policy: CheckpointPolicy, precision: ActivationPrecision = .float32, settings: [String] = []
    ) throws -> RunFolder {
        var configuration = configuration
        configuration.architecture.forwardPrecision = precision
        for assignment in settings { try configuration.set(assignment) }
        let limits = TrainingSession.Limits(steps: 9)
        let folder = try RunFolder.create(at: url)
        for (index, stop) in (stops + [9]).enumerated() {
            let session =
                index == 0
                ? try TrainingSession(
                    configuration: configuration, training: data.train, test: data.test,
                    limits: limits, workers: Workers(count: 2))
                : try TrainingSession(
                    resuming: folder, configuration: configuration, training: data.train,
                    test: data.test)
            var step = 0
            let outcome = try session.run(
                in: folder, checkpoints: policy, shouldStop: { stop < 9 && step >= stop }
            ) { event in
                if case .step(let result) = event { step = result.step }
            }
            #expect(outcome.end == (stop < 9 ? .interrupted : .finished))
        }
        #expect(try folder.description().state == .finished)
        return folder
    }

    @Test(arguments: [[1], [4], [8], [2, 3, 7]], ActivationPrecision.allCases)
    func interruptedRunsEndWithTheSameBits(stops: [Int], precision: ActivationPrecision) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let whole = try Self.train(
                data, in: folder.appendingPathComponent("whole"), stops: [],
                policy: CheckpointPolicy(), precision: precision)
            let parts = try Self.train(
                data, in: folder.appendingPathComponent("parts"), stops: stops,
                policy: CheckpointPolicy(steps: 2, time: nil, kept: 1), precision: precision)
            let (expected, found) = (try Self.results(of: whole), try Self.results(of: parts))
            #expect(expected.keys.count == 5)
            for (name, bytes) in expected { #expect(found[name] == bytes, "\(name) differs") }
        }
    }

    /// What a recipe adds to a step's state is in the checkpoint, or follows from the step.
    @Test(arguments: [
        ["optimizer=muon", "muon.lr=0.01", "lr_schedule=wsd", "lr_min_ratio=0.1"],
        [
            "H_cycles=2", "depth_curriculum=0:1x1,0.3:2x1", "init_state_noise=0.3",
            "batch_warmup_steps=5", "zero_init_proj=true", "step_weight=0.7",
            "label_smoothing=0.1", "no_ACT_continue=true", "segment_curriculum=0:1,0.4:3",
        ],
        ["augment=segment", "stagger_slots=true", "interleaved_batches=3", "init_state_noise=0.3"],
        [
            "symbols=4", "mlp_t=true", "pos_encodings=none", "puzzle_emb_ndim=0", "optimizer=muon",
        ],
        [
            "symbols=4", "relations=row,column,box", "pos_encodings=none", "puzzle_emb_ndim=0",
            "input=candidates", "no_ACT_continue=true", "loss_type=softmax_cross_entropy",
            "search.strike_below=0.3", "search.patience=1", "search.hints=3", "augment=puzzle",
            "search.drawn.share=0.5", "search.drawn.candidates_least=0.3",
            "interleaved_batches=2", "halt_max_steps=5",
        ],
    ])
    func recipesGoOnToTheSameBits(settings: [String]) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let whole = try Self.train(
                data, in: folder.appendingPathComponent("whole"), stops: [],
                policy: CheckpointPolicy(), settings: settings)
            let parts = try Self.train(
                data, in: folder.appendingPathComponent("parts"), stops: [2, 3, 7],
                policy: CheckpointPolicy(steps: 2, time: nil, kept: 1), settings: settings)
            let plain = try Self.train(
                data, in: folder.appendingPathComponent("plain"), stops: [],
                policy: CheckpointPolicy())
            let (expected, found) = (try Self.results(of: whole), try Self.results(of: parts))
            for (name, bytes) in expected { #expect(found[name] == bytes, "\(name) differs") }
            #expect(try Self.results(of: plain)["checkpoint"] != expected["checkpoint"])
        }
    }

    private static func session(
        _ data: (train: PuzzleDataset, test: PuzzleDataset), steps: Int = 9,
        _ change: (inout TrainingConfiguration) -> Void = { _ in }
    ) throws -> TrainingSession {
        var configuration = configuration
        change(&configuration)
        return try TrainingSession(
            configuration: configuration, training: data.train, test: data.test,
            limits: .init(steps: steps), workers: Workers(count: 2))
    }

    private static func resumeRun(
        _ data: (train: PuzzleDataset, test: PuzzleDataset), in folder: RunFolder,
        steps: Int? = nil, _ change: (inout TrainingConfiguration) -> Void = { _ in }
    ) throws -> TrainingSession.Outcome {
        var configuration = try folder.configuration()
        change(&configuration)
        return try TrainingSession(
            resuming: folder, configuration: configuration, training: data.train,
            test: data.test, limits: .init(steps: steps)
        ).run(in: folder) { _ in }
    }

    /// What a killed process leaves: a checkpoint, metrics beyond it, half a file; or no checkpoint.
    @Test(arguments: [true, false]) func aKilledRunGoesOn(hasCheckpoint: Bool) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let whole = try Self.train(
                data, in: folder.appendingPathComponent("whole"), stops: [],
                policy: CheckpointPolicy())
            let killed = try RunFolder.create(at: folder.appendingPathComponent("killed"))
            let checkpoints = CheckpointFolder(url: killed.checkpointsURL)
            var last = 0
            try Self.session(data).run(
                in: killed, checkpoints: CheckpointPolicy(steps: 2, time: nil, kept: 2),
                shouldStop: { last == 5 }
            ) { event in
                if case .step(let result) = event { last = result.step }
            }
            checkpoints.remove(hasCheckpoint ? [5] : checkpoints.steps())
            try MetricsLog(appendingTo: killed.metricsURL).append(["step": .text("half")])
            let half = checkpoints.url.appendingPathComponent(".step-000000005.tmp")
            try Data([1, 2, 3]).write(to: half)
            #expect(try Self.resumeRun(data, in: killed).end == .finished)
            #expect(!FileManager.default.fileExists(atPath: half.path))
            #expect(try Self.results(of: killed) == Self.results(of: whole))
        }
    }

    @Test func aDamagedCheckpointIsPassedOver() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try Self.train(
                data, in: folder.appendingPathComponent("run"), stops: [4],
                policy: CheckpointPolicy(steps: 1, time: nil, kept: 3))
            let expected = try Self.results(of: run)
            let checkpoints = CheckpointFolder(url: run.checkpointsURL)
            let newest = checkpoints.file(step: 9)
            try Data(contentsOf: newest).prefix(100).write(to: newest)
            #expect(try Self.resumeRun(data, in: run).end == .finished)
            #expect(try Self.results(of: run) == expected)
            for step in checkpoints.steps() {
                try Data("no".utf8).write(to: checkpoints.file(step: step))
            }
            #expect(throws: CheckpointError.self) { try Self.resumeRun(data, in: run) }
        }
    }

    /// With constant rates a longer run begins like a shorter one.
    @Test func aFinishedRunCanBeExtended() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var whole: [String: Data] = [:]
            for (name, lengths) in [("whole", [9]), ("extended", [6, 9])] {
                let run = try RunFolder.create(at: folder.appendingPathComponent(name))
                try Self.session(data, steps: lengths[0]).run(in: run) { _ in }
                for steps in lengths.dropFirst() {
                    #expect(try Self.resumeRun(data, in: run, steps: steps).end == .finished)
                }
                let found = try Self.results(of: run)
                if name == "whole" { whole = found } else { #expect(found == whole) }
            }
        }
    }

    @Test func checkpointsAreKeptAsChosen() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            var written: [Int] = []
            try Self.session(data, steps: 11) {
                $0.evaluationInterval = nil
            }.run(
                in: run,
                checkpoints: CheckpointPolicy(steps: 2, time: nil, kept: 2, keptSteps: 5)
            ) { event in
                if case .checkpoint(let step) = event { written.append(step) }
            }
            #expect(written == [2, 4, 5, 6, 8, 10, 11])
            #expect(CheckpointFolder(url: run.checkpointsURL).steps() == [5, 10, 11])
            let policy = CheckpointPolicy(kept: 1)
            #expect(policy.dispensable(of: [1, 2, 3], best: 2) == [1])
        }
    }

    @Test func otherDataAndOtherModelsAreRefused() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            try Self.session(data, steps: 2).run(in: run) { _ in }
            #expect(throws: TrainingSessionError.otherData(path: "data")) {
                try Self.resumeRun((train: data.test, test: data.test), in: run, steps: 4)
            }
            #expect(
                throws: TrainingSessionError.fixedSetting(
                    key: "arch.hidden_size", value: "32", was: "16")
            ) {
                try Self.resumeRun(data, in: run, steps: 4) { $0.architecture.hiddenSize = 32 }
            }
            #expect(
                throws: TrainingSessionError.fixedSetting(
                    key: "optimizer", value: "muon", was: "adam_atan2")
            ) { try Self.resumeRun(data, in: run, steps: 4) { $0.optimizer = .muon } }
            #expect(throws: Never.self) {
                try Self.resumeRun(data, in: run, steps: 4) { $0.learningRate = 1e-5 }
            }
        }
    }

    @Test func puzzlesWithoutSymmetriesAreNotAugmented() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var configuration = Self.configuration
            configuration.augmentation = .puzzle
            let task = PuzzleTask.grid(
                GridTask(alphabet: .numbers(4), canvas: try GridCanvas(rows: 2, columns: 8)))
            let plain = try PuzzleDataset(
                metadata: data.train.metadata, sets: data.train.sets, identifiers: nil, task: task)
            #expect(throws: TrainingSessionError.noSymmetries(path: "data")) {
                _ = try TrainingSession(
                    configuration: configuration, training: plain, test: nil,
                    workers: Workers(count: 1))
            }
        }
    }

    @Test func twoProcessesCannotTrainInOneFolder() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            let session = try Self.session(data, steps: 2)
            try run.whileLocked {
                #expect(throws: RunFolderError.busy(path: run.url.path)) {
                    try session.run(in: run) { _ in }
                }
            }
            #expect(throws: Never.self) { try session.run(in: run) { _ in } }
        }
    }

    /// A session that fails before its first step leaves the folder as it was.
    @Test func aFailedResumeChangesNothing() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            try Self.session(data, steps: 2).run(in: run) { _ in }
            let files = [run.descriptionURL, run.configurationURL]
            let before = try files.map { try Data(contentsOf: $0) }
            // Metrics that are shorter than the checkpoint knows; a checkpoint that is none.
            let metrics = try Data(contentsOf: run.metricsURL)
            let checkpoint = CheckpointFolder(url: run.checkpointsURL).file(step: 2)
            let weights = try Data(contentsOf: checkpoint)
            for (url, whole) in [(run.metricsURL, metrics), (checkpoint, weights)] {
                try whole.prefix(50).write(to: url)
                #expect(throws: (any Error).self) {
                    try Self.resumeRun(data, in: run, steps: 9) { $0.learningRate = 1e-5 }
                }
                #expect(try files.map { try Data(contentsOf: $0) } == before)
                try whole.write(to: url)
            }
            #expect(try Self.resumeRun(data, in: run, steps: 9).end == .finished)
        }
    }

    /// One that fails later says so, and does not seem to go on.
    @Test func aFailedSessionIsInterrupted() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            #expect(throws: (any Error).self) {
                try Self.session(data).run(
                    in: run, checkpoints: CheckpointPolicy(steps: 2, time: nil, kept: 1)
                ) { event in
                    guard case .step(let result) = event, result.step == 4 else { return }
                    // A file where the folder of the checkpoints should be.
                    try? FileManager.default.removeItem(at: run.checkpointsURL)
                    try? Data().write(to: run.checkpointsURL)
                }
            }
            let description = try run.description()
            #expect(description.state == .interrupted)
            #expect(description.reason?.hasPrefix("step 4: ") == true)
        }
    }

    @Test func aSessionSaysWhereItGoesOn() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            var resumed: [Int] = []
            func note(_ event: TrainingSession.Event) {
                if case .resumed(let step) = event { resumed.append(step) }
            }
            try Self.session(data, steps: 2).run(in: run, report: note)
            #expect(resumed.isEmpty)
            let configuration = try run.configuration()
            for hasCheckpoint in [true, false] {
                if !hasCheckpoint {
                    try FileManager.default.removeItem(at: run.checkpointsURL)
                }
                try TrainingSession(
                    resuming: run, configuration: configuration, training: data.train,
                    test: data.test, limits: .init(steps: 4)
                ).run(in: run, report: note)
            }
            #expect(resumed == [2, 0])
        }
    }

    /// Each session has an event file of its own, and together they tell what the metrics tell.
    @Test func eventsOfAllSessionsTellTheMetrics() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try Self.train(
                data, in: folder.appendingPathComponent("run"), stops: [2, 5],
                policy: CheckpointPolicy(steps: 2, time: nil, kept: 1))
            #expect(
                run.eventFiles.map(\.lastPathComponent) == [
                    "events.out.tfevents.hrm", "events.out.tfevents.hrm.000002",
                    "events.out.tfevents.hrm.000003",
                ])
            let metrics = try MetricsHistory(contentsOf: run.metricsURL)
            let events = try MetricsHistory(eventsOf: run.eventFiles)
            #expect(Set(events.series.map(\.name)) == Set(metrics.series.map(\.name)))
            for series in metrics.series {
                #expect(
                    events[series.name]?.points.map(\.step) == series.points.map(\.step),
                    "\(series.name)")
            }
        }
    }

    /// The last evaluation can take long: there is a checkpoint by then, and one that was killed in
    /// it ends like a whole one.
    @Test func aRunKilledInItsLastEvaluationIsEvaluatedAgain() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let whole = try Self.train(
                data, in: folder.appendingPathComponent("whole"), stops: [],
                policy: CheckpointPolicy(time: nil))
            let killed = folder.appendingPathComponent("killed")
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            try Self.session(data).run(in: run, checkpoints: CheckpointPolicy(time: nil)) {
                guard case .evaluating(9, _) = $0,
                    !FileManager.default.fileExists(atPath: killed.path)
                else { return }
                try? FileManager.default.copyItem(at: run.url, to: killed)
            }
            #expect(try Self.results(of: run) == Self.results(of: whole))
            let copy = try RunFolder.reopen(killed)
            #expect(try Self.results(of: copy) != Self.results(of: whole))
            #expect(try Self.resumeRun(data, in: copy).end == .finished)
            #expect(try Self.results(of: copy) == Self.results(of: whole))
        }
    }
}

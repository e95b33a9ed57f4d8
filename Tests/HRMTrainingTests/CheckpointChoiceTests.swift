import Foundation
import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

/// The checkpoint from which a run goes on, and those that are passed over or refused.
@Suite struct CheckpointChoiceTests {
    /// A run of five steps with a checkpoint after each.
    private static func use(
        _ body: ((train: PuzzleDataset, test: PuzzleDataset), RunFolder) throws -> Void
    ) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
            try TrainingSession(
                configuration: TinyPuzzles.configuration, training: data.train, test: data.test,
                limits: .init(steps: 5), workers: Workers(count: 1)
            ).run(in: run, checkpoints: CheckpointPolicy(steps: 1, time: nil, kept: 5)) { _ in }
            try body(data, run)
        }
    }

    /// Continues a run; returns the steps that were passed over and the one from which it goes on.
    private static func resumeRun(
        _ data: (train: PuzzleDataset, test: PuzzleDataset), in run: RunFolder, steps: Int = 7,
        kept: Int = 5
    ) throws -> (unusable: [Int], reasons: [String], start: Int?) {
        var result: (unusable: [Int], reasons: [String], start: Int?) = ([], [], nil)
        try TrainingSession(
            resuming: run, configuration: try run.configuration(), training: data.train,
            test: data.test, limits: .init(steps: steps)
        ).run(in: run, checkpoints: CheckpointPolicy(steps: 1, time: nil, kept: kept)) { event in
            switch event {
            case .unusableCheckpoint(let step, let error):
                result.unusable.append(step)
                result.reasons.append("\(error)")
            case .resumed(let step): result.start = step
            default: break
            }
        }
        return result
    }

    @Test func damagedCheckpointsAreNamed() throws {
        try Self.use { data, run in
            let checkpoints = CheckpointFolder(url: run.checkpointsURL)
            for step in [4, 5] {
                try Data("no".utf8).write(to: checkpoints.file(step: step))
            }
            let result = try Self.resumeRun(data, in: run)
            #expect(result.unusable == [5, 4])
            #expect(result.reasons[0].contains("step-000000005.safetensors"))
            #expect(result.start == 3)
            #expect(try Self.resumeRun(data, in: run, steps: 8).unusable.isEmpty)
        }
    }

    /// A copy under the name of a later step neither counts as that step nor replaces others.
    @Test func aCopyUnderAnotherNameIsPassedOver() throws {
        try Self.use { data, run in
            let checkpoints = CheckpointFolder(url: run.checkpointsURL)
            try FileManager.default.copyItem(
                at: checkpoints.file(step: 2), to: checkpoints.file(step: 90))
            let result = try Self.resumeRun(data, in: run, kept: 1)
            #expect(result.unusable == [90] && result.start == 5)
            let reason = "it is the checkpoint of step 2, and its name is that of step 90"
            #expect(result.reasons[0].contains(reason), "\(result.reasons)")
            #expect(checkpoints.steps().contains(7))
            #expect(try Self.resumeRun(data, in: run, steps: 8).start == 7)
        }
    }

    @Test func aConfigurationThatWasChangedIsRefused() throws {
        try Self.use { data, run in
            let sound = try String(contentsOf: run.configurationURL, encoding: .utf8)
            func add(_ line: String) throws {
                try Data("\(sound)\(line)\n".utf8).write(to: run.configurationURL)
            }
            try add("seed: 77")
            let error = TrainingSessionError.changedFile(
                path: run.configurationURL.path, key: "seed", value: "77", was: "0")
            #expect(throws: error) { try Self.resumeRun(data, in: run) }
            for word in ["all_config.yaml has seed=77", "seed=0", "put that back"] {
                #expect(error.description.contains(word), "\(error)")
            }
            // What a run can change, and what a checkpoint makes needless.
            try add("load_checkpoint: gone.safetensors\nlr_decay_share: 0.5")
            #expect(try Self.resumeRun(data, in: run).start == 5)
        }
    }
}

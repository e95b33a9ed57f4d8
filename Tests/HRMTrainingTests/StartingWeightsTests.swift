import Foundation
import HRMData
import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles
@testable import HRMInference
@testable import HRMTraining

/// Trainings that begin with the weights of others, and trainings of the puzzle embedding alone.
@Suite struct StartingWeightsTests {
    private static let workers = Workers(count: 2)

    @discardableResult
    private static func train(
        _ configuration: TrainingConfiguration,
        on data: (train: PuzzleDataset, test: PuzzleDataset),
        steps: Int, in url: URL, stopAfter: Int? = nil
    ) throws -> RunFolder {
        let session = try TrainingSession(
            configuration: configuration, training: data.train, test: data.test,
            limits: .init(steps: steps), workers: workers)
        let folder = try RunFolder.create(at: url)
        try run(session, in: folder, stopAfter: stopAfter)
        return folder
    }

    private static func run(
        _ session: TrainingSession, in folder: RunFolder, stopAfter: Int? = nil
    ) throws {
        var made = 0
        try session.run(in: folder, shouldStop: { made == stopAfter }) {
            if case .step(let result) = $0 { made = result.step }
        }
    }

    private static func tensors(_ url: URL) throws -> [String: SafetensorsTensor] {
        try SafetensorsFile(contentsOf: url).tensorsByName
    }

    private static let embedding = "puzzle_emb.weights"

    /// The data with other puzzle identifiers.
    private static func renumbered(_ set: PuzzleDataset, identifiers: Int) throws -> PuzzleDataset {
        var metadata = set.metadata
        metadata.puzzleIdentifierCount = identifiers
        return try PuzzleDataset(metadata: metadata, sets: set.sets, task: set.task)
    }

    @Test func aTrainingBeginsWithTheWeightsOfARun() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 3,
                in: folder.appendingPathComponent("a"))
            var configuration = TinyPuzzles.configuration
            configuration.startingWeights = first.url.path
            configuration.seed = 9
            let session = try TrainingSession(
                configuration: configuration, training: data.train, test: data.test,
                limits: .init(steps: 1), workers: Self.workers)
            let old = try Self.tensors(first.checkpointURL)
            for entry in session.model.layout.entries + session.model.layout.buffers {
                let tensor = try #require(session.model.tensor(entry))
                #expect(tensor.values == old[entry.name]?.floats(), "\(entry.name)")
            }
            let record = try #require(session.startingWeights)
            #expect(record.path == first.url.path && !record.resetsPuzzleEmbedding)
            #expect(
                record.digest == ContentDigest.sha256(of: try Data(contentsOf: first.checkpointURL))
            )

            let second = try Self.train(
                configuration, on: data, steps: 2, in: folder.appendingPathComponent("b"))
            #expect(try second.description().startingWeights == record)
            #expect(try second.configuration() == configuration)
            let text = try String(contentsOf: second.configurationURL, encoding: .utf8)
            #expect(text.contains("load_checkpoint: \(first.url.path)"))
        }
    }

    /// Whatever kind of file the weights are in.
    @Test func weightsOfAPyTorchFileAreTheSame() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 2,
                in: folder.appendingPathComponent("a"))
            let file = try ModelFile(contentsOf: first.checkpointURL)
            let torch = folder.appendingPathComponent("torch/step_2")
            try FileManager.default.createDirectory(
                at: torch.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.pyTorchFile(names: .compiled).write(to: torch)
            var models: [[Float]] = []
            for source in [first.url, first.checkpointURL, torch] {
                var configuration = TinyPuzzles.configuration
                configuration.startingWeights = source.path
                models.append(
                    try TrainingSession(
                        configuration: configuration, training: data.train, test: nil,
                        limits: .init(steps: 1), workers: Self.workers
                    ).model.parameters.values)
            }
            #expect(models[0] == models[1] && models[0] == models[2])
            #expect(try StartingWeights(path: torch.path).furtherTraining == nil)
            try TinyPuzzles.configuration.write(
                to: torch.deletingLastPathComponent().appendingPathComponent("all_config.yaml"))
            let further = try #require(try StartingWeights(path: torch.path).furtherTraining)
            #expect(further.startingWeights == torch.path)
            #expect(further.architecture == file.model.configuration)
        }
    }

    /// A data set with other puzzles: each of them begins with the mean of the old rows.
    @Test func otherPuzzlesBeginWithTheMean() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 3,
                in: folder.appendingPathComponent("a"))
            let old = try #require(try Self.tensors(first.checkpointURL)[Self.embedding])
            #expect(old.shape[0] == 1 && old.floats().contains { $0 != 0 })
            var configuration = TinyPuzzles.configuration
            configuration.startingWeights = first.url.path
            let session = try TrainingSession(
                configuration: configuration,
                training: try Self.renumbered(data.train, identifiers: 5), test: nil,
                limits: .init(steps: 1), workers: Self.workers)
            let rows = try #require(session.model.puzzleEmbedding)
            #expect(rows.rows == 5)
            for row in 0..<5 { #expect(rows.rows(row..<row + 1).values == old.floats()) }
            #expect(session.startingWeights?.resetsPuzzleEmbedding == true)
        }
    }

    /// Frozen weights stay to the bit, on the way and after going on; rows learn.
    @Test(arguments: [MainOptimizer.adamATan2, .muon])
    func thePuzzleEmbeddingAloneLearns(optimizer: MainOptimizer) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 3,
                in: folder.appendingPathComponent("a"))
            var configuration = TinyPuzzles.configuration
            configuration.startingWeights = first.url.path
            configuration.freezesWeights = true
            configuration.averagesWeights = true
            configuration.optimizer = optimizer
            let whole = try Self.train(
                configuration, on: data, steps: 6, in: folder.appendingPathComponent("whole"))
            let old = try Self.tensors(first.checkpointURL)
            for url in [whole.checkpointURL, whole.averageURL] {
                let new = try Self.tensors(url)
                #expect(new.keys == old.keys)
                for (name, tensor) in old {
                    #expect(
                        (new[name]?.bytes == tensor.bytes) == (name != Self.embedding), "\(name)")
                }
            }

            let broken = try Self.train(
                configuration, on: data, steps: 6, in: folder.appendingPathComponent("broken"),
                stopAfter: 2)
            // A checkpoint needs nothing else.
            try FileManager.default.removeItem(at: first.url)
            let session = try TrainingSession(
                resuming: broken, configuration: configuration, training: data.train,
                test: data.test)
            try Self.run(session, in: broken)
            for (one, other) in [
                (whole.checkpointURL, broken.checkpointURL), (whole.averageURL, broken.averageURL),
                (whole.metricsURL, broken.metricsURL),
                (whole.configurationURL, broken.configurationURL),
            ] { #expect(try Data(contentsOf: one) == Data(contentsOf: other), "\(one.path)") }
            #expect(try whole.description().startingWeights == broken.description().startingWeights)
        }
    }

    /// Before its first checkpoint a run needs the very file.
    @Test func weightsThatChangedAreRefused() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 1,
                in: folder.appendingPathComponent("a"))
            let other = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 2,
                in: folder.appendingPathComponent("b"))
            var configuration = TinyPuzzles.configuration
            configuration.startingWeights = first.checkpointURL.path
            let run = try Self.train(
                configuration, on: data, steps: 3, in: folder.appendingPathComponent("c"))
            let expected = try Data(contentsOf: run.checkpointURL)
            func resumed() throws -> TrainingSession {
                try FileManager.default.removeItem(at: run.checkpointsURL)
                return try TrainingSession(
                    resuming: run, configuration: configuration, training: data.train,
                    test: data.test)
            }
            try Self.run(try resumed(), in: run)
            #expect(try Data(contentsOf: run.checkpointURL) == expected)

            try Data(contentsOf: other.checkpointURL).write(
                to: first.checkpointURL, options: .atomic)
            let error = #expect(throws: StartingWeightsError.self) { try resumed() }
            #expect(error == .changed(path: first.checkpointURL.path))
            for key in ["load_checkpoint=x", "freeze_weights=true"] {
                var changed = configuration
                try changed.set(key)
                #expect(throws: TrainingSessionError.self) {
                    try TrainingSession(
                        resuming: run, configuration: changed, training: data.train, test: nil)
                }
            }
        }
    }

    /// Numbers that fit and would mean something else.
    @Test(arguments: ["num_heads=4", "pos_encodings=none", "rope_theta=100"])
    func weightsOfAnotherModelAreRefused(_ setting: String) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            var configuration = TinyPuzzles.configuration
            configuration.architecture.positionEncoding = .rope
            let first = try Self.train(
                configuration, on: data, steps: 1, in: folder.appendingPathComponent("a"))
            configuration.startingWeights = first.url.path
            try configuration.set(setting)
            let error = #expect(throws: StartingWeightsError.self) {
                try TrainingSession(
                    configuration: configuration, training: data.train, test: nil,
                    limits: .init(steps: 1), workers: Self.workers)
            }
            #expect(error?.description.contains("arch.\(setting.prefix { $0 != "=" })") == true)
        }
    }

    @Test func otherShapesAndOtherFilesAreRefused() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let first = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 1,
                in: folder.appendingPathComponent("a"))
            func session(_ path: String, _ setting: String) throws {
                var configuration = TinyPuzzles.configuration
                configuration.startingWeights = path
                try configuration.set(setting)
                _ = try TrainingSession(
                    configuration: configuration, training: data.train, test: nil,
                    limits: .init(steps: 1), workers: Self.workers)
            }
            #expect(throws: CheckpointError.self) { try session(first.url.path, "hidden_size=32") }
            #expect(throws: (any Error).self) { try session(first.url.path, "puzzle_emb_ndim=8") }
            #expect(throws: (any Error).self) { try session(folder.path, "seed=1") }
            #expect(throws: (any Error).self) { try session("nowhere", "seed=1") }
            // Fewer cycles are the same weights.
            try session(first.url.path, "L_cycles=2")
        }
    }

    @Test func stepsOfADescriptionAreAtLeastOne() throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            let run = try Self.train(
                TinyPuzzles.configuration, on: data, steps: 2,
                in: folder.appendingPathComponent("a"))
            var description = try run.description()
            description.totalSteps = -1
            try run.write(description)
            #expect(throws: RunFolderError.self) {
                try TrainingSession(
                    resuming: run, configuration: TinyPuzzles.configuration, training: data.train,
                    test: nil)
            }
        }
    }
}

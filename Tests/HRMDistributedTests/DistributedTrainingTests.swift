import Foundation
import HRMData
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMDistributed
@testable import HRMTraining

/// A training over several processes leaves the files of one process with as many workers.
@Suite struct DistributedTrainingTests {
    private static func configuration(_ settings: [String]) throws -> TrainingConfiguration {
        var result = TrainingConfiguration()
        result.architecture = TinyPuzzles.architecture
        result.globalBatchSize = 6
        result.learningRate = 3e-3
        result.warmupSteps = 0
        result.averagesWeights = true
        result.evaluationInterval = 1
        result.architecture.haltMaxSteps = 3
        for setting in settings { try result.set(setting) }
        return result
    }

    /// Files that depend on data, settings and the number of workers alone.
    private static func results(of run: RunFolder) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for url in [run.metricsURL, run.checkpointURL, run.averageURL, run.bestURL] {
            files[url.lastPathComponent] = try Data(contentsOf: url)
        }
        let last = CheckpointFolder(url: run.checkpointsURL).steps().last ?? 0
        files["checkpoint"] = try Data(
            contentsOf: CheckpointFolder(url: run.checkpointsURL).file(step: last))
        return files
    }

    /// Trains 7 steps, in sessions over the given numbers of processes, each ending after a step.
    private static func train(
        _ url: URL, settings: [String], sessions: [(ranks: Int, workers: Int, end: Int)]
    ) throws -> [String: Data] {
        let data = try TinyPuzzles.prepare(in: url)
        let folder = try RunFolder.create(at: url.appendingPathComponent("run"))
        for (index, part) in sessions.enumerated() {
            let failures = together(part.ranks) { communicator -> String? in
                let cluster = Cluster(communicator, machine: "here", version: "1")
                guard cluster.rank == 0 else {
                    let status = cluster.serve { false }
                    return status == 0 ? nil : "rank \(cluster.rank): \(status)"
                }
                defer { cluster.end(status: 0) }
                do {
                    let configuration = try configuration(settings)
                    let (limits, workers) = (
                        TrainingSession.Limits(steps: 7), Workers(count: part.workers)
                    )
                    var session =
                        index == 0
                        ? try TrainingSession(
                            configuration: configuration, training: data.train, test: data.test,
                            limits: limits, workers: workers)
                        : try TrainingSession(
                            resuming: folder, configuration: configuration, training: data.train,
                            test: data.test, workers: workers)
                    if part.ranks > 1 {
                        session.engines = ClusterEngineProvider(cluster: cluster, workers: workers)
                    }
                    var step = 0
                    try session.run(
                        in: folder, checkpoints: CheckpointPolicy(steps: 2, time: nil),
                        shouldStop: { step >= part.end && step < 7 }
                    ) { event in
                        if case .step(let result) = event { step = result.step }
                    }
                    let description = try folder.description()
                    return description.workers == part.ranks * part.workers
                        ? nil : "\(description.workers) workers"
                } catch {
                    return "\(error)"
                }
            }
            for failure in failures { #expect(failure == nil) }
        }
        return try results(of: folder)
    }

    static let recipes: [[String]] = [
        [],
        [
            "arch.name=recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1",
            "no_ACT_continue=true",
        ],
        ["optimizer=muon", "muon.lr=0.01", "forward_dtype=bfloat16"],
        [
            "H_cycles=2", "depth_curriculum=0:1x1,0.3:2x1", "init_state_noise=0.3",
            "batch_warmup_steps=5", "segment_curriculum=0:1,0.4:3", "no_ACT_continue=true",
        ],
        ["augment=segment", "stagger_slots=true", "interleaved_batches=3", "init_state_noise=0.3"],
        [
            "symbols=4", "mlp_t=true", "pos_encodings=none", "puzzle_emb_ndim=0", "optimizer=muon",
        ],
        [
            "symbols=4", "relations=row,column,box", "pos_encodings=none", "puzzle_emb_ndim=0",
            "input=candidates", "no_ACT_continue=true", "loss_type=softmax_cross_entropy",
            "search.strike_below=0.3", "search.patience=1", "search.hints=3", "augment=puzzle",
            "interleaved_batches=2", "halt_max_steps=5",
        ],
        ["freeze_weights=true"],
    ]

    private static func train(
        _ settings: [String], _ sessions: [(ranks: Int, workers: Int, end: Int)]
    ) throws -> [String: Data] {
        try withScratchFolder { try train($0, settings: settings, sessions: sessions) }
    }

    @Test(arguments: recipes)
    func ranksAreWorkers(settings: [String]) throws {
        let one = try Self.train(settings, [(1, 4, 7)])
        #expect(one.count == 5)
        for shape in [(4, 1), (2, 2)] {
            let several = try Self.train(settings, [(shape.0, shape.1, 7)])
            for (name, bytes) in one {
                #expect(several[name] == bytes, "\(shape.0) × \(shape.1): \(name) differs")
            }
        }
        let two = try Self.train(settings, [(2, 1, 7)])
        if settings != ["freeze_weights=true"] { #expect(two["checkpoint"] != one["checkpoint"]) }
    }

    /// Checkpoints do not know the number of processes.
    @Test(arguments: [recipes[0], recipes[4], recipes[6]])
    func runsContinueOnOtherNumbersOfRanks(settings: [String]) throws {
        let one = try Self.train(settings, [(1, 3, 7)])
        let parts = try Self.train(settings, [(3, 1, 2), (1, 3, 5), (3, 1, 7)])
        for (name, bytes) in one { #expect(parts[name] == bytes, "\(name) differs") }
    }
}

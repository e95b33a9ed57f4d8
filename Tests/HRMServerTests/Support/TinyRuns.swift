import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMModel
import HRMTensor
import HRMTraining
import _HRMTestSupport

/// Folders of small trainings.
enum TinyRuns {
    /// Trains for a few steps, with evaluations and a picture at each.
    ///
    /// - Parameters:
    ///   - names: The names of the runs, trained with the seeds 0, 1, ….
    ///   - root: The folder of the runs.
    /// - Throws: The errors of sessions and files.
    static func train(_ names: [String], in root: URL) throws {
        try withScratchFolder { folder in
            let data = try TinyPuzzles.prepare(in: folder)
            for (seed, name) in names.enumerated() {
                var limits = TrainingSession.Limits(steps: 6)
                limits.stepsPerEvaluation = 3
                let session = try TrainingSession(
                    configuration: configuration(seed: UInt64(seed)), training: data.train,
                    test: data.test, limits: limits, workers: Workers(count: 1))
                let run = try RunFolder.create(at: root.appendingPathComponent(name))
                try session.run(in: run, drawSample: { _, _ in picture }) { _ in }
            }
        }
    }

    /// A PNG file with one pixel.
    static let picture = PNGPicture(
        bytes: Array(
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+k"
                    + "cQAAAABJRU5ErkJggg==") ?? Data()),
        width: 1, height: 1)

    private static func configuration(seed: UInt64) -> TrainingConfiguration {
        var result = TrainingConfiguration()
        result.architecture = TinyPuzzles.architecture
        result.globalBatchSize = 4
        result.warmupSteps = 0
        result.evaluationInterval = nil
        result.seed = seed
        return result
    }

    /// Creates a run that says that it goes on, though nothing trains in its folder yet.
    static func begin(_ name: String, in root: URL) throws -> RunFolder {
        let run = try RunFolder.create(at: root.appendingPathComponent(name))
        try run.write(configuration(seed: 7))
        try run.write(
            RunDescription(
                packageVersion: "0.1.0", seed: 7, workers: 1, kernelPath: "portable",
                dataPath: "data", dimensions: TinyPuzzles.model().dimensions,
                dataFingerprint: "00ff", totalSteps: 100))
        try Data().write(to: run.metricsURL)
        return run
    }

    /// Appends lines to a run's metrics.
    static func append(_ steps: ClosedRange<Int>, to run: RunFolder) throws {
        let lines = steps.map { "{\"step\":\($0),\"train/loss\":\(1 / Double($0))}\n" }
        let file = try FileHandle(forWritingTo: run.metricsURL)
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(lines.joined().utf8))
    }
}

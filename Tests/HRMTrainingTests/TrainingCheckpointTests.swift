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

@Suite struct TrainingCheckpointTests {
    /// The bytes of a checkpoint after three steps, and what it is the checkpoint of.
    private static func checkpoint(
        in folder: URL
    ) throws -> (bytes: [UInt8], session: TrainingSession) {
        let data = try TinyPuzzles.prepare(in: folder)
        var configuration = TinyPuzzles.configuration
        configuration.averagesWeights = true
        let session = try TrainingSession(
            configuration: configuration, training: data.train, test: data.test,
            limits: .init(steps: 3), workers: Workers(count: 1))
        let run = try RunFolder.create(at: folder.appendingPathComponent("run"))
        try session.run(in: run) { _ in }
        let file = CheckpointFolder(url: run.checkpointsURL).file(step: 3)
        return ([UInt8](try Data(contentsOf: file)), session)
    }

    @Test func aCheckpointIsAModelToo() throws {
        try withScratchFolder { folder in
            let (bytes, session) = try Self.checkpoint(in: folder)
            let url = folder.appendingPathComponent("a.safetensors")
            try Data(bytes).write(to: url)
            let model = try ModelFile(contentsOf: url).model
            #expect(model.parameters.values == session.model.parameters.values)
            let plain = try SafetensorsFile(
                contentsOf: folder.appendingPathComponent(
                    "run/model.safetensors"))
            let all = try SafetensorsFile(contentsOf: url)
            #expect(
                plain.names == all.names.filter { !$0.hasPrefix(TrainingCheckpoint.namePrefix) })
            for name in plain.names { #expect(all[name] == plain[name], "\(name)") }
        }
    }

    /// Whatever the bytes are: a checkpoint that can be gone on with, or an error.
    @Test func survivesMutation() throws {
        try withScratchFolder { folder in
            let (bytes, session) = try Self.checkpoint(in: folder)
            let url = folder.appendingPathComponent("damaged.safetensors")
            let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            let series = Mutations(
                "training checkpoints", count: 600, seed: 5,
                telling: "{}[]\"',:-0123456789eE.".utf8, slowness: 20)
            var trainer = Trainer(
                model: session.model, configuration: session.configuration, totalSteps: 9,
                workers: Workers(count: 1))
            // The header, where everything is said; numbers of weights are never wrong.
            let readable = try series.run(on: [bytes], prefix: 8 + header) { round in
                try Data(round.bytes).write(to: url)
                do {
                    let checkpoint = try TrainingCheckpoint(contentsOf: url)
                    try checkpoint.restore(&trainer)
                    var batches = try session.makeBatches(resuming: try checkpoint.batches())
                    guard let batch = batches.next() else {
                        Issue.record("\(round.description): no batch")
                        return true
                    }
                    if trainer.step < 9 { _ = trainer.advance(with: TokenBatch(batch)) }
                    return true
                } catch let error as CheckpointError {
                    #expect(!error.description.isEmpty, "\(round.description)")
                } catch let error as DatasetError {
                    #expect(!error.description.isEmpty, "\(round.description)")
                }
                return false
            }
            #expect(readable < series.count)
        }
    }

    @Test(arguments: [
        #""step":3"#, #""updateCount":3"#, #""passNumber":1"#, #""metricsByteCount":"#,
        #""solved":0"#,
    ])
    func numbersThatCannotBeAreRefused(_ place: String) throws {
        try withScratchFolder { folder in
            let (bytes, session) = try Self.checkpoint(in: folder)
            let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            // The metadata are JSON within JSON.
            let escaped = place.replacingOccurrences(of: "\"", with: "\\\"")
            let text = String(decoding: bytes[8..<(8 + header)], as: UTF8.self)
            let found = try #require(text.range(of: escaped), "no \(escaped)")
            for number in ["-7", "9223372036854775807", "18446744073709551616"] {
                let name = escaped.prefix { $0 != ":" }
                let rest = text[found.upperBound...].drop { $0.isNumber }
                let changed = text[..<found.lowerBound] + name + ":" + number + rest
                let url = folder.appendingPathComponent("changed.safetensors")
                let length = changed.utf8.count
                let lengthBytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
                try Data(lengthBytes + Array(changed.utf8) + bytes[(8 + header)...]).write(to: url)
                #expect(throws: (any Error).self, "\(name) \(number)") {
                    let checkpoint = try TrainingCheckpoint(contentsOf: url)
                    _ = try session.makeBatches(resuming: try checkpoint.batches())
                }
            }
        }
    }
}

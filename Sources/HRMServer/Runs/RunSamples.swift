import Foundation
import HRMFiles
import HRMTraining

/// The pictures of puzzles that a training writes at evaluations.
enum RunSamples {
    /// A picture.
    struct Sample: Sendable {
        var step: Int
        var caption: String
        var bytes: [UInt8]
    }

    /// The number of bytes of event files that are searched.
    private static let mostBytes = 1 << 28
    private static let mostSamples = 1000

    /// Returns the pictures of a run, the last one of each step, in the order of the steps.
    ///
    /// - Parameters:
    ///   - url: The run folder.
    ///   - step: The only step that is wanted; nil for all, without their bytes.
    /// - Returns: The pictures.
    static func samples(of url: URL, step: Int? = nil) -> [Sample] {
        guard let folder = try? RunFolder.openUnfinished(url) else { return [] }
        var samples: [Int: Sample] = [:]
        var bytes = 0
        for file in folder.eventFiles {
            guard var reader = try? EventFileReader(contentsOf: file) else { continue }
            while let event = try? reader.next(), bytes + reader.byteCount <= mostBytes {
                if case .sessionStart = event.content {
                    samples = samples.filter { $0.key < event.step }
                }
                guard case .summary(let values) = event.content else { continue }
                for value in values {
                    guard case .image(let picture) = value.kind, step ?? event.step == event.step,
                        picture.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]),
                        samples.count < mostSamples || samples[event.step] != nil
                    else { continue }
                    samples[event.step] = Sample(
                        step: event.step, caption: value.tag,
                        bytes: step == nil ? [] : Array(picture.bytes))
                }
            }
            bytes += reader.byteCount
        }
        return samples.values.sorted { $0.step < $1.step }
    }

    /// Returns the members of a picture.
    static func members(of sample: Sample, run: String) -> JSONValue {
        .object([
            "step": .integer(sample.step), "caption": .text(sample.caption),
            "url": .text("/v1/runs/\(run)/samples/\(sample.step)"),
        ])
    }
}

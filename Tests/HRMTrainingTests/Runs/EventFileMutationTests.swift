import Foundation
import Testing
import _HRMTestSupport

@testable import HRMTraining

/// Damaged event files give an error or events, never a crash.
@Suite struct EventFileMutationTests {
    private static let telling: [UInt8] = [
        0, 1, 8, 9, 0x0A, 0x15, 0x1A, 0x22, 0x2A, 0x7F, 0x80, 0xFF,
    ]

    private static let sample: [UInt8] = {
        let picture = RunEvent(
            wallTime: 3, step: 2,
            content: .summary([.init(tag: "board", kind: .image(EventFileTests.picture))]))
        return EventFileTests.firstRecord + EventFileTests.secondRecord
            + EventRecord.framed(picture.encoded)
    }()

    @Test func files() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            let series = Mutations("event files", count: 2000, seed: 318, telling: Self.telling)
            let readable = try series.run(on: [Self.sample]) { round in
                try Data(round.bytes).write(to: url)
                let comment = Comment(rawValue: round.description)
                do {
                    let (events, _) = try EventFileTests.events(url)
                    // Every change is noticed, unless it is at the end or on a boundary.
                    #expect(events.count <= 6, comment)
                    return true
                } catch let error as EventFileError {
                    #expect(error.description.contains(url.path), comment)
                    return false
                }
            }
            #expect(readable > 0 && readable < series.count)
        }
    }

    /// Behind the checksums, which keep nearly all damage from the decoder.
    @Test func messages() {
        let originals = [EventFileTests.secondRecord, Array(Self.sample.suffix(60))].map {
            Array($0.dropFirst(12).dropLast(4))
        }
        let series = Mutations("event messages", count: 4000, seed: 99, telling: Self.telling)
        let readable = series.run(on: originals) { round in
            do throws(WireReader.Damage) {
                let event = try RunEvent(encoded: round.bytes[...])
                let again = try RunEvent(encoded: event.encoded[...])
                // Not equal where a number is not one.
                #expect(again.encoded == event.encoded, "\(round.description)")
                return true
            } catch {
                #expect(!error.reason.isEmpty, "\(round.description)")
                return false
            }
        }
        #expect(readable > 0 && readable < series.count)
    }
}

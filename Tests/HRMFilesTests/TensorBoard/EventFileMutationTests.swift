import Testing
import _HRMTestSupport

@testable import HRMFiles

/// Damaged event files give an error or events, never a crash.
@Suite struct EventFileMutationTests {
    private static let telling: [UInt8] = [
        0, 1, 8, 9, 0x0A, 0x15, 0x1A, 0x22, 0x2A, 0x7F, 0x80, 0xFF,
    ]

    private static let sampleEvents: [RunEvent] = [
        RunEvent(wallTime: 1, step: 0, content: RunEvent.currentVersion),
        RunEvent(wallTime: 1, step: 300, content: .sessionStart),
        RunEvent(
            wallTime: 2.5, step: 300,
            content: .summary([
                .init(tag: "a", kind: .scalar(0.5)), .init(tag: "lr", kind: .scalar(.nan)),
            ])),
        RunEvent(
            wallTime: 3, step: 2,
            content: .summary([.init(tag: "board", kind: .image(EventFileTests.picture))])),
    ]
    private static let sample = sampleEvents.flatMap { EventRecord.framed($0.encoded) }

    @Test func survivesMutationOfFiles() {
        let series = Mutations("event files", count: 3000, seed: 318, telling: Self.telling)
        let readable = series.run(on: [Self.sample]) { round in
            let comment = Comment(rawValue: round.description)
            var reader = EventFileReader(bytes: round.bytes, path: "mutated")
            var events: [RunEvent] = []
            do throws(EventFileError) {
                while let event = try reader.next() { events.append(event) }
                // Checksums let nothing pass but what was cut off at the end.
                let isBeginning = events.enumerated().allSatisfy { index, event in
                    index < 4 && event.encoded == Self.sampleEvents[index].encoded
                }
                #expect(isBeginning, comment)
                #expect(reader.byteCount <= round.bytes.count, comment)
                return true
            } catch {
                #expect(error.description.hasPrefix("mutated is damaged"), comment)
                return false
            }
        }
        #expect(readable > 0 && readable < series.count)
    }

    /// Behind the checksums, which keep nearly all damage from the decoder.
    @Test func survivesMutationOfMessages() {
        let originals = Self.sampleEvents.map(\.encoded)
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

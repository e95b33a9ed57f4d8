import Foundation
import Testing
import _HRMTestSupport

@testable import HRMFiles

@Suite struct EventFileTests {
    /// The first record, as every writer of the format begins its files, at 1 s after 1970.
    static let firstRecord: [UInt8] = [
        0x18, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22,  // 24 bytes, and their checksum
        0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,  // wall_time 1.0
        0x1A, 0x0D, 0x62, 0x72, 0x61, 0x69, 0x6E, 0x2E, 0x45, 0x76, 0x65, 0x6E, 0x74, 0x3A, 0x32,
        0x86, 0xBF, 0x57, 0x7A,
    ]

    /// Two values of step 300 at 2.5 s after 1970, one of which is not a number.
    ///
    /// The checksums were computed bit by bit outside of this package.
    static let secondRecord: [UInt8] = [
        0x23, 0, 0, 0, 0, 0, 0, 0, 0xB0, 0x9F, 0x77, 0x43,
        0x09, 0, 0, 0, 0, 0, 0, 0x04, 0x40,  // wall_time 2.5
        0x10, 0xAC, 0x02,  // step 300
        0x2A, 0x15,  // summary of 21 bytes
        0x0A, 0x08, 0x0A, 0x01, 0x61, 0x15, 0, 0, 0, 0x3F,
        0x0A, 0x09, 0x0A, 0x02, 0x6C, 0x72, 0x15, 0, 0, 0xC0, 0x7F,
        0x59, 0x77, 0x3F, 0xC2,
    ]

    static let picture = PNGPicture(bytes: [0x89, 0x50, 0, 0xFF], width: 300, height: 7)

    static func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

    /// All events of a file, and whether it breaks off.
    static func events(_ url: URL) throws -> (events: [RunEvent], isTruncated: Bool) {
        var reader = try EventFileReader(contentsOf: url)
        var events: [RunEvent] = []
        while let event = try reader.next() { events.append(event) }
        return (events, reader.isTruncated)
    }

    @Test func checksumsAreThoseOfTheStandard() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(0..<32) == 0x46DD_794E)
        #expect(CRC32C.checksum((0..<32).reversed()) == 0x113F_DB5C)
        #expect(CRC32C.checksum([]) == 0)
        #expect(CRC32C.masked([]) == 0xA282_EAD8)
    }

    @Test func bytesAreThese() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            var file = try EventFile(appendingTo: url)
            #expect(file.byteCount == 0)
            try file.append([], step: 0, at: Self.date(1))
            let start = file.byteCount
            #expect(try Data(contentsOf: url).starts(with: Self.firstRecord))
            try file.append(
                [(tag: "a", value: 0.5), (tag: "lr", value: .nan)], step: 300, at: Self.date(2.5))
            let bytes = Array(try Data(contentsOf: url))
            #expect(Array(bytes[start...]) == Self.secondRecord)
            #expect(file.byteCount == bytes.count)
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            var file = try EventFile(appendingTo: url)
            try file.append(
                [(tag: "train/lm_loss", value: 0.1), (tag: "n", value: 3)],
                step: 1, at: Self.date(1.25))
            try file.append(Self.picture, tag: "all/board", step: 1 << 40, at: Self.date(2))
            try file.synchronize()
            let (events, isTruncated) = try Self.events(url)
            #expect(!isTruncated)
            #expect(
                events == [
                    RunEvent(wallTime: 1.25, step: 0, content: .version("brain.Event:2")),
                    RunEvent(
                        wallTime: 1.25, step: 1,
                        content: .summary([
                            .init(tag: "train/lm_loss", kind: .scalar(0.1)),
                            .init(tag: "n", kind: .scalar(3)),
                        ])),
                    RunEvent(
                        wallTime: 2, step: 1 << 40,
                        content: .summary([.init(tag: "all/board", kind: .image(Self.picture))])),
                ])
        }
    }

    /// The bytes that TensorBoard's own writer has for a session that begins with step 300.
    @Test func aNewFileSaysWhichStepItBeginsWith() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            var file = try EventFile(creating: url, firstStep: 300)
            #expect(try Data(contentsOf: url).isEmpty)
            try file.append([(tag: "a", value: 0.5)], step: 300, at: Self.date(1))
            let start = RunEvent(wallTime: 1, step: 300, content: .sessionStart)
            #expect(Array(start.encoded.suffix(7)) == [0x10, 0xAC, 0x02, 0x3A, 0x02, 0x08, 0x01])
            let events = try Self.events(url).events
            #expect(events.map(\.step) == [0, 300, 300])
            #expect(events[1] == start)
            #expect(
                throws: EventFileError.file(
                    FileError(.write, path: url.path, reason: "File exists"))
            ) { try EventFile(creating: url, firstStep: 1) }
        }
    }

    @Test func whatAKilledWriterLeftIsTakenOff() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            let whole = Self.firstRecord + Self.secondRecord
            for missing in 1...Self.secondRecord.count {
                try Data(whole.dropLast(missing)).write(to: url)
                let (events, isTruncated) = try Self.events(url)
                #expect(events.count == 1)
                #expect(isTruncated == (missing < Self.secondRecord.count))
                var file = try EventFile(appendingTo: url)
                #expect(file.byteCount == Self.firstRecord.count)
                try file.append(
                    [(tag: "a", value: 0.5), (tag: "lr", value: .nan)],
                    step: 300, at: Self.date(2.5))
                #expect(try Data(contentsOf: url) == Data(whole))
            }
        }
    }

    @Test func damageIsPlaced() throws {
        try withScratchFolder { root in
            let url = root.appendingPathComponent("events")
            let whole = Self.firstRecord + Self.secondRecord
            let start = Self.firstRecord.count
            for (byte, reason) in [
                (start + 2, "the checksum of its length is wrong"),
                (start + 9, "the checksum of its length is wrong"),
                (start + 20, "the checksum of its data is wrong"),
                (whole.count - 1, "the checksum of its data is wrong"),
            ] {
                var bytes = whole
                bytes[byte] ^= 0x10
                try Data(bytes).write(to: url)
                let error = EventFileError.damaged(path: url.path, byte: start, reason: reason)
                #expect(throws: error) { try Self.events(url) }
                #expect(throws: error) { try EventFile(appendingTo: url) }
                #expect(try Data(contentsOf: url) == Data(bytes))
            }
            // A message that breaks off within a record whose checksums are right.
            try Data(EventRecord.framed([0x2A, 0x05, 0x0A])).write(to: url)
            #expect(throws: EventFileError.self) { try Self.events(url) }
        }
    }

    @Test func filesThatCannotBeOpenedAreNamed() throws {
        try withScratchFolder { root in
            let none = root.appendingPathComponent("none")
            #expect(
                throws: EventFileError.file(
                    FileError(.read, path: none.path, reason: "No such file or directory"))
            ) { try EventFileReader(contentsOf: none) }
            #expect(throws: EventFileError.self) { try EventFileReader(contentsOf: root) }
            let below = none.appendingPathComponent("events")
            #expect(
                throws: EventFileError.file(
                    FileError(.write, path: below.path, reason: "No such file or directory"))
            ) { try EventFile(appendingTo: below) }
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskIsSaid() throws {
        let url = URL(fileURLWithPath: "/dev/full")
        var file = try EventFile(url, flags: 0, byteCount: 0)
        #expect(
            throws: EventFileError.file(
                FileError(.write, path: url.path, reason: "No space left on device"))
        ) { try file.append([(tag: "a", value: 1)], step: 1, at: Self.date(1)) }
        #expect(file.byteCount == 0)
    }

    @Test func fieldsOfOtherWritersArePassedOver() throws {
        // A session log (7) of bytes, a number (9) and a tensor (8) beside a scalar.
        let tensor: [UInt8] = [0x0A, 0x01, 0x62, 0x42, 0x02, 0x08, 0x01]
        let scalar: [UInt8] = [0x0A, 0x01, 0x61, 0x15, 0, 0, 0x80, 0x3F]
        let summary: [UInt8] =
            [0x0A, UInt8(tensor.count)] + tensor + [0x0A, UInt8(scalar.count)] + scalar
        let message: [UInt8] =
            [0x3A, 0x01, 0xFF, 0x48, 0x80, 0x01, 0x10, 0x05, 0x2A, UInt8(summary.count)] + summary
        let event = try RunEvent(encoded: message[...])
        #expect(
            event
                == RunEvent(
                    wallTime: 0, step: 5,
                    content: .summary([
                        .init(tag: "b", kind: .other), .init(tag: "a", kind: .scalar(1)),
                    ])))
    }
}

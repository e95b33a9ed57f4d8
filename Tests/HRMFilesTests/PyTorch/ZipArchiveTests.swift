import Foundation
import Testing

@testable import HRMFiles

@Suite struct ZipArchiveTests {
    private static let contents = [("a/x", "first"), ("a/y", ""), ("a/z", "third")]

    private static func archive(_ contents: [(String, String)] = contents) -> [UInt8] {
        var writer = ZipWriter()
        for (name, text) in contents { writer.append(name, Data(text.utf8)) }
        return Array(writer.archive)
    }

    private static func reason(_ bytes: [UInt8]) -> String {
        do throws(ZipProblem) {
            let archive = try ZipArchive(Data(bytes))
            for entry in archive.entries { _ = try archive.content(of: entry) }
            return ""
        } catch {
            return error.reason
        }
    }

    /// Changes a field of the last record of the table.
    private static func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
        var bytes = archive()
        let record = [UInt8]([0x50, 0x4B, 1, 2])
        let starts = bytes.indices.filter { bytes[$0...].starts(with: record) }
        bytes[(starts.last ?? 0) + offset] = value
        return bytes
    }

    @Test func contentsComeBack() throws {
        let archive = try ZipArchive(Data(Self.archive()))
        #expect(archive.entries.map(\.name) == Self.contents.map(\.0))
        for (entry, expected) in zip(archive.entries, Self.contents) {
            #expect(try archive.content(of: entry) == Data(expected.1.utf8))
        }
        // A slice with other indices than 0... is the same file.
        let slice = Data([1, 2, 3] + Self.archive()).dropFirst(3)
        let other = try ZipArchive(slice)
        #expect(other.entries == archive.entries)
        #expect(try other.content(of: other.entries[2]) == Data("third".utf8))
    }

    @Test func everyTruncationIsRefused() {
        let whole = Self.archive()
        for count in 0..<whole.count {
            #expect(Self.reason(Array(whole.prefix(count))) != "", "\(count) bytes")
        }
        #expect(Self.reason(whole) == "")
        #expect(Self.reason([]).contains("is the file complete?"))
    }

    @Test func aCommentAtTheEndIsSkipped() {
        var bytes = Self.archive()
        bytes[bytes.count - 2] = 5
        #expect(Self.reason(bytes) != "")
        #expect(Self.reason(bytes + Array("hello".utf8)) == "")
    }

    @Test func whatTheFormatAllowsAndThisReaderDoesNotIsNamed() {
        #expect(Self.reason(Self.changed(10, 8)).contains("'a/z' is compressed"))
        #expect(Self.reason(Self.changed(8, 1)).contains("'a/z' is encrypted"))
        #expect(Self.reason(Self.changed(20, 9)).contains("two different sizes"))
        #expect(Self.reason(Self.changed(16, 1)).contains("does not have its checksum"))
        #expect(Self.reason(Self.changed(42, 3)).contains("not where the archive's table says"))
        #expect(Self.reason(Self.changed(46, 0xFF)).contains("not UTF-8"))
        #expect(
            Self.reason(Self.archive([("a", "1"), ("a", "1")])).contains("two entries 'a'"))
    }

    /// PyTorch writes 0 when it is told to compute no checksums.
    @Test func aMissingChecksumIsNone() {
        var bytes = Self.archive()
        let record = [UInt8]([0x50, 0x4B, 1, 2])
        for start in bytes.indices where bytes[start...].starts(with: record) {
            for byte in 16..<20 { bytes[start + byte] = 0 }
        }
        #expect(Self.reason(bytes) == "")
    }

    /// Two records for the same bytes: a small file could stand for a large one.
    @Test func entriesDoNotShareBytes() {
        var bytes = Self.archive([("a", "1"), ("b", "2")])
        let record = [UInt8]([0x50, 0x4B, 1, 2])
        let starts = bytes.indices.filter { bytes[$0...].starts(with: record) }
        // The first entry is made so long that it reaches into the second.
        for field in [20, 24] { bytes[starts[0] + field] = 80 }
        #expect(Self.reason(bytes).contains("overlap"))
    }
}

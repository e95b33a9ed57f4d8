import Foundation
import Testing

@testable import HRMFiles

@Suite struct TextDecoderTests {
    /// Decodes bytes in chunks of a given length.
    private static func decoded(_ bytes: [UInt8], pieces length: Int) throws -> String {
        var decoder = TextDecoder()
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            result += try decoder.decode(Array(bytes[start..<min(start + length, bytes.count)]))
        }
        return String(decoding: result + decoder.finish(), as: UTF8.self)
    }

    private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        let units = [0xFEFF] + Array(text.utf16)
        return units.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return bigEndian ? [high, low] : [low, high]
        }
    }

    static let plain = "12é4\n\n..🙂.\na"
    static let spellings: [[UInt8]] = [
        Array(plain.utf8), Array("\u{FEFF}\(plain)".utf8),
        Array(plain.replacingOccurrences(of: "\n", with: "\r\n").utf8),
        Array(plain.replacingOccurrences(of: "\n", with: "\r").utf8),
        // Concatenated files have byte order marks in the middle.
        Array(plain.replacingOccurrences(of: "\n", with: "\r\n\u{FEFF}").utf8),
        utf16(plain, bigEndian: false), utf16(plain, bigEndian: true),
        utf16(plain.replacingOccurrences(of: "\n", with: "\r\n"), bigEndian: false),
    ]

    @Test(arguments: spellings.indices)
    func allSpellingsAreOneText(_ index: Int) throws {
        let bytes = Self.spellings[index]
        for length in [1, 2, 3, 5, 1000] {
            #expect(try Self.decoded(bytes, pieces: length) == Self.plain, "pieces of \(length)")
        }
        #expect(try TextDecoder.decoded(bytes) == Array(Self.plain.utf8))
    }

    @Test func marksWithinALineStay() throws {
        #expect(try Self.decoded(Array("a\u{FEFF}b".utf8), pieces: 1) == "a\u{FEFF}b")
        #expect(
            try Self.decoded([0xEF, 0xBB], pieces: 1)
                == String(decoding: [0xEF, 0xBB], as: UTF8.self))
        #expect(TextDecoder.plain("\u{FEFF}1\r2\r\n3") == "1\n2\n3")
        #expect(TextDecoder.plain("") == "")
    }

    /// Typed text is passed on immediately, with its line end.
    @Test func nothingThatCanBeReadIsKeptBack() throws {
        var decoder = TextDecoder()
        #expect(try decoder.decode(Array("1".utf8)) == Array("1".utf8))
        #expect(try decoder.decode(Array("2\r".utf8)) == Array("2\n".utf8))
        #expect(try decoder.decode(Array("\n3".utf8)) == Array("3".utf8))
        #expect(decoder.finish().isEmpty)
    }

    @Test func whatIsNotReadIsNamed() {
        let text = "1234"
        let units: [UInt8] = text.utf16.flatMap { [UInt8($0), 0] as [UInt8] }
        for (bytes, name) in [
            ([0xFF, 0xFE, 0, 0, 0x31, 0, 0, 0], "UTF-32"),
            ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x31], "UTF-32"),
            (units, "UTF-16"), ([0] + units.dropLast(), "UTF-16"),
        ] as [([UInt8], String)] {
            #expect {
                try TextDecoder.decoded(bytes)
            } throws: { error in
                (error as? FileProblem)?.reason.contains(name) == true
            }
        }
        // An incomplete character at the end does not affect the rest.
        let cut = Self.utf16("12", bigEndian: false).dropLast()
        #expect((try? TextDecoder.decoded(Array(cut))) == Array("1\u{FFFD}".utf8))
    }

    /// Readers of lines and tables do not depend on the encoding.
    @Test(arguments: spellings.indices)
    func linesAreReadAlike(_ index: Int) throws {
        var lines = TextLines(source: ByteSource(bytes: Self.spellings[index]))
        var found: [String] = []
        while let line = try lines.next() { found.append(line.text) }
        #expect(found == ["12é4", "", "..🙂.", "a"])
        var records = CSVRecordReader(source: ByteSource(bytes: Self.spellings[index]))
        var places: [Int] = []
        while let record = try records.next() { places.append(record.line) }
        #expect(places == [1, 3, 4])
    }
}

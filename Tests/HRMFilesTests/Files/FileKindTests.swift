import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles

/// The first bytes of files written by the named programs.
@Suite struct FileKindTests {
    private static func bytes(_ hex: String, _ text: String = "", padding: Int = 0) -> [UInt8] {
        let digits = Array(hex.replacingOccurrences(of: " ", with: ""))
        let head = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0..<($0 + 2)]), radix: 16)
        }
        return head + Array(text.utf8) + [UInt8](repeating: 0, count: padding)
    }

    /// Returns the header before a zip archive's first entry, and a table's end that names another.
    private static func zip(_ first: String, _ second: String = "") -> [UInt8] {
        let header = bytes("504b0304 0000 0008 0000 0000 0000 00000000 00000000 00000000")
        let name: [UInt8] = [UInt8(first.utf8.count), 0, 0, 0] + Array(first.utf8)
        let table = Array(second.utf8) + bytes("504b0506", padding: 18)
        return header + name + table
    }

    /// Returns a safetensors file with a header of the given length.
    private static func safetensors(_ count: Int) -> [UInt8] {
        let text = "{\"__metadata__\":{\"a\":\"\(String(repeating: "x", count: count - 25))\"}}"
        return (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) }
            + Array(text.utf8)
    }

    private static let examples: [(FileKind, [UInt8])] = [
        (.safetensors, safetensors(100)), (.safetensors, bytes("0200000000000000", "{}")),
        (.safetensors, bytes("0300000000000000", " {}")),
        (.pyTorch, zip("step_2/data.pkl")), (.pyTorch, zip("a/version", "a/data.pkl")),
        (.torchScript, zip("script/data/0", "script/data.pkl script/constants.pkl")),
        (.numpyArchive, zip("x.npy")), (.zip, zip("word/document.xml")), (.zip, zip("")),
        // PyTorch 2 with _use_new_zipfile_serialization=False, and only the beginning of it.
        (.legacyPyTorch, bytes("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d", padding: 9)),
        (.legacyPyTorch, bytes("80028a")),
        (.pickle, bytes("80027d710058010000006171014b01732e")),
        (.pickle, bytes("8004950a000000000000007d948c0161944b01732e")),
        (.numpyArray, bytes("934e554d50590100 7600", "{'descr': '<f8'}")),
        (.gzip, bytes("1f8b0800")), (.xz, bytes("fd377a585a00")), (.bzip2, bytes("", "BZh91AY")),
        (.zstandard, bytes("28b52ffd04")), (.tar, bytes("", padding: 257) + Array("ustar".utf8)),
        (.gguf, bytes("4747554603000000010000000000000001")),
        (.hdf5, bytes("894844460d0a1a0a00000000000808000400100000000000")),
        (.onnx, bytes("080e3a330a0c0a0178120179220452656c751201675a0f0a")),
        (.onnx, bytes("080e12077079746f7263683a330a0c0a0178120179220452")),
        (.parquet, bytes("", "PAR1") + [0x15, 0]), (.picture, bytes("89504e470d0a1a0a")),
        (.pdf, bytes("", "%PDF-1.7")),
        (
            .weightsIndex,
            bytes("", "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\"a\": \"b\"}}")
        ),
        (.gitPointer, bytes("", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")),
        (.webPage, bytes("", "\n<!DOCTYPE html>\n<html>")), (.webPage, bytes("", "<HTML lang=en>")),
        (.utf16, bytes("fffe3100")), (.text, bytes("", "source,question,answer\nä")),
        (.text, bytes("efbbbf", "[[1]]")), (.text, bytes("", "{}")), (.empty, []),
        (.unknown, bytes("00010203")), (.unknown, bytes("", padding: 1000)),
    ]

    @Test func kindsAreToldByContent() throws {
        for (kind, bytes) in Self.examples {
            #expect(FileKind(Data(bytes)) == kind, "\(bytes.prefix(16))")
            try withScratchFolder { folder in
                let url = folder.appendingPathComponent("file")
                try Data(bytes).write(to: url)
                #expect(try FileKind(of: url) == kind)
            }
        }
        #expect(Set(Self.examples.map(\.0)) == Set(FileKind.allCases))
    }

    /// One in 32 headers has a length whose bytes look like a pickle of protocol 2 to 5, or like a
    /// zip archive.
    @Test func headersOfAnyLengthAreSafetensors() {
        for count in Array(30..<700) + [0x280, 0x380, 0x480, 0x580, 0x4B50, 0x8B1F] {
            #expect(FileKind(Data(Self.safetensors(count))) == .safetensors, "\(count)")
        }
    }

    @Test func everyKindHasWords() {
        for kind in FileKind.allCases {
            #expect(!kind.name.isEmpty)
            let refusal = kind.textRefusal("a b.csv")
            #expect((refusal == nil) == kind.mayBeText)
            #expect(refusal?.hasPrefix("it is \(kind.name), not ") ?? true)
        }
        #expect(FileKind.gzip.textRefusal("a.csv.gz")?.contains("gunzip a.csv.gz") == true)
    }

    @Test func survivesMutation() {
        let originals = Self.examples.map { $0.1 }.filter { !$0.isEmpty }
        let series = Mutations("file kind", count: 2000, seed: 8, telling: "PK\u{3}\u{4}{}.".utf8)
        series.run(on: originals) { round in
            FileKind(Data(round.bytes)) != .unknown
        }
    }

    /// Where text is expected, the error names the kind of file.
    @Test func binaryFilesAreNamedWhereTextIsExpected() throws {
        try withScratchFolder { folder in
            let json = folder.appendingPathComponent("tasks.json.gz")
            try Data(Self.bytes("1f8b0800", "puzzles")).write(to: json)
            do throws(FileProblem) {
                _ = try ByteSource.bytes(of: json, atMost: 1000)
                Issue.record("the archive is accepted")
            } catch {
                #expect(
                    error.reason == "it is a gzip archive, not text; unpack it first with "
                        + "'gunzip tasks.json.gz'")
            }
        }
    }
}

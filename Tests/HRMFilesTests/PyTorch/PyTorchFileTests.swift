import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles

@Suite struct PyTorchFileTests {
    /// Tensors of all number formats, with axes of all kinds.
    static func sample(using generator: inout SeededGenerator) -> PyTorchFile {
        var file = PyTorchFile()
        for type in SafetensorsElementType.allCases {
            for axes in 0...5 {
                let shape = (0..<axes).map { _ in Int.random(in: 0...3, using: &generator) }
                let count = shape.reduce(type.byteCount, *)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                file["model.inner.\(type.rawValue)_\(axes).weight ä"] = SafetensorsTensor(
                    elementType: type, shape: shape, bytes: Data(bytes))
            }
        }
        return file
    }

    @Test(arguments: UInt64(0)..<20)
    func whatIsWrittenIsRead(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let file = Self.sample(using: &generator)
        let bytes = file.encoded(folder: "step_\(seed)")
        let read = try PyTorchFile(bytes: bytes, path: "f")
        #expect(read == file, "seed \(seed)")
        #expect(read.encoded(folder: "step_\(seed)") == bytes, "seed \(seed)")
    }

    @Test(arguments: [0, 10, 3000])
    func largeArchivesHaveFieldsOf64Bits(_ largestPlain: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let file = Self.sample(using: &generator)
        var writer = ZipWriter()
        writer.largestPlain = largestPlain
        let bytes = Data(file.pieces(folder: "a", with: writer).joined())
        #expect(bytes.count > file.encoded(folder: "a").count)
        #expect(try PyTorchFile(bytes: bytes, path: "f") == file)
    }

    @Test func numbersAreAligned() throws {
        var generator = SeededGenerator(seed: 1)
        let file = Self.sample(using: &generator)
        let archive = try ZipArchive(file.encoded())
        #expect(archive.entries.count == file.names.count + 5)
        for entry in archive.entries {
            #expect(entry.range.lowerBound.isMultiple(of: 64), "\(entry.name)")
        }
    }

    @Test func filesAreWrittenWholeAndNamedInside() throws {
        try withScratchFolder { folder in
            var file = PyTorchFile()
            file["x"] = .float32([1, 2, 3], shape: [3])
            let url = folder.appendingPathComponent("step_7.pt")
            try file.write(to: url)
            #expect(try PyTorchFile(contentsOf: url) == file)
            #expect(try names(in: folder) == ["step_7.pt"])
            let archive = try ZipArchive(Data(contentsOf: url))
            #expect(archive.entries.first?.name == "step_7/data.pkl")
            let missing = folder.appendingPathComponent("none/x.pt")
            #expect(throws: FileError.self) { try file.write(to: missing) }
            #expect(throws: PyTorchFileError.self) { try PyTorchFile(contentsOf: missing) }
        }
    }

    @Test func namesKeepTheirOrder() {
        var file = PyTorchFile()
        for name in ["b", "a", "c"] { file[name] = .float32([1], shape: [1]) }
        file["a"] = .float32([2], shape: [1])
        #expect(file.names == ["b", "a", "c"])
        file["b"] = nil
        file["never"] = nil
        #expect(file.names == ["a", "c"])
        #expect(file["a"] == .float32([2], shape: [1]))
    }

    @Test func checksumsAreThoseOfTheStandard() {
        // The check value that catalogues of checksums give for this polynomial.
        #expect(CRC32.of(Data("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.of(Data()) == 0)
        // Bit by bit, at all lengths around the eight that are taken at once.
        let bytes = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for count in 0..<40 {
            var value: UInt32 = .max
            for byte in bytes.prefix(count) {
                value ^= UInt32(byte)
                for _ in 0..<8 {
                    let isOdd = value & 1 == 1
                    value >>= 1
                    if isOdd { value ^= 0xEDB8_8320 }
                }
            }
            #expect(CRC32.of(Data(bytes.prefix(count))) == ~value)
            let slice = Data(bytes).dropFirst(40 - count)
            #expect(CRC32.of(slice) == CRC32.of(Data(bytes.suffix(count))))
        }
    }
}

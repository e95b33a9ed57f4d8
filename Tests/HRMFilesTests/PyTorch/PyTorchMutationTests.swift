import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles

/// Damaged files give an error or a value, never a crash, and never more than the file can stand for.
@Suite struct PyTorchMutationTests {
    private static let telling =
        Array("(.NJKMXt)}suqrhjcRbQPK\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}".utf8)
        + [0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0xFF, 0]

    private static func small() -> PyTorchFile {
        var file = PyTorchFile()
        file["model.inner.H_init"] = .bfloat16([1, -2], shape: [2])
        file["model.inner.w"] = .float32([1, 2, 3, 4, 5, 6], shape: [2, 3])
        file["model.inner.n"] = .int64([7], shape: [])
        return file
    }

    private func read(_ bytes: Data, _ comment: Comment) -> Bool {
        let file: PyTorchFile
        do {
            file = try PyTorchFile(bytes: bytes, path: "mutated")
        } catch {
            #expect(!error.description.isEmpty, comment)
            return false
        }
        var total = 0
        for name in file.names {
            guard let tensor = file[name] else { continue }
            total += tensor.bytes.count
            #expect(
                tensor.bytes.count == tensor.shape.reduce(tensor.elementType.byteCount, *), comment)
        }
        #expect(total <= PyTorchFile.largestGrowth * bytes.count, comment)
        let again = try? PyTorchFile(bytes: file.encoded(), path: "again")
        #expect(again == file, comment)
        return true
    }

    @Test func survivesMutationOfTheArchive() {
        var writer = ZipWriter()
        writer.largestPlain = 0
        let originals = [
            Self.small().encoded(folder: "a"),
            Data(Self.small().pieces(folder: "a", with: writer).joined()),
        ].map(Array.init)
        let series = Mutations("zip", count: 4000, seed: 20_250_625, telling: Self.telling)
        let readable = series.run(on: originals) {
            read(Data($0.bytes), "\($0.description)")
        }
        // Padding and times can be anything.
        #expect(readable > series.count / 50 && readable < series.count * 9 / 10)
    }

    @Test func everyTruncationIsRefused() {
        let whole = Self.small().encoded(folder: "a")
        for count in 0..<whole.count {
            #expect(!read(whole.prefix(count), "the first \(count) bytes"))
        }
        #expect(read(whole, "the whole file"))
    }

    /// The pickle is damaged and the archive around it is not.
    @Test func survivesMutationOfThePickle() throws {
        let files = [Self.small().encoded(folder: "a"), try Self.recorded()]
        let archives = try files.map { try ZipArchive($0) }
        let contents = try archives.map { archive in
            try archive.entries.map { ($0.name, try archive.content(of: $0)) }
        }
        let pickles = contents.map { Array($0[0].1) }
        let series = Mutations("pickle", count: 4000, seed: 42410, telling: Self.telling)
        let readable = series.run(on: pickles) { round in
            var writer = ZipWriter()
            for (index, entry) in contents[round.original].enumerated() {
                writer.append(entry.0, index == 0 ? Data(round.bytes) : entry.1)
            }
            return read(writer.archive, "\(round.description)")
        }
        #expect(readable > series.count / 50 && readable < series.count * 9 / 10)
    }

    /// A pickle as PyTorch writes it, with memory and attributes, of two little tensors.
    private static func recorded() throws -> Data {
        let parameter =
            PickleText.global("torch._utils", "_rebuild_parameter") + Array("(".utf8)
            + PickleText.tensor(PickleText.storage("0", count: 4), count: 3) + [0x88]
            + PickleText.dictionary + Array("tR".utf8)
        return PickleText.file(
            PickleText.program(
                PickleText.dictionary, Array("q\u{0}(".utf8), PickleText.text("w"),
                Array("q\u{1}".utf8), parameter, Array("q\u{2}".utf8), PickleText.text("v"),
                Array("h\u{2}u}".utf8), PickleText.text("_metadata"), PickleText.dictionary,
                Array("(".utf8), PickleText.text(""), Array("}".utf8), PickleText.text("version"),
                [0x4B, 1], Array("susb".utf8)))
    }
}

import Foundation
import Testing

@testable import HRMFiles

@Suite struct PyTorchContainerTests {
    private static let empty = PickleText.program(PickleText.dictionary)

    @Test func theByteOrderIsChecked() {
        for (order, error) in [
            ("little", nil), ("big", PyTorchFileError.bigEndian(path: "f")),
            ("odd", .malformedArchive(path: "f", reason: "its byte order is 'odd'")),
        ] {
            let entry = ("byteorder", Data(order.utf8))
            #expect(PickleText.error(Self.empty, extra: [entry]) == error)
        }
        // Versions before 2.0 wrote none.
        #expect(PickleText.error(Self.empty) == nil)
    }

    @Test func otherFilesAreRefused() {
        func error(_ bytes: Data) -> PyTorchFileError? {
            do {
                _ = try PyTorchFile(bytes: bytes, path: "f")
                return nil
            } catch {
                return error
            }
        }
        // The beginning of a file of PyTorch 1.5: a pickle of a magic number.
        let legacy = Data([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20])
        #expect(error(legacy) == .legacyFormat(path: "f"))
        #expect("\(PyTorchFileError.legacyFormat(path: "f"))".contains("weights_only=True"))
        for bytes in [Data(), Data("PK".utf8), Data("{}".utf8), Data(count: 1000)] {
            guard case .malformedArchive? = error(bytes) else {
                Issue.record("\(bytes) is accepted")
                continue
            }
        }
        var writer = ZipWriter()
        writer.append("a/x", Data())
        #expect(error(writer.archive) == .missingEntry(path: "f", name: "data.pkl"))
        #expect(error(ZipWriter().archive) == .missingEntry(path: "f", name: "data.pkl"))
        #expect(
            FileKind(legacy) == .legacyPyTorch && FileKind(PickleText.file(Self.empty)) == .pyTorch)
        #expect(FileKind(SafetensorsFile().encoded()) == .safetensors)
    }

    @Test func messagesSayWhatAndWhere() {
        let global = PyTorchFileError.forbiddenGlobal(path: "f", name: "os.system", offset: 7)
        for word in ["f holds", "'os.system'", "not read", "model.state_dict()"] {
            #expect("\(global)".contains(word))
        }
        let opcode = PyTorchFileError.forbiddenOpcode(path: "f", opcode: 0x69, offset: 9)
        for word in ["f holds", "not read", "model.state_dict()"] {
            #expect("\(opcode)".contains(word))
        }
        let malformed = PyTorchFileError.malformedPickle(path: "f", reason: "why", offset: 9)
        // Instructions and their places mean nothing to a person.
        for error in [global, opcode, malformed] {
            for word in ["byte", "0x", "opcode", "instruction", "7", "9"] {
                #expect(!"\(error)".contains(word), "\(error)")
            }
        }
    }
}

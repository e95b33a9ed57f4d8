import Foundation

@testable import HRMFiles

extension ZipWriter {
    /// The archive in one piece.
    var archive: Data { Data(finished().joined()) }
}

/// Pickles that are put together by hand.
enum PickleText {
    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [0x58]
        bytes.append(text.utf8.count, width: 4)
        return bytes + Array(text.utf8)
    }

    /// Pieces one after the other; texts are instructions of one character each.
    static func join(_ pieces: Piece...) -> [UInt8] { pieces.flatMap(\.bytes) }

    /// A piece of a pickle: bytes, or a text that stands for its bytes.
    struct Piece: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        var bytes: [UInt8]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        init(stringLiteral text: String) {
            bytes = Array(text.utf8)
        }

        init(arrayLiteral bytes: UInt8...) {
            self.bytes = bytes
        }

        static func global(_ module: String, _ name: String) -> Self {
            Self(PickleText.global(module, name))
        }

        static func text(_ text: String) -> Self { Self(PickleText.text(text)) }
    }

    /// Instructions with the protocol's version in front and the end behind.
    static func program(_ instructions: [UInt8]...) -> [UInt8] {
        [0x80, 2] + instructions.flatMap { $0 } + Array(".".utf8)
    }

    static let dictionary = global("collections", "OrderedDict") + Array(")R".utf8)

    /// The tuple (`count`,) of a number below 256.
    static func tuple(_ count: UInt8) -> [UInt8] { [0x4B, count, 0x85] }

    /// A storage of float32 numbers.
    static func storage(_ key: String, count: UInt8) -> [UInt8] {
        Array("(".utf8) + text("storage") + global("torch", "FloatStorage") + text(key)
            + text("cpu") + [0x4B, count] + Array("tQ".utf8)
    }

    /// A tensor of so many elements.
    static func tensor(_ storage: [UInt8], count: UInt8) -> [UInt8] {
        global("torch._utils", "_rebuild_tensor_v2") + Array("(".utf8) + storage + [0x4B, 0]
            + tuple(count) + tuple(1) + [0x89] + dictionary + Array("tR".utf8)
    }

    /// A file with this pickle and one storage of four numbers.
    static func file(_ pickle: [UInt8], extra: [(String, Data)] = []) -> Data {
        var writer = ZipWriter()
        writer.append("a/data.pkl", Data(pickle))
        for (name, content) in extra { writer.append("a/\(name)", content) }
        writer.append("a/data/0", SafetensorsTensor.float32([1, 2, 3, 4], shape: [4]).bytes)
        return writer.archive
    }

    static func error(_ pickle: [UInt8], extra: [(String, Data)] = []) -> PyTorchFileError? {
        do {
            _ = try PyTorchFile(bytes: file(pickle, extra: extra), path: "f")
            return nil
        } catch {
            return error
        }
    }
}

import Foundation
import Testing

@testable import HRMFiles

/// A pickle is a program; this package carries out the few instructions that tensors need.
@Suite struct PickleMachineTests {
    private static let tensor = PickleText.tensor(PickleText.storage("0", count: 4), count: 4)
    private static let good = PickleText.program(
        PickleText.dictionary, PickleText.text("w"), tensor, Array("s".utf8))

    @Test func aSmallPickleIsRead() throws {
        #expect(PickleText.error(Self.good) == nil)
        let file = try PyTorchFile(bytes: PickleText.file(Self.good), path: "f")
        #expect(file.names == ["w"])
        #expect(file["w"] == .float32([1, 2, 3, 4], shape: [4]))
    }

    @Test func parametersAndAttributesAreRead() throws {
        let parameter =
            PickleText.global("torch._utils", "_rebuild_parameter") + Array("(".utf8) + Self.tensor
            + [0x88] + PickleText.dictionary + Array("tR".utf8)
        let pickle = PickleText.program(
            PickleText.dictionary, PickleText.text("w"), parameter, Array("s}".utf8),
            PickleText.text("_metadata"), PickleText.dictionary, Array("sb".utf8))
        let file = try PyTorchFile(bytes: PickleText.file(pickle), path: "f")
        #expect(file["w"]?.floats() == [1, 2, 3, 4])
    }

    @Test(arguments: [
        ("os", "system"), ("builtins", "eval"), ("builtins", "exec"), ("posix", "system"),
        ("torch", "load"), ("torch._utils", "_rebuild_tensor"), ("torch", "UntypedStorage"),
        ("collections", "OrderedDict.fromkeys"), ("", ""), ("numpy.core.multiarray", "fromfile"),
        ("builtins", "getattr"), ("argparse", "ArgumentParser"), ("pathlib", "Path.unlink"),
    ])
    func otherNamesAreRefused(_ module: String, _ name: String) {
        let call = PickleText.program(
            PickleText.global(module, name), PickleText.text("touch /tmp/x"), [0x85, 0x52])
        #expect(
            PickleText.error(call)
                == .forbiddenGlobal(path: "f", name: "\(module).\(name)", offset: 2))
        // Not even where nothing would come of it.
        let later = PickleText.program(
            PickleText.dictionary, PickleText.text("w"), Self.tensor, Array("s".utf8),
            PickleText.global(module, name))
        #expect(
            PickleText.error(later)
                == .forbiddenGlobal(
                    path: "f", name: "\(module).\(name)", offset: Self.good.count - 1))
    }

    @Test func allOtherInstructionsAreRefused() {
        let known = Set("(.NJKMXt)}suqrhjcRbQ012GBC]laed".utf8).union([
            0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90,
            0x91,
            0x92, 0x93, 0x94, 0x95, 0x96,
        ])
        for byte in UInt8.min...UInt8.max {
            #expect((PickleOpcode(rawValue: byte) != nil) == known.contains(byte), "\(byte)")
            guard !known.contains(byte) else { continue }
            let pickle = PickleText.program(PickleText.dictionary, [byte, 1, 0, 0, 0, 0, 0, 0, 0])
            #expect(
                PickleText.error(pickle)
                    == .forbiddenOpcode(
                        path: "f", opcode: byte, offset: 2 + PickleText.dictionary.count))
        }
    }

    @Test(arguments: [
        (".", "the stack is empty", 2), ("t", "there is no mark", 2), ("(0", "", -1),
        ("K", "the pickle is cut off", 2), ("h\u{5}", "nothing is remembered under 5", 2),
        ("(u", "there is no dictionary", -1), (")R", "the stack is empty", 3),
        ("NNR", "what something is called with is not a tuple", 4),
        ("N)R", "something is called that is not a function", 4),
        ("N}b", "attributes are given to something else than a dictionary", 4),
        ("NNa", "items are put into no list", 4), ("(Q", "the stack is empty", 3),
        ("NNNs", "pairs are not put into a dictionary", 5), ("]NNb", "", -1),
        (")Q", "the description of a storage is not one", 3),
        ("X\u{7F}\u{7F}\u{7F}\u{7F}", "the pickle is cut off", 2), ("cos", "a name has no end", 2),
        ("\u{2}", "", -1), ("(tR", "the stack is empty", 4),
        ("ccollections\nOrderedDict\n)\u{7F}", "", -1),
        ("ccollections\nOrderedDict\n(NtR", "an OrderedDict is made with arguments", 30),
    ])
    func nonsenseIsRefused(_ instructions: String, _ reason: String, _ offset: Int) {
        let error = PickleText.error([0x80, 2] + Array(instructions.utf8))
        if offset >= 0 {
            #expect(error == .malformedPickle(path: "f", reason: reason, offset: offset))
        } else {
            #expect(error != nil)
        }
    }

    @Test func otherThingsThanTensorsAreRefused() {
        let number = PickleText.program(
            PickleText.dictionary, PickleText.text("epoch"), [0x4B, 3], Array("s".utf8))
        #expect(
            PickleText.error(number)
                == .notAStateDict(path: "f", reason: "there is no named tensor in it"))
        #expect(
            PickleText.error(PickleText.program(Self.tensor))
                == .notAStateDict(path: "f", reason: "it holds a tensor"))
        let twice = PickleText.program(
            PickleText.dictionary, PickleText.text("w"), Self.tensor, Array("s".utf8),
            PickleText.text("w"), Self.tensor, Array("s".utf8))
        #expect(
            PickleText.error(twice)
                == .notAStateDict(path: "f", reason: "the name 'w' occurs twice in it"))
    }

    @Test func storagesMustBeWhatThePickleSays() {
        func error(_ key: String, _ count: UInt8, elements: UInt8) -> PyTorchFileError? {
            PickleText.error(
                PickleText.program(
                    PickleText.dictionary, PickleText.text("w"),
                    PickleText.tensor(PickleText.storage(key, count: count), count: elements),
                    Array("s".utf8)))
        }
        #expect(error("0", 4, elements: 3) == nil)
        #expect(error("1", 4, elements: 4) == .missingEntry(path: "f", name: "data/1"))
        for (count, elements) in [(UInt8(5), UInt8(4)), (3, 3), (4, 5)] {
            guard case .malformedTensor("f", "w", _)? = error("0", count, elements: elements) else {
                Issue.record("\(count) and \(elements) are accepted")
                continue
            }
        }
    }

    /// Programs that would take a plain interpreter its stack, its memory or its time.
    @Test func trapsCostNothing() {
        let many = 300_000
        let nested = Array("N".utf8) + [UInt8](repeating: 0x85, count: many)
        guard case .notAStateDict("f", _)? = PickleText.error(PickleText.program(nested)) else {
            Issue.record("nested tuples are accepted")
            return
        }
        // A dictionary that holds itself.
        let loop = PickleText.program(
            Array("}q\u{1}".utf8), PickleText.text("w"), Array("h\u{1}s".utf8))
        #expect(
            PickleText.error(loop)
                == .notAStateDict(path: "f", reason: "there is no named tensor in it"))
        #expect(
            PickleText.error([0x80, 2] + [UInt8](repeating: UInt8(ascii: "("), count: many))
                == .malformedPickle(path: "f", reason: "the pickle is cut off", offset: many + 2))
        // A long tuple that is the shape of many tensors.
        let shape =
            Array("(".utf8) + (0..<many).flatMap { _ in [UInt8(0x4B), 1] } + Array("tq\u{1}".utf8)
        let build = PickleText.program(
            shape, PickleText.global("torch._utils", "_rebuild_tensor_v2"), Array("(".utf8),
            PickleText.storage("0", count: 4), [0x4B, 0], Array("h\u{1}h\u{1}".utf8), [0x89],
            PickleText.dictionary, Array("tR".utf8))
        guard case .malformedPickle("f", _, _)? = PickleText.error(build) else {
            Issue.record("a tensor of \(many) axes is accepted")
            return
        }
    }

    @Test func sharedNumbersMayNotMultiplyTheFile() throws {
        var names: [UInt8] = []
        for index in 0..<4000 { names += PickleText.text("\(index)") + Array("h\u{1}".utf8) }
        let pickle = PickleText.program(
            PickleText.dictionary, Array("(".utf8), PickleText.text("w"),
            PickleText.tensor(PickleText.storage("big", count: 250), count: 250),
            Array("q\u{1}".utf8), names, Array("u".utf8))
        let big = SafetensorsTensor.float32([Float](repeating: 1, count: 250), shape: [250])
        guard
            case .malformedTensor("f", _, let reason)? = PickleText.error(
                pickle, extra: [("data/big", big.bytes)])
        else {
            Issue.record("4,000 tensors share a storage")
            return
        }
        #expect(reason.contains("8 times"))
    }
}

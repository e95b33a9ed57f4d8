import Foundation
import Testing

@testable import HRMFiles

/// Checkpoints as people save them: the weights under a key, among other things.
@Suite struct StateDictionaryTests {
    private static let tensor = PickleText.tensor(PickleText.storage("0", count: 4), count: 4)
    private static let weights = dictionary(("w", tensor))
    private static let average = dictionary(
        ("w", PickleText.tensor(PickleText.storage("1", count: 4), count: 4)))

    /// A dictionary of these values.
    private static func dictionary(_ items: (String, [UInt8])...) -> [UInt8] {
        PickleText.dictionary + Array("(".utf8)
            + items.flatMap { PickleText.text($0.0) + $0.1 } + Array("u".utf8)
    }

    private static func file(_ value: [UInt8]) -> Data {
        let other = SafetensorsTensor.float32([5, 6, 7, 8], shape: [4])
        return PickleText.file(PickleText.program(value), extra: [("data/1", other.bytes)])
    }

    private static func read(_ value: [UInt8], _ wanted: String? = nil) throws -> PyTorchFile {
        try PyTorchFile(bytes: file(value), path: "f", stateDictionary: wanted)
    }

    /// The state of an optimizer: lists, numbers, keys that are integers, tensors that are no weights.
    private static let optimizer: [UInt8] = {
        let moments = dictionary(("exp_avg", tensor))
        let betas = PickleText.join("GAAAAAAAAGAAAAAAAA", [0x86])
        let group = dictionary(
            ("lr", Array("GAAAAAAAA".utf8)), ("betas", betas),
            ("params", PickleText.join("](", [0x4B, 0, 0x4B, 1], "e")))
        return dictionary(
            ("state", PickleText.join("}(", [0x4B, 0], .init(moments), "u")),
            ("param_groups", PickleText.join("](", .init(group), "e")))
    }()

    @Test(arguments: ["model", "state_dict", "model_state_dict", "module", "net", "params"])
    func weightsAreFoundUnderAUsualName(_ name: String) throws {
        let file = try Self.read(
            Self.dictionary(
                ("step", [0x4B, 2]), (name, Self.weights), ("optimizers", Self.optimizer),
                ("ema_state_dict", Self.average)))
        #expect(file.names == ["w"] && file["w"]?.floats() == [1, 2, 3, 4])
        #expect(file.stateDictionary == name)
        #expect(file.otherDictionaries == ["ema_state_dict"])
        #expect(
            file.skipped == [
                "'step' (an integer)", "'optimizers' (a dictionary)",
                "'ema_state_dict' (a dictionary)",
            ])
    }

    @Test func anAverageIsTakenByItsName() throws {
        let whole = Self.dictionary(
            ("model", Self.weights), ("ema", Self.dictionary(("shadow", Self.average))))
        for wanted in ["ema", "ema.shadow", "SHADOW"] {
            let file = try Self.read(whole, wanted)
            #expect(file["w"]?.floats() == [5, 6, 7, 8] && file.stateDictionary == "ema.shadow")
        }
        #expect(try Self.read(whole, "model")["w"]?.floats() == [1, 2, 3, 4])
        for wanted in ["swa", "nothing"] {
            #expect {
                try Self.read(whole, wanted)
            } throws: { "\($0)".contains("'model', 'ema.shadow'") && "\($0)".contains(wanted) }
        }
        // A part of a name that two have.
        let two = Self.dictionary(("model_a", Self.weights), ("model_b", Self.average))
        for wanted in [nil, "model"] {
            #expect {
                try Self.read(two, wanted)
            } throws: { "\($0)".contains("--state-dict") && "\($0)".contains("'model_b'") }
        }
        #expect(try Self.read(two, "model_b")["w"]?.floats() == [5, 6, 7, 8])
    }

    @Test func otherShapesOfCheckpoints() throws {
        // The only dictionary of tensors, whatever it is called.
        let only = try Self.read(
            Self.dictionary(("student", Self.weights), ("ema", Self.average)))
        #expect(only.stateDictionary == "student")
        // Wrapped twice.
        let twice = try Self.read(
            Self.dictionary(("model", Self.dictionary(("state_dict", Self.weights)))))
        #expect(twice.stateDictionary == "model.state_dict" && twice.names == ["w"])
        // A flat one with values that are no tensors.
        let flat = try Self.read(Self.dictionary(("w", Self.tensor), ("version", [0x4B, 3])))
        #expect(flat.stateDictionary == nil && flat.names == ["w"])
        #expect(flat.skipped == ["'version' (an integer)"])
        // Nothing of the kind.
        for value in [Self.dictionary(("a", [0x4B, 1])), Self.optimizer, Array("]".utf8)] {
            #expect(throws: PyTorchFileError.self) { try Self.read(value) }
        }
        // The same dictionary in two places, and one in itself.
        let loop =
            Self.dictionary(("model", Self.weights)) + Array("q\u{1}".utf8)
            + PickleText.text("self") + Array("h\u{1}s".utf8)
        #expect(try Self.read(loop).stateDictionary == "model")
    }

    /// Values that people save beside weights, each as Python writes it.
    private static let harmless: [(kind: String, pickle: [UInt8])] = {
        let float64 = PickleText.join(
            .global("numpy._core.multiarray", "scalar"), .global("numpy", "dtype"), .text("f8"),
            [0x89, 0x88, 0x87, 0x52], "(", [0x4B, 3], .text("<"), "NNN",
            [0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x4B, 0], "tb",
            .global("_codecs", "encode"), .text("\u{0}"), .text("latin1"),
            [0x86, 0x52, 0x86, 0x52])
        let namespace = PickleText.join(
            .global("argparse", "Namespace"), [0x29, 0x81, 0x7D], .text("a"), [0x4B, 1], "sb")
        let counter = PickleText.join(.global("collections", "Counter"), "}", [0x85, 0x52])
        let byDefault = PickleText.join(
            .global("collections", "defaultdict"), .global("__builtin__", "dict"), [0x85, 0x52])
        let set = PickleText.join(.global("__builtin__", "set"), "](NNe", [0x85, 0x52])
        let bytes = PickleText.join(
            .global("_codecs", "encode"), .text("abc"), .text("latin1"), [0x86, 0x52])
        return [
            ("a number", Array("GAAAAAAAA".utf8)),
            ("a number", [0x8A, 9] + [UInt8](repeating: 1, count: 9)),
            ("an integer", [0x4A, 0xFB, 0xFF, 0xFF, 0xFF]), ("None", [0x4E]),
            ("a truth value", [0x88]), ("a list", Array("]".utf8)),
            ("a list", PickleText.join("](", [0x4B, 1], "Ne")), ("a list", Array("]Na".utf8)),
            ("a tuple", [0x4E, 0x4E, 0x86]),
            ("a dictionary", PickleText.join("}(", [0x4B, 1, 0x4B, 2, 0x4E, 0x4B, 3], "u")),
            ("an object", set), ("an object", bytes), ("an object", float64),
            ("an object", namespace), ("torch.Size", PickleText.global("torch", "Size")),
            ("an object", counter), ("a dictionary", byDefault), ("bytes", [0x43, 2, 1, 2]),
            ("a set", [0x8F]), ("a set", PickleText.join("(N", [0x91])),
        ]
    }()

    @Test func harmlessValuesArePassedOver() throws {
        for (kind, value) in Self.harmless {
            let file = try Self.read(Self.dictionary(("x", value), ("model", Self.weights)))
            #expect(file.names == ["w"] && file.skipped == ["'x' (\(kind))"], "\(value)")
        }
    }

    /// `torch.save(…, pickle_protocol=4)`: frames, short texts, names on the stack, a memory that counts.
    @Test func newerProtocolsAreRead() throws {
        typealias Piece = PickleText.Piece
        func short(_ text: String) -> Piece {
            Piece([0x8C, UInt8(text.utf8.count)] + Array(text.utf8) + [0x94])
        }
        func name(_ module: String, _ name: String) -> Piece {
            Piece(short(module).bytes + short(name).bytes + [0x93, 0x94])
        }
        let storage = PickleText.join(
            "(", short("storage"), name("torch", "FloatStorage"), short("0"), short("cpu"),
            [0x4B, 4], "t", [0x94], "Q")
        let tensor = PickleText.join(
            name("torch._utils", "_rebuild_tensor_v2"), "(", Piece(storage),
            [0x4B, 0, 0x4B, 4, 0x85, 0x94, 0x4B, 1, 0x85, 0x94, 0x89],
            name("collections", "OrderedDict"), ")R", [0x94], "t", [0x94], "R", [0x94])
        let body = PickleText.join("}", [0x94], "(", short("w"), Piece(tensor), "u.")
        for version in [UInt8(4), 5] {
            var pickle: [UInt8] = [0x80, version, 0x95]
            pickle.append(body.count, width: 8)
            pickle += body
            let file = try PyTorchFile(bytes: PickleText.file(pickle), path: "f")
            #expect(file["w"]?.floats() == [1, 2, 3, 4])
        }
        #expect(PickleText.error([0x80, 6] + body) != nil)
    }

    /// Names in files are anybody's; a terminal would obey their control characters.
    @Test func namesDoNotReachATerminalAsTheyAre() throws {
        let file = try Self.read(
            Self.dictionary(
                ("\u{1B}[31mx\u{202E}", [0x4E]), ("model", Self.weights),
                ("ema\u{7}", Self.average)))
        #expect(file.skipped.first == "'\\u{1B}[31mx\\u{202E}' (None)")
        #expect(file.otherDictionaries == ["ema\\u{7}"])
        let errors: [any Error] = [
            PyTorchFileError.forbiddenGlobal(path: "f", name: "a\u{1B}", offset: 0),
            PyTorchFileError.malformedTensor(path: "f", name: "\u{1B}", reason: "r\u{1B}"),
            SafetensorsError.malformedHeader(path: "f", reason: "'\u{1B}'"),
        ]
        for error in errors {
            let text = "\(error)"
            #expect(text.contains("\\u{"))
            #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }

    /// Number formats that this package does not compute with leave the others readable.
    @Test func foreignNumbersArePassedOver() throws {
        let complex = PickleText.join(
            .global("torch._utils", "_rebuild_tensor_v2"), "((", .text("storage"),
            .global("torch", "ComplexFloatStorage"), .text("7"), .text("cpu"), [0x4B, 1], "tQ",
            [0x4B, 0], .init(PickleText.tuple(1)), .init(PickleText.tuple(1)), [0x89],
            .init(PickleText.dictionary), "tR")
        let file = try Self.read(Self.dictionary(("c", complex), ("w", Self.tensor)))
        #expect(file.names == ["w"])
        #expect(file.skipped == ["'c' (a tensor of numbers of another format)"])
    }

    /// Instructions that make much of little, each repeated.
    private static let expanding: [(name: String, start: [UInt8], piece: [UInt8])] = {
        let axes = [UInt8]((0..<64).flatMap { _ in [UInt8(0x4B), 1] })
        // The arguments of a tensor of 64 axes.
        let arguments = PickleText.join(
            .global("torch._utils", "_rebuild_tensor_v2"), "q\u{1}0(",
            .init(PickleText.storage("0", count: 4)), [0x4B, 0], "(", .init(axes),
            "tq\u{3}h\u{3}", [0x89], .init(PickleText.dictionary), "tq\u{2}0")
        let pair = PickleText.join("Nq\u{1}0", .text("k"), "q\u{2}0}")
        return [
            ("tuples", [], [0x29]), ("nested tuples", [0x4E], [0x85]),
            ("dictionaries", [], Array("}".utf8)), ("lists", [], Array("]".utf8)),
            ("memory", [0x4E], [0x94]), ("marks", [], Array("(".utf8)),
            ("tensors", arguments, Array("h\u{1}h\u{2}R".utf8)),
            ("pairs", pair, Array("h\u{2}h\u{1}s".utf8)),
        ]
    }()

    /// A small file does not stand for much memory, whatever its values are.
    @Test func valuesAreBoundedByTheFile() {
        let many = 100_000
        var refused: Set<String> = []
        for (name, start, piece) in Self.expanding {
            var pickle: [UInt8] = [0x80, 2] + start
            for _ in 0..<many { pickle += piece }
            pickle += Array("N.".utf8)
            let limit = PickleMachine.limit(forByteCount: pickle.count)
            #expect(limit <= 64 * pickle.count)
            do throws(PickleProblem) {
                let heap = try PickleMachine.run(pickle).heap
                #expect(heap.byteCount <= limit, "\(name)")
            } catch {
                #expect(error.kind == .tooLarge(limit: limit), "\(name): \(error)")
                refused.insert(name)
            }
        }
        #expect(refused.isSuperset(of: ["tensors", "memory", "dictionaries", "nested tuples"]))
        // What PyTorch writes for many small tensors fits.
        var file = PyTorchFile()
        for index in 0..<3000 { file["layer.\(index)"] = .float32([1], shape: [1]) }
        #expect(throws: Never.self) { try PyTorchFile(bytes: file.encoded(), path: "f") }
    }
}

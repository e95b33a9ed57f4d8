import Foundation
import HRMData
import Testing

@testable import HRMTraining

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
    private static let optimizer = dictionary(
        (
            "state",
            Array("}(".utf8) + [0x4B, 0] + dictionary(("exp_avg", tensor)) + Array("u".utf8)
        ),
        (
            "param_groups",
            Array("](".utf8)
                + dictionary(
                    ("lr", [0x47, 0x3F, 0x50, 0x62, 0x4D, 0xD2, 0xF1, 0xA9, 0xFC]),
                    ("betas", Array("GAAAAAAAAGAAAAAAAA".utf8) + [0x86]),
                    ("params", Array("](".utf8) + [0x4B, 0, 0x4B, 1] + Array("e".utf8)))
                + Array("e".utf8)
        ))

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
    @Test(arguments: [
        ("a number", [0x47] + [UInt8](repeating: 0, count: 8)),
        ("a number", [0x8A, 9] + [UInt8](repeating: 1, count: 9)),
        ("an integer", [0x4A, 0xFB, 0xFF, 0xFF, 0xFF]), ("None", [0x4E]),
        ("a truth value", [0x88]), ("a list", Array("]".utf8)),
        ("a list", Array("](".utf8) + [0x4B, 1] + Array("Ne".utf8)),
        ("a list", Array("]Na".utf8)), ("a tuple", [0x4E, 0x4E, 0x86]),
        ("a dictionary", Array("}(".utf8) + [0x4B, 1, 0x4B, 2, 0x4E, 0x4B, 3] + Array("u".utf8)),
        // A set is made of a list, bytes of a text.
        (
            "an object",
            PickleText.global("__builtin__", "set") + Array("](NNe".utf8) + [0x85, 0x52]
        ),
        (
            "an object",
            PickleText.global("_codecs", "encode") + PickleText.text("abc")
                + PickleText.text("latin1") + [0x86, 0x52]
        ),
        // numpy.float64(1.5)
        (
            "an object",
            PickleText.global("numpy._core.multiarray", "scalar")
                + PickleText.global("numpy", "dtype") + PickleText.text("f8") + [
                    0x89, 0x88, 0x87, 0x52,
                ]
                + Array("(".utf8) + [0x4B, 3] + PickleText.text("<") + Array("NNN".utf8)
                + [0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x4A, 0xFF, 0xFF, 0xFF, 0xFF, 0x4B, 0]
                + Array("tb".utf8) + PickleText.global("_codecs", "encode")
                + PickleText.text("\u{0}") + PickleText.text("latin1") + [0x86, 0x52, 0x86, 0x52]
        ),
        // argparse.Namespace(a=1)
        (
            "an object",
            PickleText.global("argparse", "Namespace") + [0x29, 0x81, 0x7D] + PickleText.text("a")
                + [0x4B, 1] + Array("sb".utf8)
        ),
        ("torch.Size", PickleText.global("torch", "Size")),
        (
            "an object",
            PickleText.global("collections", "Counter") + Array("}".utf8) + [0x85, 0x52]
        ),
        (
            "a dictionary",
            PickleText.global("collections", "defaultdict")
                + PickleText.global("__builtin__", "dict") + [0x85, 0x52]
        ),
        ("bytes", [0x43, 2, 1, 2]), ("a set", [0x8F]), ("a set", Array("(N".utf8) + [0x91]),
    ])
    func harmlessValuesArePassedOver(_ kind: String, _ value: [UInt8]) throws {
        let file = try Self.read(Self.dictionary(("x", value), ("model", Self.weights)))
        #expect(file.names == ["w"] && file.skipped == ["'x' (\(kind))"])
    }

    /// `torch.save(…, pickle_protocol=4)`: frames, short texts, names on the stack, a memory that counts.
    @Test func newerProtocolsAreRead() throws {
        func short(_ text: String) -> [UInt8] {
            [0x8C, UInt8(text.utf8.count)] + text.utf8 + [0x94]
        }
        func name(_ module: String, _ name: String) -> [UInt8] {
            short(module) + short(name) + [0x93, 0x94]
        }
        let tensor: [UInt8] =
            name("torch._utils", "_rebuild_tensor_v2") + Array("((".utf8) + short("storage")
            + name("torch", "FloatStorage") + short("0") + short("cpu") + [0x4B, 4]
            + Array("t".utf8) + [0x94] + Array("Q".utf8) + [0x4B, 0, 0x4B, 4, 0x85, 0x94]
            + [0x4B, 1, 0x85, 0x94, 0x89] + name("collections", "OrderedDict") + Array(")R".utf8)
            + [0x94] + Array("t".utf8) + [0x94] + Array("R".utf8) + [0x94]
        let body =
            Array("}".utf8) + [0x94] + Array("(".utf8) + short("w") + tensor + Array("u.".utf8)
        for version in [UInt8(4), 5] {
            var frame: [UInt8] = [0x80, version, 0x95]
            frame.append(body.count, width: 8)
            let file = try PyTorchFile(bytes: PickleText.file(frame + body), path: "f")
            #expect(file["w"]?.floats() == [1, 2, 3, 4])
        }
        #expect(PickleText.error([0x80, 6] + body) != nil)
    }

    /// Number formats that this package does not compute with leave the others readable.
    @Test func foreignNumbersArePassedOver() throws {
        let complex =
            PickleText.global("torch._utils", "_rebuild_tensor_v2") + Array("((".utf8)
            + PickleText.text("storage") + PickleText.global("torch", "ComplexFloatStorage")
            + PickleText.text("7") + PickleText.text("cpu") + [0x4B, 1] + Array("tQ".utf8)
            + [0x4B, 0] + PickleText.tuple(1) + PickleText.tuple(1) + [0x89] + PickleText.dictionary
            + Array("tR".utf8)
        let file = try Self.read(Self.dictionary(("c", complex), ("w", Self.tensor)))
        #expect(file.names == ["w"])
        #expect(file.skipped == ["'c' (a tensor of numbers of another format)"])
    }

    /// A small file does not stand for much memory, whatever its values are.
    @Test func valuesAreBoundedByTheFile() {
        let many = 100_000
        let tensor =
            PickleText.global("torch._utils", "_rebuild_tensor_v2") + Array("q\u{1}0(".utf8)
            + PickleText.storage("0", count: 4) + [0x4B, 0] + Array("(".utf8)
            + (0..<64).flatMap { _ in [UInt8(0x4B), 1] } + Array("tq\u{3}h\u{3}".utf8) + [0x89]
            + PickleText.dictionary + Array("tq\u{2}0".utf8)
        let repeated: [(String, [UInt8], [UInt8])] = [
            ("tuples", [], [0x29]), ("nested tuples", Array("N".utf8), [0x85]),
            ("dictionaries", [], Array("}".utf8)), ("lists", [], Array("]".utf8)),
            ("memory", Array("N".utf8), [0x94]), ("marks", [], Array("(".utf8)),
            ("tensors", tensor, Array("h\u{1}h\u{2}R".utf8)),
            (
                "pairs", Array("Nq\u{1}0".utf8) + PickleText.text("k") + Array("q\u{2}0}".utf8),
                Array("h\u{2}h\u{1}s".utf8)
            ),
        ]
        for (name, start, piece) in repeated {
            let pickle = [0x80, 2] + start + (0..<many).flatMap { _ in piece }
            do {
                let (_, heap) = try PickleMachine.run(pickle + Array("N.".utf8))
                #expect(
                    heap.byteCount <= PickleMachine.limit(forByteCount: pickle.count), "\(name)")
            } catch {
                guard case .tooLarge(let limit) = error.kind else {
                    #expect(name == "marks", "\(name): \(error)")
                    continue
                }
                #expect(limit == PickleMachine.limit(forByteCount: pickle.count + 2))
            }
        }
        // What PyTorch writes for many small tensors fits.
        var file = PyTorchFile()
        for index in 0..<5000 { file["layer.\(index)"] = .float32([1], shape: [1]) }
        #expect(throws: Never.self) { try PyTorchFile(bytes: file.encoded(), path: "f") }
    }
}

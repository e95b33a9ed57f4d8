import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

@Suite struct SafetensorsFileTests {
    static var sample: SafetensorsFile {
        var file = SafetensorsFile(metadata: ["format": "pt", "a \"b\"": "line\nfeed \\ é"])
        file["weights"] = .float32([1, -2.5, .pi, 0, 0x1p-140, 3e38], shape: [2, 3])
        file["bias"] = .bfloat16([1, -2, 0.5], shape: [3])
        file["wide"] = .float64([.pi], shape: [])
        file["ids"] = .int32([7, -8], shape: [2, 1])
        file["steps"] = .int64([.max, .min], shape: [2])
        file["flags"] = .bool([true, false, true], shape: [3])
        file["tokens"] = .uint8([0, 255], shape: [1, 2])
        file["none"] = .float32([], shape: [0, 4])
        return file
    }

    /// A file with this header text and so many bytes behind it.
    static func bytes(_ header: String, payload: Int = 0) -> Data {
        let text = Array(header.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return Data(length + text + [UInt8](repeating: 1, count: payload))
    }

    static func error(_ header: String, payload: Int = 0) -> SafetensorsError? {
        #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(bytes: bytes(header, payload: payload), path: "f")
        }
    }

    @Test func roundTrip() throws {
        let read = try SafetensorsFile(bytes: Self.sample.encoded(), path: "f")
        #expect(read == Self.sample)
        #expect(
            read.names == [
                "bias", "flags", "ids", "none", "steps", "tokens", "weights", "wide",
            ])
        #expect(read["weights"]?.floats() == [1, -2.5, .pi, 0, 0x1p-140, 3e38])
        #expect(read["steps"]?.integers() == [.max, .min])
        #expect(read["wide"]?.doubles() == [.pi])
        #expect(read["wide"]?.shape == [])
        #expect(read["flags"]?.integers() == [1, 0, 1])
        #expect(read["ids"]?.floats() == [7, -8])
        #expect(read["weights"]?.integers() == nil)
        #expect(read.metadata["a \"b\""] == "line\nfeed \\ é")
    }

    @Test func bytesOfASmallFile() {
        var file = SafetensorsFile()
        file["b"] = .uint8([9], shape: [1])
        file["a"] = .float32([1], shape: [1])
        let header =
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
            + #""b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}"# + "      "
        #expect(header.utf8.count == 112)
        let expected =
            [112, 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0, 0x80, 0x3F, 9]
        #expect(Array(file.encoded()) == expected)
    }

    @Test func equalContentGivesEqualBytes() {
        let names = ["x", "y", "z", "w"]
        let encodings = [names, names.reversed()].map { order in
            var file = SafetensorsFile()
            for name in order {
                file.metadata[name] = name
                file[name] = .float32([1, 2], shape: [2])
            }
            return file.encoded()
        }
        #expect(encodings[0] == encodings[1])
        let header = encodings[0].prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(header.isMultiple(of: 8))
    }

    @Test func halvesWidenExactly() throws {
        let half: [(UInt16, Float)] = [
            (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0001, 0x1p-24), (0x83FF, -0x1.ff8p-15),
            (0x0400, 0x1p-14), (0x7C00, .infinity), (0xFC00, -.infinity), (0x8000, -0.0),
            (0x3555, 0.333251953125),
        ]
        let bytes = half.flatMap { [UInt8($0.0 & 0xFF), UInt8($0.0 >> 8)] }
        let tensor = SafetensorsTensor(
            elementType: .float16, shape: [half.count], bytes: Data(bytes))
        #expect(tensor.floats() == half.map(\.1))
        #expect(tensor.floats()[8].sign == .minus)
        #expect(tensor.doubles() == half.map { Double($0.1) })
        let nan = SafetensorsTensor(elementType: .float16, shape: [1], bytes: Data([1, 0x7E]))
        #expect(nan.floats()[0].isNaN)
    }

    @Test func bfloat16RoundsToNearestEven() {
        let cases: [(Float, UInt32)] = [
            (Float(bitPattern: 0x3F80_8000), 0x3F80), (Float(bitPattern: 0x3F81_8000), 0x3F82),
            (Float(bitPattern: 0x3F80_8001), 0x3F81), (Float(bitPattern: 0x3F80_7FFF), 0x3F80),
            (.greatestFiniteMagnitude, 0x7F80), (-.infinity, 0xFF80), (-0.0, 0x8000),
        ]
        let tensor = SafetensorsTensor.bfloat16(cases.map(\.0), shape: [cases.count])
        #expect(tensor.floats().map { $0.bitPattern >> 16 } == cases.map(\.1))
        let nan = SafetensorsTensor.bfloat16([Float(bitPattern: 0x7F80_0001)], shape: [1])
        #expect(nan.floats()[0].isNaN)
    }

    @Test func smallIntegersKeepTheirSign() {
        let short = SafetensorsTensor(
            elementType: .int16, shape: [2], bytes: Data([0xFE, 0xFF, 0x00, 0x01]))
        #expect(short.integers() == [-2, 256])
        let byte = SafetensorsTensor(elementType: .int8, shape: [2], bytes: Data([0x80, 0x7F]))
        #expect(byte.integers() == [-128, 127])
        #expect(byte.doubles() == [-128, 127])
    }

    @Test func filesAreWrittenAndMapped() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("model.safetensors")
            try Self.sample.write(to: url)
            #expect(try SafetensorsFile(contentsOf: url) == Self.sample)
            #expect(try names(in: folder) == ["model.safetensors"])
            let mapped = try SafetensorsFile(contentsOf: url)
            try SafetensorsFile().write(to: url)
            #expect(mapped == Self.sample)
            let missing = folder.appendingPathComponent("no/such.safetensors")
            #expect(
                throws: SafetensorsError.unreadable(
                    path: missing.path, reason: "No such file or directory")
            ) { try SafetensorsFile(contentsOf: missing) }
            #expect(
                throws: SafetensorsError.unwritable(
                    path: missing.path, reason: "No such file or directory")
            ) { try Self.sample.write(to: missing) }
            let empty = folder.appendingPathComponent("empty")
            try Data().write(to: empty)
            #expect(
                throws: SafetensorsError.truncated(
                    path: empty.path, expectedBytes: 8, actualBytes: 0)
            ) { try SafetensorsFile(contentsOf: empty) }
            #expect(
                throws: SafetensorsError.unreadable(
                    path: folder.path, reason: "it is a folder, not a file")
            ) { try SafetensorsFile(contentsOf: folder) }
        }
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/zero"), "there is no /dev/zero"))
    func devicesAreRefused() {
        let url = URL(fileURLWithPath: "/dev/zero")
        #expect(
            throws: SafetensorsError.unreadable(
                path: "/dev/zero", reason: "it is not a regular file")
        ) { try SafetensorsFile(contentsOf: url) }
    }
}

extension SafetensorsFileTests {
    @Test func missingTensorsAreNamed() {
        #expect(throws: SafetensorsError.missingTensor(name: "lm_head")) {
            try Self.sample.tensor("lm_head")
        }
    }

    @Test func shortFilesAreTruncated() {
        #expect(
            throws: SafetensorsError.truncated(path: "f", expectedBytes: 8, actualBytes: 7)
        ) { try SafetensorsFile(bytes: Data([1, 0, 0, 0, 0, 0, 0]), path: "f") }
        #expect(
            throws: SafetensorsError.truncated(path: "f", expectedBytes: 10, actualBytes: 8)
        ) { try SafetensorsFile(bytes: Data([2, 0, 0, 0, 0, 0, 0, 0]), path: "f") }
        let whole = Self.sample.encoded()
        #expect(
            throws: SafetensorsError.truncated(
                path: "f", expectedBytes: whole.count, actualBytes: whole.count - 1)
        ) { try SafetensorsFile(bytes: whole.dropLast(), path: "f") }
    }

    @Test(arguments: [
        Data([0, 0xE1, 0xF5, 0x06, 0, 0, 0, 0]), Data([1, 0xE1, 0xF5, 0x05, 0, 0, 0, 0]),
        Data(repeating: 0xFF, count: 8),
    ])
    func hugeHeadersAreRefused(_ bytes: Data) {
        let error = #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(bytes: bytes + Data("{}".utf8), path: "f")
        }
        guard case .malformedHeader? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test func aHeaderOfTheLargestSizeIsOnlyTruncated() {
        #expect(
            throws: SafetensorsError.truncated(
                path: "f", expectedBytes: 100_000_008, actualBytes: 10)
        ) {
            try SafetensorsFile(
                bytes: Data([0, 0xE1, 0xF5, 0x05, 0, 0, 0, 0]) + Data("{}".utf8), path: "f")
        }
    }

    @Test(arguments: [
        "", " ", "[]", "{", "{}x", "{}{}", "null", #"{"a"}"#, #"{"a":1}"#, #"{"a":{}}"#,
        #"{"a":{"dtype":"U8","shape":[]}}"#, #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":1,"shape":[],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[1,],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[1,0]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":[}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":[1,]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":nul}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"x":1-2}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"shape":[]}}"#,
        #"{"a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"#
            + #""a":{"dtype":"I8","shape":[],"data_offsets":[0,1]}}"#,
        #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"#
            + #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        #"{"__metadata__":null,"__metadata__":null}"#, #"{"__metadata__":[]}"#,
        #"{"__metadata__":{"a":null}}"#, #"{"a":null}"#,
        #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":"1","a":"2"}}"#,
        #"{"__metadata__":{},"__metadata__":{}}"#, #"{"__metadata__":"a"}"#,
        #"{"\x":{}}"#, #"{"\ud800":{}}"#, #"{"\u12":{}}"#, "{\"a\u{1}\":{}}",
    ])
    func malformedHeadersAreRefused(_ header: String) {
        let error = Self.error(header, payload: 1)
        guard case .malformedHeader("f", _)? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test func headersMustBeUTF8() {
        var bytes = Self.bytes(#"{"__metadata__":{"a":"x"}}"#)
        bytes[8 + 22] = 0xFF
        #expect(
            throws: SafetensorsError.malformedHeader(
                path: "f", reason: "a string is not UTF-8 at byte 32")
        ) { try SafetensorsFile(bytes: bytes, path: "f") }
    }

    @Test func escapesAreResolved() throws {
        let header = #"{"__metadata__":{"\u0041\n\"\/":"\ud83d\ude00\\"}}"#
        let file = try SafetensorsFile(bytes: Self.bytes(header), path: "f")
        #expect(file.metadata == ["A\n\"/": "😀\\"])
    }

    @Test func tensorsMustFitTheirBytes() {
        func entry(
            _ name: String, _ type: String, _ shape: String, _ from: Int, _ to: Int
        ) -> String {
            #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(from),\#(to)]}"#
        }
        #expect(
            Self.error("{\(entry("a", "F32", "2,3", 0, 23))}", payload: 23)
                == .byteCountMismatch(path: "f", name: "a", expected: 24, found: 23))
        #expect(
            Self.error("{\(entry("a", "F32", "4294967296,4294967296", 0, 0))}")
                == .shapeTooLarge(path: "f", name: "a", shape: [4_294_967_296, 4_294_967_296]))
        #expect(
            Self.error(
                "{\(entry("a", "U8", "4", 0, 4)),\(entry("b", "U8", "4", 2, 6))}", payload: 6)
                == .overlappingTensors(path: "f", name: "b"))
        let hole = "{\(entry("a", "U8", "4", 0, 4)),\(entry("b", "U8", "4", 5, 9))}"
        #expect(
            Self.error(hole, payload: 9)
                == .unusedBytes(path: "f", offset: 8 + hole.utf8.count + 4, count: 1))
        let rest = "{\(entry("a", "U8", "4", 0, 4))}"
        #expect(
            Self.error(rest, payload: 9)
                == .unusedBytes(path: "f", offset: 8 + rest.utf8.count + 4, count: 5))
        let huge = "{\(entry("a", "U8", "\(Int.max)", 0, Int.max))}"
        #expect(
            Self.error(huge, payload: 1)
                == .truncated(
                    path: "f", expectedBytes: .max, actualBytes: 8 + huge.utf8.count + 1))
    }

    @Test func messagesSayWhatToDo() {
        #expect(
            "\(SafetensorsError.truncated(path: "m", expectedBytes: 9, actualBytes: 3))"
                == "m is truncated: it has 3 bytes where 9 are needed; copy or write the file again"
        )
    }
}

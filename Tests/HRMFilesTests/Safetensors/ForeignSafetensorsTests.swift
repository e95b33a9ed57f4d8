import Foundation
import Testing
import _HRMTestSupport

@testable import HRMFiles

/// Files as other programs write them; each line of the table at ``SafetensorsFile``.
@Suite struct ForeignSafetensorsTests {
    private static func read(_ header: String, _ payload: [UInt8]) throws -> SafetensorsFile {
        let text = Array(header.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return try SafetensorsFile(bytes: Data(length + text + payload), path: "f")
    }

    private static let entry = #"{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#

    /// The very bytes that `mlx.core.save_safetensors` (MLX 0.32) writes without metadata: `null`, a
    /// header of 113 bytes, and a float32 at an odd place.
    @Test func filesOfMLX() throws {
        let header =
            #"{"__metadata__":null,"a":{"data_offsets":[3,7],"dtype":"F32","shape":[1]},"#
            + #""b":{"data_offsets":[0,3],"dtype":"U8","shape":[3]}}"#
        #expect(!header.utf8.count.isMultiple(of: 4))
        let file = try Self.read(header, [1, 2, 3, 0, 0, 0xC0, 0x3F])
        #expect(file.metadata.isEmpty && file.names == ["a", "b"])
        #expect(file["a"]?.floats() == [1.5] && file["b"]?.integers() == [1, 2, 3])
        #expect(try SafetensorsFile(bytes: file.encoded(), path: "again") == file)
    }

    @Test(arguments: [
        #"{"a":ENTRY,"__metadata__":null}"#, " \n{\"a\":ENTRY}", "{\"a\":ENTRY} \n\t",
        #"{"a":{"dtype":"U8","x":{"y":[1,-2.5e3,null,true,"]"],"z":{}},"shape":[1],"data_offsets":[0,1]}}"#,
        #"{"a":{"":[[],[[]]],"dtype":"U8","shape":[1],"data_offsets":[0,1],"note":"n"}}"#,
        #"{"a":ENTRY,"a":ENTRY}"#, #"{"a":ENTRY,"\u0061":ENTRY,"a":ENTRY}"#,
        #"{"__metadata__":{"k":"v","k":"v"},"a":ENTRY}"#,
    ])
    func acceptedHeaders(_ header: String) throws {
        let file = try Self.read(
            header.replacingOccurrences(of: "ENTRY", with: Self.entry), [9])
        #expect(file.names == ["a"] && file["a"]?.integers() == [9])
    }

    @Test func boundsOfTheHeader() throws {
        func refusal(_ header: String) -> String {
            do {
                _ = try Self.read(header, [])
                return ""
            } catch {
                return "\(error)"
            }
        }
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(
            refusal(#"{"a":{"x":\#(deep)}}"#).contains("nested too deeply"))
        let axes = Array(repeating: "1", count: 65).joined(separator: ",")
        #expect(
            refusal(#"{"a":{"dtype":"U8","shape":[\#(axes)],"data_offsets":[0,1]}}"#)
                .contains("at most 64 numbers expected"))
        func metadata(_ count: Int) -> String {
            let pairs = (0..<count).map { "\"\($0)\":\"\"" }.joined(separator: ",")
            return #"{"__metadata__":{\#(pairs)}}"#
        }
        #expect(refusal(metadata(1000)).isEmpty)
        #expect(refusal(metadata(65_537)).contains("more than 65536 metadata"))
    }

    /// Number formats of the package, with values at the edges.
    @Test func numberFormats() throws {
        func tensor(_ type: String, _ bytes: [UInt8], count: Int) throws -> SafetensorsTensor {
            let file = try Self.read(
                #"{"a":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(bytes.count)]}}"#,
                bytes)
            return try file.tensor("a")
        }
        #expect(try tensor("U16", [1, 0, 0xFF, 0xFF], count: 2).integers() == [1, 65535])
        let wide = try tensor("U32", [1, 0, 0, 0x80], count: 1)
        #expect(wide.integers() == [2_147_483_649] && wide.doubles() == [2_147_483_649])
        let widest = try tensor("U64", [1, 0, 0, 0, 0, 0, 0, 0x80], count: 1)
        #expect(widest.integers() == nil && widest.doubles() == [0x1p63])
        #expect(try tensor("U64", [7, 0, 0, 0, 0, 0, 0, 0], count: 1).integers() == [7])
        // As ml_dtypes.float8_e4m3fn and float8_e5m2 convert them.
        let small = try tensor(
            "F8_E4M3", [0x00, 0x01, 0x07, 0x08, 0x38, 0x3C, 0x7E, 0xFE, 0x80, 0x7F], count: 10)
        #expect(
            small.floats().prefix(9) == [0, 0x1p-9, 0x1.Cp-7, 0x1p-6, 1, 1.5, 448, -448, 0])
        #expect(small.floats()[9].isNaN && small.floats()[8].sign == .minus)
        #expect(small.integers() == nil && small.elementType.isFloatingPoint)
        let coarse = try tensor(
            "F8_E5M2", [0x00, 0x01, 0x3C, 0xC1, 0x7B, 0x7C, 0x7E], count: 7)
        #expect(
            coarse.floats().prefix(6) == [0, 0x1p-16, 1, -2.5, 57344, .infinity])
        #expect(coarse.doubles()[6].isNaN)
    }

    /// A tensor of a format without meaning here keeps its bytes and leaves the others readable.
    @Test(arguments: [
        ("C64", [2], 16), ("F4", [3], 2), ("F6_E2M3", [4], 3), ("F8_E8M0", [2], 2),
        ("F8_E4M3FNUZ", [1], 1), ("I4", [2], 1), ("X \"new\"", [0, 5], 7),
    ])
    func foreignFormatsAreKept(_ type: String, _ shape: [Int], _ count: Int) throws {
        let name = type.replacingOccurrences(of: "\"", with: "\\\"")
        let extents = shape.map(String.init).joined(separator: ",")
        let header =
            #"{"x":{"dtype":"\#(name)","shape":[\#(extents)],"data_offsets":[0,\#(count)]},"#
            + #""w":{"dtype":"F32","shape":[1],"data_offsets":[\#(count),\#(count + 4)]}}"#
        let bytes = (0..<UInt8(count)).map { $0 &* 31 }
        let file = try Self.read(header, bytes + [0, 0, 0x80, 0x3F])
        #expect(file.names == ["w"] && file["w"]?.floats() == [1] && file["x"] == nil)
        #expect(
            file.foreignTensors["x"]
                == ForeignTensor(elementType: type, shape: shape, bytes: Data(bytes)))
        #expect {
            try file.tensor("x")
        } throws: { "\($0)".contains("'x'") && "\($0)".contains(type) }
        // What is written holds it, too.
        #expect(try SafetensorsFile(bytes: file.encoded(), path: "again") == file)
        var replaced = file
        replaced["x"] = .uint8([1], shape: [1])
        #expect(replaced.foreignTensors.isEmpty)
    }
}

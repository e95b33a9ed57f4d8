import Foundation
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

/// Tensors in mapped memory against those that are read.
@Suite struct MappedTensorsTests {
    @Test func weightsOfEveryNumberFormatAreRead() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            let values: [Float] = [1, -2, 0.5, 3, 4, -8]
            var file = SafetensorsFile()
            file["a"] = .float32(values, shape: [2, 3])
            file["b"] = .bfloat16(values, shape: [3, 2])
            file["c"] = .float64(values.map(Double.init), shape: [2, 3])
            file["d"] = .int32([1, 2, 3, 4, 5, 6], shape: [2, 3])
            file["e"] = .float32(values, shape: [6])
            try file.write(to: url)
            let mapped = try MappedTensors(contentsOf: url)
            for (name, shape) in [("a", [2, 3]), ("b", [3, 2]), ("c", [2, 3])] {
                let weight = try #require(mapped.weight(name))
                #expect([weight.outputs, weight.inputs] == shape)
                let matrix = Matrix(rows: shape[0], columns: shape[1])
                for row in 0..<shape[0] { weight.read(row: row, into: matrix, row: row) }
                #expect(matrix.values == values, "\(name)")
                #expect(mapped.floats(name) == values)
            }
            #expect(mapped.weight("d") == nil && mapped.floats("d") == nil)
            #expect(mapped.weight("e") == nil && mapped.floats("e") == values)
            #expect(mapped.weight("f") == nil && mapped.floats("f") == nil)
            #expect(mapped.entries["b"]?.shape == [3, 2])
        }
    }

    @Test func tensorsThatAreNotAlignedAreCopied() throws {
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("a.safetensors")
            var file = SafetensorsFile()
            file["a"] = .float32([1, 2], shape: [1, 2])
            var bytes = Array(file.encoded())
            let length = Int(bytes[0]) + Int(bytes[1]) << 8
            // One more space at the end of the header moves the numbers by a byte.
            bytes.insert(0x20, at: 8 + length)
            bytes[0] = UInt8((length + 1) & 0xFF)
            bytes[1] = UInt8((length + 1) >> 8)
            try Data(bytes).write(to: url)
            let weight = try #require(try MappedTensors(contentsOf: url).weight("a"))
            let matrix = Matrix(rows: 1, columns: 2)
            weight.read(row: 0, into: matrix, row: 0)
            #expect(matrix.values == [1, 2])
        }
    }

    @Test func filesThatCannotBeMappedAreRefused() throws {
        try withScratchFolder { folder in
            for content in [[], [1, 2, 3], [UInt8](repeating: 0xFF, count: 20)] {
                let url = folder.appendingPathComponent("bad")
                try Data(content).write(to: url)
                #expect(throws: SafetensorsError.self) { try MappedTensors(contentsOf: url) }
            }
            #expect(throws: SafetensorsError.self) { try MappedTensors(contentsOf: folder) }
            #expect(throws: SafetensorsError.self) {
                try MappedTensors(contentsOf: folder.appendingPathComponent("missing"))
            }
        }
    }
}

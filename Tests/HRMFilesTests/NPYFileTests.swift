import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

@Suite struct NPYFileTests {
    /// Returns the bytes written by numpy.save: version, header length, header, elements.
    static func numpyBytes(_ dictionary: String, elements: [UInt8]) -> [UInt8] {
        var text = dictionary
        while text.utf8.count < 117 { text += " " }
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array((text + "\n").utf8) + elements
    }

    static let samples: [(bytes: [UInt8], file: NPYFile)] = [
        (
            numpyBytes(
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }",
                elements: [0, 1, 2, 3, 4, 250]),
            NPYFile(
                elementType: .uint8, shape: [2, 3],
                values: CompactIntegers([UInt8](arrayLiteral: 0, 1, 2, 3, 4, 250)))
        ),
        (
            numpyBytes(
                "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }",
                elements: [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x70, 0x11, 1, 0]),
            NPYFile(
                elementType: .int32, shape: [3],
                values: CompactIntegers([Int32](arrayLiteral: 0, -1, 70000)))
        ),
        (
            numpyBytes(
                "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1), }",
                elements: [2, 0, 0, 0, 0, 0, 0, 0]),
            NPYFile(
                elementType: .int64, shape: [1, 1],
                values: CompactIntegers([UInt8](arrayLiteral: 2)))
        ),
        (
            numpyBytes(
                "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", elements: [1, 0]),
            NPYFile(
                elementType: .bool, shape: [2], values: CompactIntegers([UInt8](arrayLiteral: 1, 0))
            )
        ),
    ]

    @Test(arguments: samples.indices)
    func readsAndWritesNumpysBytes(_ index: Int) throws {
        let sample = Self.samples[index]
        #expect(try NPYFile(bytes: sample.bytes, name: "sample") == sample.file)
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("a.npy")
            try sample.file.write(to: url)
            #expect(try Array(Data(contentsOf: url)) == sample.bytes)
            #expect(try NPYFile(contentsOf: url) == sample.file)
            try sample.file.write(to: url)
            #expect(try names(in: folder) == ["a.npy"])
        }
    }

    @Test func headersFillUpTo64Bytes() {
        // Lengths as in numpy, with room for the first extent to grow to 21 digits.
        let shapes: [([Int], Int)] = [
            ([], 128), ([0], 128), ([9_999_999_999, 81], 128), ([3, 4, 5, 6, 7, 8, 9], 128),
            (Array(repeating: 123456, count: 12), 192),
        ]
        for (shape, length) in shapes {
            let bytes = NPYHeader(elementType: .int32, shape: shape).bytes
            #expect(bytes.count == length, "\(shape)")
            #expect(bytes.last == 0x0A)
            #expect(Int(bytes[8]) + 256 * Int(bytes[9]) == length - 10)
        }
    }

    @Test func readsLaterVersionsAndOtherSpellings() throws {
        let text = "{ \"shape\":( 2 ,1,),\n 'fortran_order' : False, 'descr':'|u1'}"
        for version: UInt8 in [2, 3] {
            let bytes =
                [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(text.utf8.count), 0, 0, 0]
                + Array(text.utf8) + [7, 8]
            let file = try NPYFile(bytes: bytes, name: "later")
            #expect(file.header == NPYHeader(elementType: .uint8, shape: [2, 1]))
            #expect(file.values == CompactIntegers([UInt8](arrayLiteral: 7, 8)))
        }
    }

    @Test func readsAnEmptyArray() throws {
        let bytes = Self.numpyBytes(
            "{'descr': '<i8', 'fortran_order': False, 'shape': (0, 81), }", elements: [])
        #expect(try NPYFile(bytes: bytes, name: "empty").values.count == 0)
    }

    @Test func widensWhenAValueDoesNotFitInAByte() throws {
        let bytes = Self.numpyBytes(
            "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
            elements: [5, 0, 0, 0, 0, 0, 0, 0] + Array(repeating: 0xFF, count: 8)
                + [0, 1, 0, 0, 0, 0, 0, 0])
        let values = try NPYFile(bytes: bytes, name: "wide").values
        #expect((0..<3).map { values[$0] } == [5, -1, 256])
    }

    static let damaged: [(dictionary: String, elements: [UInt8], error: NPYError)] = [
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0],
            .unsupportedElementType(path: "f", found: "'<f4'")
        ),
        (
            "{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0],
            .unsupportedElementType(path: "f", found: "'>i4'")
        ),
        (
            "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0],
            .unsupportedElementType(path: "f", found: "a record")
        ),
        (
            "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 1), }", [0],
            .fortranOrder(path: "f")
        ),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", [0, 1],
            .truncated(path: "f", expectedBytes: 131, actualBytes: 130)
        ),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", [0, 1],
            .trailingBytes(path: "f", expectedBytes: 129, actualBytes: 130)
        ),
        (
            "{'descr': '<i8', 'fortran_order': False, 'shape': (4611686018427387904, 8), }", [],
            .truncated(path: "f", expectedBytes: .max, actualBytes: 128)
        ),
        (
            "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0, 1, 0, 0, 0],
            .valueOutOfRange(path: "f", index: 0, value: 1 << 32)
        ),
        (
            "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", [1, 2],
            .valueOutOfRange(path: "f", index: 1, value: 2)
        ),
        (
            "{'descr': '|u1', 'fortran_order': False}", [],
            .malformedHeader(
                path: "f", reason: "'descr', 'fortran_order' or 'shape' is missing")
        ),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (5), }", [0],
            .malformedHeader(path: "f", reason: "'shape' is not a tuple of sizes")
        ),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", [0],
            .malformedHeader(path: "f", reason: "'shape' is not a tuple of sizes")
        ),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'x': 1}", [0],
            .malformedHeader(path: "f", reason: "the key 'x' is unknown")
        ),
        ("[]", [], .malformedHeader(path: "f", reason: "it does not begin with '{'")),
    ]

    @Test(arguments: damaged.indices)
    func refuses(_ index: Int) {
        let sample = Self.damaged[index]
        let bytes = Self.numpyBytes(sample.dictionary, elements: sample.elements)
        #expect(throws: sample.error) { try NPYFile(bytes: bytes, name: "f") }
    }

    @Test func refusesOtherFiles() throws {
        #expect(throws: NPYError.notNPY(path: "f")) { try NPYFile(bytes: [], name: "f") }
        #expect(throws: NPYError.notNPY(path: "f")) {
            try NPYFile(bytes: Array("source,question".utf8), name: "f")
        }
        var bytes = Self.samples[0].bytes
        bytes[6] = 4
        #expect(throws: NPYError.unsupportedVersion(path: "f", major: 4, minor: 0)) {
            try NPYFile(bytes: bytes, name: "f")
        }
        bytes[6] = 2
        #expect(throws: NPYError.self) { try NPYFile(bytes: bytes, name: "f") }
        try withScratchFolder { folder in
            #expect(throws: NPYError.self) { try NPYFile(contentsOf: folder) }
            let missing = folder.appendingPathComponent("missing.npy")
            #expect {
                try NPYFile(contentsOf: missing)
            } throws: { error in
                guard case .unreadable(let path, let reason)? = error as? NPYError else {
                    return false
                }
                return path == missing.path && !reason.isEmpty
            }
        }
    }

    @Test(arguments: samples.indices)
    func refusesEveryTruncation(_ index: Int) {
        let bytes = Self.samples[index].bytes
        for count in 0..<bytes.count {
            #expect(throws: NPYError.self, "\(count) bytes") {
                try NPYFile(bytes: Array(bytes.prefix(count)), name: "f")
            }
        }
    }

    /// Damaged files must neither crash the reader nor be read as larger than they are.
    @Test func survivesMutation() {
        let series = Mutations(
            "npy", count: 4000, seed: 20_260_101, telling: "0123456789(),'{}: <|".utf8)
        series.run(on: Self.samples.prefix(4).map(\.bytes), prefix: 100) { round in
            guard let file = try? NPYFile(bytes: round.bytes, name: "mutant") else { return false }
            #expect(file.values.count <= round.bytes.count, "\(round.description)")
            #expect(
                file.header.shape.reduce(1, *) == file.values.count, "\(round.description)")
            return true
        }
    }
}

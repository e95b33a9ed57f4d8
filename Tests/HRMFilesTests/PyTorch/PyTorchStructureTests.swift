import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles

/// Archives and pickles whose fields and instructions are changed one by one.
///
/// Stated bound: values of a pickle take at most ``PickleMachine/limit(forByteCount:)`` bytes, and tensors
/// at most eight times the file.
@Suite struct PyTorchStructureTests {
    private static func file() -> PyTorchFile {
        var file = PyTorchFile()
        file["model.inner.w"] = .float32([1, 2, 3, 4, 5, 6], shape: [2, 3])
        file["model.inner.h"] = .bfloat16([1, -2], shape: [2])
        file["model.inner.u"] = SafetensorsTensor(
            elementType: .uint16, shape: [2], bytes: Data([1, 0, 2, 0]))
        return file
    }

    private static func read(_ bytes: Data, _ comment: Comment) -> Bool {
        let file: PyTorchFile
        do {
            file = try PyTorchFile(bytes: bytes, path: "mutated")
        } catch {
            #expect(!error.description.isEmpty, comment)
            return false
        }
        let total = file.names.reduce(0) { $0 + (file[$1]?.bytes.count ?? 0) }
        #expect(total <= PyTorchFile.largestGrowth * bytes.count, comment)
        return true
    }

    private static func edges(_ value: Int, _ count: Int) -> [Int] {
        [
            0, 1, value - 1, value + 1, 2 * value, count, count - value, 0xFFFF, 0x7FFF_FFFF,
            0xFFFF_FFFF, Int.max, -1,
        ]
    }

    // MARK: Archives

    /// Where the records of an archive begin, and the fields of each: offset and width.
    private static func fields(_ bytes: [UInt8]) -> [(place: Int, width: Int)] {
        let local = [(4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2), (30, 1)]
        let central = [
            (4, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (34, 2),
            (42, 4), (46, 1), (50, 1),
        ]
        let end = [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]
        let wideEnd = [(4, 8), (24, 8), (32, 8), (40, 8), (48, 8)]
        let records: [([UInt8], [(Int, Int)])] = [
            ([0x50, 0x4B, 3, 4], local), ([0x50, 0x4B, 1, 2], central), ([0x50, 0x4B, 5, 6], end),
            ([0x50, 0x4B, 6, 6], wideEnd), ([0x50, 0x4B, 6, 7], [(4, 4), (8, 8), (16, 4)]),
        ]
        var result: [(place: Int, width: Int)] = []
        for start in bytes.indices.dropLast(4)
        where bytes[start] == 0x50 && bytes[start + 1] == 0x4B {
            for (signature, fields) in records where bytes[start...].starts(with: signature) {
                result.append((start, 4))
                result += fields.map { (start + $0.0, $0.1) }
            }
        }
        return result
    }

    private static func number(_ bytes: [UInt8], _ field: (place: Int, width: Int)) -> Int {
        let end = min(bytes.count, field.place + field.width)
        return bytes[field.place..<end].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func set(
        _ value: Int, _ field: (place: Int, width: Int), in bytes: inout [UInt8]
    ) {
        for byte in 0..<field.width where field.place + byte < bytes.count {
            bytes[field.place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
        }
    }

    @Test func survivesMutationOfTheTable() {
        var writer = ZipWriter()
        writer.largestPlain = 0
        let originals = [
            Array(Self.file().encoded(folder: "a")),
            Array(Data(Self.file().pieces(folder: "a", with: writer).joined())),
        ]
        let places = originals.map(Self.fields)
        let series = Mutations("zip fields", count: 3000, seed: 62, telling: [])
        print("\(series.name): \(series.count) mutations, seed \(series.seed)")
        var readable = 0
        for round in 0..<series.count {
            var generator = SeededGenerator(seed: series.seed, stream: UInt64(round))
            let original = Int.random(in: 0..<originals.count, using: &generator)
            var bytes = originals[original]
            for _ in 0..<([1, 1, 2, 3].randomElement(using: &generator) ?? 1) {
                guard let field = places[original].randomElement(using: &generator) else { break }
                let old = Self.number(bytes, field)
                // A number at an edge, or what another field of that width says.
                let same = places[original].filter { $0.width == field.width }
                let others = same.randomElement(using: &generator).map { [Self.number(bytes, $0)] }
                let values = Self.edges(old, bytes.count) + (others ?? [])
                Self.set(values.randomElement(using: &generator) ?? 0, field, in: &bytes)
            }
            let comment: Comment = "\(series.name), seed \(series.seed), round \(round)"
            if Self.read(Data(bytes), comment) { readable += 1 }
        }
        print("\(series.name): of \(series.count) mutated files, \(readable) could be read")
        #expect(readable > series.count / 50 && readable < series.count * 9 / 10)
    }

    // MARK: Pickles

    /// The instructions of a pickle, each with its argument.
    private static func instructions(_ pickle: [UInt8]) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var position = 0
        while position < pickle.count {
            let rest = pickle[position...]
            func number(_ width: Int) -> Int {
                Self.number(pickle, (position + 1, width))
            }
            let length: Int
            switch PickleOpcode(rawValue: pickle[position]) {
            case .proto, .binInt1, .binPut, .binGet: length = 2
            case .binInt2: length = 3
            case .binInt, .longBinPut, .longBinGet: length = 5
            case .binFloat: length = 9
            case .long1: length = 2 + number(1)
            case .binUnicode: length = 5 + number(4)
            case .global:
                let lines = rest.indices.filter { pickle[$0] == 0x0A }.prefix(2)
                length = (lines.last ?? position) + 1 - position
            default: length = 1
            }
            result.append(rest.prefix(max(1, length)))
            position += max(1, length)
        }
        return result
    }

    private static func damage(
        _ list: inout [ArraySlice<UInt8>], using generator: inout SeededGenerator
    ) {
        guard !list.isEmpty else { return }
        let place = Int.random(in: 0..<list.count, using: &generator)
        let other = Int.random(in: 0..<list.count, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: list.remove(at: place)
        case 1: list.insert(list[other], at: place)
        case 2: list.swapAt(place, other)
        case 3: list[place] = list[other]
        case 4:
            list.insert(
                contentsOf: list[min(place, other)...max(place, other)].prefix(40), at: place)
        case 5:
            let values = edges(Int.random(in: 0..<8, using: &generator), 64)
            var bytes: [UInt8] = [PickleOpcode.long1.rawValue, 8]
            bytes.append(values.randomElement(using: &generator) ?? 0, width: 8)
            list[place] = bytes[...]
        case 6:
            let codes = UInt8.min...UInt8.max
            let known = codes.compactMap { PickleOpcode(rawValue: $0)?.rawValue }
            list.insert([known.randomElement(using: &generator) ?? 0], at: place)
        default:
            // The argument alone.
            guard list[place].count > 1 else { return }
            var bytes = Array(list[place])
            bytes[Int.random(in: 1..<bytes.count, using: &generator)] = UInt8.random(
                in: .min ... .max, using: &generator)
            list[place] = bytes[...]
        }
    }

    @Test func survivesMutationOfInstructions() throws {
        let archive = try ZipArchive(Self.file().encoded(folder: "a"))
        let contents = try archive.entries.map { ($0.name, try archive.content(of: $0)) }
        let inner = Array(contents[0].1)
        let wrapped = PickleText.program(
            Array("}(".utf8), PickleText.text("step"), [0x4B, 7], PickleText.text("losses"),
            Array("](GAAAAAAAANe".utf8),
            PickleText.text("model"), Array(inner.dropFirst(2).dropLast()), Array("u".utf8))
        let originals = [inner, wrapped].map(Self.instructions)
        let series = Mutations("pickle instructions", count: 3000, seed: 63, telling: [])
        print("\(series.name): \(series.count) mutations, seed \(series.seed)")
        var readable = 0
        for round in 0..<series.count {
            var generator = SeededGenerator(seed: series.seed, stream: UInt64(round))
            var list = originals[Int.random(in: 0..<originals.count, using: &generator)]
            for _ in 0..<([1, 1, 2, 4].randomElement(using: &generator) ?? 1) {
                Self.damage(&list, using: &generator)
            }
            let pickle = list.flatMap { $0 }
            let comment: Comment = "\(series.name), seed \(series.seed), round \(round)"
            if let (_, heap) = try? PickleMachine.run(pickle) {
                #expect(heap.byteCount <= PickleMachine.limit(forByteCount: pickle.count), comment)
            }
            var writer = ZipWriter()
            for (index, entry) in contents.enumerated() {
                writer.append(entry.0, index == 0 ? Data(pickle) : entry.1)
            }
            if Self.read(writer.archive, comment) { readable += 1 }
        }
        print("\(series.name): of \(series.count) mutated files, \(readable) could be read")
        #expect(readable > series.count / 50 && readable < series.count * 9 / 10)
    }
}

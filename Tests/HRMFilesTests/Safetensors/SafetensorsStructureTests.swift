import Foundation
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMFiles

/// Headers whose fields are changed one by one: names, types, extents, places, metadata, lengths.
///
/// Random bytes mostly break the JSON; these files are well-formed and lie.
@Suite struct SafetensorsStructureTests {
    /// The members of a header as text, so that each can become anything.
    private struct Header {
        typealias Member = (key: String, value: String)

        var metadata: [(key: String, value: String)] = [
            ("\"format\"", "\"pt\""), ("\"note\"", "\"a \\\"b\\\"\""),
        ]
        var metadataText: String?
        var entries: [[(key: String, value: String)]] = []
        var names: [String] = []
        var lengthChange = 0
        var padding = 3

        init() {
            add("\"w\"", "F32", [2, 3], 0, 24)
            add("\"b\"", "BF16", [3], 24, 30)
            add("\"n\"", "I64", [], 30, 38)
            add("\"x\"", "F4", [4], 38, 40)
        }

        private mutating func add(
            _ name: String, _ type: String, _ shape: [Int], _ begin: Int, _ end: Int
        ) {
            names.append(name)
            entries.append([
                ("\"dtype\"", "\"\(type)\""), ("\"shape\"", "\(shape)"),
                ("\"data_offsets\"", "[\(begin),\(end)]"),
            ])
        }

        func bytes(payload: Int) -> Data {
            func object(_ members: [Member]) -> String {
                "{" + members.map { "\($0.key):\($0.value)" }.joined(separator: ",") + "}"
            }
            let members =
                [Member(key: "\"__metadata__\"", value: metadataText ?? object(metadata))]
                + zip(names, entries).map { Member(key: $0, value: object($1)) }
            let text = Array(object(members).utf8) + [UInt8](repeating: 0x20, count: padding)
            var result: [UInt8] = []
            result.append(text.count + lengthChange, width: 8)
            return Data(result + text + [UInt8](repeating: 0x3F, count: payload))
        }
    }

    private static let numbers = [
        "0", "1", "2", "4", "23", "24", "30", "38", "40", "41", "-1", "1.0", "1e3", "4294967296",
        "9223372036854775807", "18446744073709551616", "null", "\"4\"", "[]", "{}",
    ]
    private static let texts = [
        "\"\"", "\"w\"", "\"b\"", "\"\\u0077\"", "\"__metadata__\"", "\"F32\"", "\"F16\"", "\"U8\"",
        "\"F6_E2M3\"", "\"C64\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"a\\nb\"", "\"\\u0000\"",
        "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"é\"", "null", "1", "{}",
    ]

    private static func damage(
        _ header: inout Header, _ payload: inout Int, using g: inout SeededGenerator
    ) {
        let entry = Int.random(in: 0..<header.entries.count, using: &g)
        let text = texts.randomElement(using: &g) ?? ""
        let number = numbers.randomElement(using: &g) ?? ""
        switch Int.random(in: 0..<16, using: &g) {
        case 0: header.names[entry] = text
        case 1:
            header.names.append(header.names[entry])
            header.entries.append(header.entries[entry])
        case 2:
            header.names.remove(at: entry)
            header.entries.remove(at: entry)
        case 3: header.names.swapAt(0, entry)
        case 4, 5:
            // One of the numbers of a member.
            guard !header.entries[entry].isEmpty else { return }
            let member = Int.random(in: 0..<header.entries[entry].count, using: &g)
            let old = header.entries[entry][member].value
            var parts = old.split(omittingEmptySubsequences: false) { "[,] ".contains($0) }
            let places = parts.indices.filter { !parts[$0].isEmpty }
            if let place = places.randomElement(using: &g) { parts[place] = number[...] }
            header.entries[entry][member].value =
                "[" + parts.filter { !$0.isEmpty }.joined(separator: ",") + "]"
        case 6: header.entries[entry].append((key: text, value: number))
        case 7:
            let member = header.entries[entry].indices.randomElement(using: &g)
            if let member { header.entries[entry][member].value = text }
        case 8:
            let member = header.entries[entry].indices.randomElement(using: &g)
            if let member { header.entries[entry].remove(at: member) }
        case 9:
            let member = header.entries[entry].randomElement(using: &g)
            if let member { header.entries[entry].append(member) }
        case 10: header.metadataText = (texts + numbers).randomElement(using: &g)
        case 11: header.metadata.append((key: text, value: texts.randomElement(using: &g) ?? ""))
        case 12: header.lengthChange += [-1, 1, 8, 1 << 20].randomElement(using: &g) ?? 0
        case 13: payload += [-1, 1, 8].randomElement(using: &g) ?? 0
        case 14: header.padding = Int.random(in: 0..<20, using: &g)
        default: header.entries.shuffle(using: &g)
        }
    }

    @Test func survivesMutationOfFields() throws {
        let series = Mutations("safetensors fields", count: 3000, seed: 61, telling: [])
        print("\(series.name): \(series.count) mutations, seed \(series.seed)")
        var readable = 0
        for round in 0..<series.count {
            var generator = SeededGenerator(seed: series.seed, stream: UInt64(round))
            var (header, payload) = (Header(), 40)
            for _ in 0..<([1, 1, 1, 2, 3].randomElement(using: &generator) ?? 1)
            where !header.entries.isEmpty {
                Self.damage(&header, &payload, using: &generator)
            }
            let bytes = header.bytes(payload: max(0, payload))
            let comment: Comment = "\(series.name), seed \(series.seed), round \(round)"
            let file: SafetensorsFile
            do {
                file = try SafetensorsFile(bytes: bytes, path: "mutated")
            } catch {
                #expect(!error.description.isEmpty, comment)
                continue
            }
            readable += 1
            var total = 0
            for name in file.names {
                let tensor = try #require(file[name])
                total += tensor.bytes.count
                #expect(tensor.floats().count == tensor.shape.reduce(1, *), comment)
            }
            for tensor in file.foreignTensors.values { total += tensor.bytes.count }
            // Every byte behind the header belongs to one tensor.
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            #expect(total == bytes.count - 8 - length, comment)
            #expect(try SafetensorsFile(bytes: file.encoded(), path: "again") == file, comment)
        }
        print("\(series.name): of \(series.count) mutated files, \(readable) could be read")
        #expect(readable > series.count / 20 && readable < series.count * 4 / 5)
    }
}

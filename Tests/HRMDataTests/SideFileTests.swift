import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

/// The small JSON files of data folders, with values replaced one at a time and several at once.
@Suite struct SideFileTests {
    /// A value of a JSON document that keeps the order of members and can have duplicates.
    indirect enum Document {
        case object([(name: String, value: Document)])
        case list([Document])
        case leaf(String)

        init(_ value: Any) throws {
            switch value {
            case let object as [String: Any]:
                self = .object(
                    try object.sorted { $0.key < $1.key }.map { ($0.key, try Document($0.value)) })
            case let list as [Any]: self = .list(try list.map { try Document($0) })
            default:
                let data = try JSONSerialization.data(
                    withJSONObject: value, options: .fragmentsAllowed)
                self = .leaf(String(decoding: data, as: UTF8.self))
            }
        }

        var text: String {
            switch self {
            case .object(let members):
                "{" + members.map { "\"\($0.name)\":\($0.value.text)" }.joined(separator: ",") + "}"
            case .list(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
            case .leaf(let text): text
            }
        }

        /// The number of values, including this one.
        var count: Int {
            switch self {
            case .object(let members): members.reduce(1) { $0 + $1.value.count }
            case .list(let values): values.reduce(1) { $0 + $1.count }
            case .leaf: 1
            }
        }

        /// Returns the document with one value replaced, counted in the order of the text.
        func replacing(_ number: Int, by change: (Document) -> Document) -> Document {
            if number == 0 { return change(self) }
            var rest = number - 1
            func step(_ value: Document) -> Document {
                defer { rest -= value.count }
                return (0..<value.count).contains(rest) ? value.replacing(rest, by: change) : value
            }
            return switch self {
            case .object(let members): .object(members.map { ($0.name, step($0.value)) })
            case .list(let values): .list(values.map(step))
            case .leaf: self
            }
        }

        /// Returns the document with structural damage as by a text editor.
        func damaged(_ kind: Int) -> Document {
            switch (self, kind) {
            case (.object(let members), 0): .object(members + members.suffix(1))
            case (.object(let members), 1): .object(Array(members.dropFirst()))
            case (.object(let members), 2): .object(members.reversed())
            case (.list(let values), 0): .list(values + values)
            case (.list(let values), 1): .list(Array(values.dropLast()))
            case (.list(let values), 2): .list(Array(repeating: .list(values), count: 3))
            default: .list([self])
            }
        }
    }

    static let edges = [
        "0", "-1", "1", "2", "31", "255", "256", "65536", "16777217", "2147483647", "2147483648",
        "-2147483649", "4294967296", "9007199254740993", "4611686018427387904",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "99999999999999999999", "1e300", "-1e300", "1e400", "0.5", "-0", "null", "true", "\"\"",
        "\"x\"", "\"\\u001b[31m\"", "\"../x\"", "\"\\ud800\"", "[]", "{}", "[[]]", "[null]",
    ]

    /// Writes a folder of two custom puzzles with names, and one of ARC tasks.
    static func writeSamples(_ folder: URL) throws {
        var random = SeededGenerator(seed: 3)
        let cells = { (row: [UInt8]) in PuzzleGrid(rows: 1, columns: 3, cells: row) }
        let pairs = ["a", "b"].map {
            GridPair(input: cells([0, 1, 2]), output: cells([2, 1, 0]), task: $0)
        }
        _ = try GridDatasetBuilder().build(
            GridSplits(train: pairs, test: pairs), output: folder.appendingPathComponent("grid"),
            using: &random)
        let tasks = try ARCSamples.collection(
            training: [ARCSamples.task("t", seed: 1, side: 2)],
            evaluation: [ARCSamples.task("e", seed: 2, side: 2)])
        _ = try ARCDatasetBuilder(augmentations: 1, canvas: ARCCanvas(size: 2)).build(
            tasks, output: folder.appendingPathComponent("arc"),
            generator: { SeededGenerator(seed: UInt64($0)) })
    }

    static let files = [
        "grid/train/dataset.json", "grid/task.json", "grid/identifiers.json",
        "arc/test/dataset.json", "arc/test_puzzles.json", "arc/identifiers.json",
    ]

    /// Reads the folder with all readers, which may only throw errors that describe the problem.
    static func read(_ folder: URL, _ description: String) -> Bool {
        var isWhole = true
        func attempt(_ body: () throws -> Void) {
            do {
                try body()
            } catch {
                isWhole = false
                let words = "\(error)"
                #expect(error is DatasetError || error is ARCTaskError, "\(description): \(words)")
                #expect(!words.contains("\u{1B}"), "\(description)")
            }
        }
        for split in ["train", "test"] {
            attempt {
                let dataset = try PuzzleDataset(folder: folder, split: split)
                #expect(dataset.metadata.sequenceLength <= 1 << 24, "\(description)")
                let count = dataset.metadata.puzzleIdentifierCount
                #expect((1...Int(Int32.max)).contains(count), "\(description)")
                #expect(
                    dataset.task?.leastIdentifierCount ?? 1 <= count, "\(description)")
                _ = dataset.hasCountedLabels
            }
        }
        attempt {
            _ = try DatasetInspector.inspect(
                folder, showing: ExampleChoice(count: 2))
        }
        attempt { _ = try ARCTestPuzzles(dataFolder: folder) }
        return isWhole
    }

    @Test(arguments: files)
    func survivesMutation(_ file: String) throws {
        try withScratchFolder { folder in
            try Self.writeSamples(folder)
            let url = folder.appendingPathComponent(file)
            let data = folder.appendingPathComponent(String(file.prefix { $0 != "/" }))
            let document = try Document(
                JSONSerialization.jsonObject(with: try Data(contentsOf: url)))
            #expect(Self.read(data, "as it was"))
            func check(_ text: String, _ description: String) throws -> Bool {
                try write(text, to: url)
                return Self.read(data, "\(file), \(description): \(text.prefix(400))")
            }
            var readable = 0
            // In long lists, the first values are representative.
            for number in 0..<min(document.count, 40) {
                for edge in Self.edges {
                    let changed = document.replacing(number) { _ in .leaf(edge) }
                    readable += try check(changed.text, "value \(number) \(edge)") ? 1 : 0
                }
                for kind in 0..<4 {
                    let changed = document.replacing(number) { $0.damaged(kind) }
                    readable += try check(changed.text, "value \(number), kind \(kind)") ? 1 : 0
                }
            }
            let series = Mutations("side file \(file)", count: 200, seed: 17, telling: [0])
            for round in 0..<series.count {
                var random = SeededGenerator(seed: series.seed, stream: UInt64(round))
                var changed = document
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let number = Int.random(in: 0..<changed.count, using: &random)
                    let kind = Int.random(in: 0..<8, using: &random)
                    let edge = Self.edges.randomElement(using: &random) ?? "0"
                    changed = changed.replacing(number) {
                        kind < 4 ? $0.damaged(kind) : .leaf(edge)
                    }
                }
                readable += try check(changed.text, "round \(round)") ? 1 : 0
            }
            print("side file \(file): \(readable) could be read")
        }
    }

    @Test func namesThatHaveNoIdentifierAreRefused() throws {
        try withScratchFolder { folder in
            try Self.writeSamples(folder)
            let data = folder.appendingPathComponent("grid")
            let task = data.appendingPathComponent("task.json")
            let text = String(decoding: try bytes(of: task), as: UTF8.self)
            try write(text.replacingOccurrences(of: "[\"a\"", with: "[\"c\",\"a\""), to: task)
            #expect {
                try PuzzleDataset(folder: data, split: "train")
            } throws: { error in
                "\(error)".contains("names 3 puzzles, num_puzzle_identifiers in dataset.json is 3")
            }
            try write(text.replacingOccurrences(of: "[\"a\",\"b\"", with: "[\"a\",\"a\""), to: task)
            #expect {
                try PuzzleDataset(folder: data, split: "train")
            } throws: {
                "\($0)".contains("the name 'a' is there twice")
            }
        }
    }

    @Test func labelsThatCountAreFound() throws {
        try withScratchFolder { folder in
            try Self.writeSamples(folder)
            let dataset = try PuzzleDataset(
                folder: folder.appendingPathComponent("grid"), split: "train")
            #expect(dataset.hasCountedLabels)
            var sets = dataset.sets
            sets[0].labels = CompactIntegers([UInt8](repeating: 0, count: sets[0].labels.count))
            let ignored = try PuzzleDataset(metadata: dataset.metadata, sets: sets)
            #expect(!ignored.hasCountedLabels)
        }
    }
}

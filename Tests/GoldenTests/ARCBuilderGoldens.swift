import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing

/// The reference builder's folder and this package's, from the same tasks.
///
/// Both must hold what is said about such folders; the recorded one is read and written back with
/// equal bytes.
func checkARCBuilder(_ golden: GoldenCase) throws {
    struct Record: Decodable {
        struct Builder: Decodable { var num_aug: Int }
        var builder: Builder
        var groups: [String: [[String]]]
        /// Among others "[input/main] total puzzles: 6" for each source, in their order.
        var builder_messages: [String]

        var sources: [String] {
            builder_messages.compactMap { message in
                let parts = message.split(separator: "]", maxSplits: 1)
                guard message.hasPrefix("["), parts.last?.hasPrefix(" total puzzles") == true
                else { return nil }
                return String(parts[0].dropFirst())
            }
        }
    }
    let record = try golden.json(Record.self)
    try #require(!record.sources.isEmpty)
    let tasks = try ARCTaskCollection(
        sources: record.sources.map(golden.folder.appendingPathComponent))
    let output = golden.folder.appendingPathComponent("output")
    let recorded = try checkARCFolder(output, tasks: tasks)
    #expect(recorded == record.groups)
    try withTemporaryFolder { folder in
        let copy = folder.appendingPathComponent("copy")
        for split in ["train", "test"] {
            try PuzzleDataset(folder: output, split: split).write(folder: copy, split: split)
        }
        let files = try allFiles(in: output)
        #expect(!files.isEmpty)
        for file in files { try expectEqualBytes(file, copy, output) }

        let built = folder.appendingPathComponent("built")
        _ = try ARCDatasetBuilder(augmentations: record.builder.num_aug).build(
            tasks, output: built, generator: { SeededGenerator(seed: 42, stream: UInt64($0)) })
        let groups = try checkARCFolder(built, tasks: tasks)
        for (split, expected) in recorded {
            let found = try #require(groups[split])
            #expect(
                Dictionary(uniqueKeysWithValues: found.map { ($0[0], $0.count) })
                    == Dictionary(uniqueKeysWithValues: expected.map { ($0[0], $0.count) }))
            for file in ["dataset.json"] {
                try expectEqualBytes("\(split)/\(file)", built, output)
            }
        }
    }
}

/// Checks every grid of a data folder against the task and the augmentation that its name says.
///
/// - Returns: The names of each group's puzzles, for each split.
private func checkARCFolder(
    _ folder: URL, tasks: ARCTaskCollection
) throws -> [String: [[String]]] {
    let entries = Dictionary(uniqueKeysWithValues: tasks.entries.map { ($0.task.name, $0) })
    var result: [String: [[String]]] = [:]
    for split in ["train", "test"] {
        let dataset = try PuzzleDataset(folder: folder, split: split)
        let names = try #require(dataset.identifiers)
        #expect(Set(names).count == names.count)
        let set = dataset.sets[0]
        for group in 0..<set.groupCount {
            let puzzles = set.puzzles(ofGroup: group)
            let members = puzzles.map { names[Int(set.puzzleIdentifiers[$0])] }
            result[split, default: []].append(members)
            let entry = try #require(entries[members[0]])
            #expect(split == "train" || entry.isEvaluation)
            let pairs =
                split == "test"
                ? entry.task.tests
                : entry.task.demonstrations + (entry.isEvaluation ? [] : entry.task.tests)
            for (puzzle, name) in zip(puzzles, members) {
                let (task, augmentation) = ARCAugmentation.parse(name)
                #expect(task == members[0])
                #expect((augmentation == .identity) == (name == members[0]))
                let examples = set.examples(ofPuzzle: puzzle)
                try #require(examples.count == pairs.count)
                let places = try zip(examples, pairs).map { example, pair in
                    try checkExample(
                        example, of: set,
                        is: ARCPair(
                            input: augmentation.apply(to: pair.input),
                            output: pair.output.map(augmentation.apply)))
                }
                #expect(places.contains(0))
                #expect(split == "train" || places.allSatisfy { $0 == 0 })
            }
        }
        #expect(result[split]?.count == dataset.metadata.groupCount)
    }
    return result
}

/// Checks an example.
///
/// - Returns: The cell of the canvas at which its grids begin.
private func checkExample(
    _ example: Int, of set: PuzzleArrays, is pair: ARCPair
) throws -> Int {
    let canvas = ARCCanvas()
    let cells = (example * canvas.sequenceLength)..<((example + 1) * canvas.sequenceLength)
    let inputs = cells.map { UInt8(set.inputs[$0]) }
    let labels = cells.map { UInt8(set.labels[$0]) }
    let place = try #require(inputs.firstIndex { $0 != ARCCanvas.padToken })
    let (row, column) = place.quotientAndRemainder(dividingBy: canvas.size)
    let output = try #require(pair.output)
    for (tokens, grid) in [(inputs, pair.input), (labels, output)] {
        try #require(row + grid.rows <= canvas.size && column + grid.columns <= canvas.size)
        #expect(canvas.encode(grid, row: row, column: column) == tokens)
    }
    return place
}

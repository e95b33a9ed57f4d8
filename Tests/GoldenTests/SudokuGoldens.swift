import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing

/// The recorded shuffles and the reference builder's folder.
///
/// The recorded draws are replayed to equal boards; the folder is read and written back with equal
/// bytes; and this package's builder makes a folder of the same form from the same files.
func checkSudoku(_ golden: GoldenCase) throws {
    let record = try golden.json(SudokuRecord.self)
    try checkShuffles(record, golden.tensors())
    let output = golden.folder.appendingPathComponent("output")
    try withTemporaryFolder { folder in
        let copy = folder.appendingPathComponent("copy")
        for split in ["train", "test"] {
            try PuzzleDataset(folder: output, split: split).write(folder: copy, split: split)
        }
        let files = try allFiles(in: output)
        #expect(!files.isEmpty)
        #expect(try allFiles(in: copy) == files)
        for file in files { try expectEqualBytes(file, copy, output) }
        try checkBuilder(record, golden, into: folder.appendingPathComponent("built"))
    }
}

private struct SudokuRecord: Decodable {
    struct Builder: Decodable {
        var num_aug: Int
        var subsample_size: Int?
    }

    struct Shuffle: Decodable {
        var draws: [RecordedDraw]
        var digit_map: [UInt8]
        var transpose: Bool
        var row_perm: [Int]
        var col_perm: [Int]
    }

    var builder: Builder
    var shuffles: [Shuffle]
}

/// One call of the reference's generator: `["permutation", what, result]` or `["rand", result]`.
private enum RecordedDraw: Decodable {
    case permutation([Int])
    case uniform(Double)

    init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        switch try values.decode(String.self) {
        case "permutation":
            // A count stands for 0 ..< count, a list for itself.
            let first: Int
            if let list = try? values.decode([Int].self) {
                first = list.min() ?? 0
            } else {
                _ = try values.decode(Int.self)
                first = 0
            }
            self = .permutation(try values.decode([Int].self).map { $0 - first })
        default:
            self = .uniform(try values.decode(Double.self))
        }
    }
}

private struct ReplayedDraws: SudokuShuffleDraws {
    var draws: ArraySlice<RecordedDraw>

    mutating func permutation(of count: Int) -> [Int] {
        guard case .permutation(let values)? = draws.popFirst(), values.count == count else {
            Issue.record("a permutation of \(count) was not recorded here")
            return Array(0..<count)
        }
        return values
    }

    mutating func uniform() -> Double {
        guard case .uniform(let value)? = draws.popFirst() else {
            Issue.record("a uniform number was not recorded here")
            return 0
        }
        return value
    }
}

private func checkShuffles(_ record: SudokuRecord, _ tensors: GoldenTensors) throws {
    #expect(!record.shuffles.isEmpty)
    for (index, recorded) in record.shuffles.enumerated() {
        func board(_ name: String) throws -> SudokuBoard {
            let tensor = try tensors["\(index).\(name)"]
            let geometry = try SudokuGeometry(cellCount: tensor.shape.reduce(1, *))
            return SudokuBoard(geometry, cells: tensor.integers.map { UInt8($0) })
        }
        let question = try board("board")
        var draws = ReplayedDraws(draws: recorded.draws[...])
        let shuffle = SudokuShuffle(question.geometry, drawing: &draws)
        #expect(draws.draws.isEmpty)
        #expect(shuffle.digitMap == recorded.digit_map)
        #expect(shuffle.isTransposed == recorded.transpose)
        #expect(shuffle.rowPermutation == recorded.row_perm)
        #expect(shuffle.columnPermutation == recorded.col_perm)
        for name in ["board", "solution"] {
            #expect(try shuffle.apply(to: board(name)) == board("shuffled_\(name)"))
            #expect(try shuffle.inverse.apply(to: board("shuffled_\(name)")) == board(name))
        }
    }
}

/// Random choices differ from the reference's, so its training tokens are compared in form only.
private func checkBuilder(
    _ record: SudokuRecord, _ golden: GoldenCase, into built: URL
) throws {
    let input = golden.folder.appendingPathComponent("input")
    let output = golden.folder.appendingPathComponent("output")
    var generator = SeededGenerator(seed: 1)
    let report = try SudokuDatasetBuilder(
        subsample: record.builder.subsample_size, augmentations: record.builder.num_aug,
        storage: .reference
    ).build(
        train: .csv(input.appendingPathComponent("train.csv")),
        test: .csv(input.appendingPathComponent("test.csv")), output: built, using: &generator)

    let isRandom = record.builder.num_aug > 0 || record.builder.subsample_size != nil
    let files = try allFiles(in: output)
    #expect(try allFiles(in: built) == files)
    for file in files {
        let isToken = file.hasSuffix("__inputs.npy") || file.hasSuffix("__labels.npy")
        if isRandom && isToken && file.hasPrefix("train/") {
            let found = try NPYFile(contentsOf: built.appendingPathComponent(file))
            let expected = try NPYFile(contentsOf: output.appendingPathComponent(file))
            #expect(found.header == expected.header, "\(file)")
        } else {
            try expectEqualBytes(file, built, output)
        }
    }

    var originals: [SudokuBoard: SudokuBoard] = [:]
    var reader = try SudokuCSVReader(contentsOf: input.appendingPathComponent("train.csv"))
    while let puzzle = try reader.next() { originals[puzzle.question] = puzzle.answer }
    let dataset = try PuzzleDataset(folder: built, split: "train")
    #expect(dataset.exampleCount == report.trainingExamples)
    let rows = Array(EvaluationBatches(dataset, batchSize: 1))
    for group in 0..<dataset.sets[0].groupCount {
        let members = dataset.sets[0].puzzles(ofGroup: group)
        #expect(members.count == record.builder.num_aug + 1)
        var givens: Int?
        for member in members {
            let row = rows[member]
            let question = try SudokuBoard(tokens: row.inputs, geometry: report.geometry)
            let answer = try SudokuBoard(tokens: row.labels, geometry: report.geometry)
            #expect(answer.isSolved && answer.isConsistent(with: question))
            if member == members.first { #expect(originals[question] == answer) }
            #expect(question.givenCount == givens ?? question.givenCount)
            givens = question.givenCount
        }
    }
}

func withTemporaryFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("hrm-golden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// The paths of all files below a folder, sorted.
func allFiles(in folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
        var isFolder: ObjCBool = false
        let url = folder.appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }.sorted()
}

func expectEqualBytes(_ file: String, _ found: URL, _ expected: URL) throws {
    #expect(
        try Data(contentsOf: found.appendingPathComponent(file))
            == Data(contentsOf: expected.appendingPathComponent(file)), "\(file)")
}

import Foundation
import HRMData
import HRMTensor
import Testing

/// The reference builder's folder of mazes.
///
/// It is read and written back with equal bytes, and this package's builder makes the same bytes from
/// the same files, which have answers made up by hand.
func checkMaze(_ golden: GoldenCase) throws {
    struct Record: Decodable {
        struct Builder: Decodable { var aug: Bool }
        var builder: Builder
    }
    let record = try golden.json(Record.self)
    let input = golden.folder.appendingPathComponent("input")
    let output = golden.folder.appendingPathComponent("output")
    try withTemporaryFolder { folder in
        let copy = folder.appendingPathComponent("copy")
        for split in ["train", "test"] {
            let dataset = try PuzzleDataset(folder: output, split: split)
            guard case .maze? = dataset.task else {
                Issue.record("\(split) is not recognized as mazes")
                continue
            }
            try dataset.write(folder: copy, split: split)
        }
        let files = try allFiles(in: output)
        for split in ["train", "test"] {
            #expect(files.contains("\(split)/dataset.json"))
        }
        #expect(try allFiles(in: copy) == files)

        let built = folder.appendingPathComponent("built")
        var generator = SeededGenerator(seed: 1)
        _ = try MazeDatasetBuilder(isAugmented: record.builder.aug, checksAnswers: false).build(
            train: .csv(input.appendingPathComponent("train.csv")),
            test: .csv(input.appendingPathComponent("test.csv")), output: built, using: &generator)
        #expect(try allFiles(in: built) == (files + ["task.json"]).sorted())
        for file in files {
            for other in [copy, built] { try expectEqualBytes(file, other, output) }
        }
    }
}

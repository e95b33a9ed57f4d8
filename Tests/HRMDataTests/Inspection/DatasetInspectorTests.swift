import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct DatasetInspectorTests {
    static let few = ExampleChoice(count: 3)

    /// Inspects a folder with the sample as both splits, after a change.
    static func inspect(
        showing choice: ExampleChoice = few, after change: (URL) throws -> Void = { _ in }
    ) throws -> (folder: String, inspection: DatasetInspection) {
        try withScratchFolder { folder in
            try SampleDataset.make().write(folder: folder, split: "train")
            try SampleDataset.make().write(folder: folder, split: "test")
            try change(folder)
            return (folder.path, try DatasetInspector.inspect(folder, showing: choice))
        }
    }

    static func replace(
        _ file: String, _ shape: [Int], _ values: [Int32], type: NPYElementType = .int32
    ) -> (URL) throws -> Void {
        { folder in
            try NPYFile(elementType: type, shape: shape, values: CompactIntegers(values))
                .write(to: folder.appendingPathComponent(file))
        }
    }

    @Test func countsAreThoseOfTheSample() throws {
        let inspection = try Self.inspect().inspection
        #expect(inspection.violations.isEmpty)
        #expect(inspection.nameCount == 4)
        #expect(inspection.splits.map(\.name) == ["train", "test"])
        let train = inspection.splits[0]
        #expect(train.metadata == SampleDataset.metadata)
        #expect(train.sets.map(\.name) == ["a", "b"])
        #expect(train.groupCount == 4)
        #expect(train.sharedInputs == nil)
        #expect(inspection.splits[1].sharedInputs == 15)
        #expect(inspection.splits[1].examples.isEmpty)
        let set = train.sets[0]
        #expect(set.exampleCount == 10 && set.puzzleCount == 4 && set.groupCount == 3)
        #expect(set.examplesPerPuzzle?.least == 1 && set.examplesPerPuzzle?.most == 4)
        #expect(set.examplesPerPuzzle?.mean == 2.5)
        #expect(set.puzzlesPerGroup?.least == 1 && set.puzzlesPerGroup?.most == 2)
        #expect(set.identifiersInUse == 3)
        #expect(set.identifiersInSeveralGroups == 1)
        #expect(train.sets[1].identifiersInSeveralGroups == 0)
        let inputs = set.inputTokens.counts
        #expect(inputs.map(\.token) == [1, 2, 3, 4, 5])
        #expect(inputs.map(\.count) == [2, 12, 2, 2, 2])
        #expect(set.inputTokens.total == 20)
        #expect(set.labelTokens.counts.map(\.token) == [3] && set.labelTokens.total == 10)
        #expect(set.ignoredLabels == 10 && set.givenLabels == 0)
        #expect(set.files.count == 5)
        let file = set.files[0]
        #expect(file.name == "a__inputs.npy" && file.byteCount == 148)
        #expect(file.elementType == .uint8 && file.shape == [10, 2])
    }

    @Test func givenCellsAreCounted() throws {
        let sample = try Self.inspect(
            after: Self.replace(
                "train/b__labels.npy", [5, 2], [1, 2, 2, 2, 0, 2, 5, 0, -100, 3], type: .int64))
        let set = sample.inspection.splits[0].sets[1]
        #expect(sample.inspection.violations.isEmpty)
        // The inputs are (1, 2), (2, 2), (3, 2), (4, 2), (5, 2).
        #expect(set.givenLabels == 5)
        #expect(set.ignoredLabels == 3)
        #expect(set.labelTokens.total == 7)
    }

    /// Inspects a set of Sudokus with these boards as inputs.
    static func inspectSudokus(
        _ boards: [String], change: (URL) throws -> Void = { _ in }
    ) throws -> DatasetInspection {
        let answer = try SudokuBoard(parsing: "1234341221434321")
        let puzzle = SudokuPuzzle(question: answer, answer: answer)
        return try withScratchFolder { folder in
            let data = folder.appendingPathComponent("data")
            var random = SeededGenerator(seed: 1)
            _ = try SudokuDatasetBuilder().build(
                train: .puzzles([puzzle]), test: .puzzles(boards.map { _ in puzzle }), output: data,
                using: &random)
            let tokens = try boards.flatMap { try SudokuBoard(parsing: $0).tokens.map(Int32.init) }
            try NPYFile(
                elementType: .uint8, shape: [boards.count, 16], values: CompactIntegers(tokens)
            ).write(to: data.appendingPathComponent("test/all__inputs.npy"))
            try change(data)
            return try DatasetInspector.inspect(data, showing: ExampleChoice(count: 0))
        }
    }

    @Test func sudokusWithoutSolutionOrWithSeveral() throws {
        let sound = try Self.inspectSudokus([
            "1....2....2...41", "....43.1.2...41.", "................",
        ])
        #expect(sound.violations.isEmpty)
        let survey = try #require(sound.splits[1].sets[0].survey)
        #expect(survey.examinedCount == 3 && survey.ambiguousCount == 2)
        #expect(sound.splits[0].sets[0].survey?.ambiguousCount == 0)
        let wrong = try Self.inspectSudokus([
            "1....2....2...41", "1..1............", "1...1...........",
        ])
        #expect(wrong.violations.count == 1 && wrong.violations[0].count == 2)
        let text = "\(try #require(wrong.violations.first))"
        #expect(
            text.contains(
                "test/all__inputs.npy: in example 1, 1 occurs twice in row 1 (columns 1 and 4)"),
            "\(text)")
    }

    /// A training split without counted labels is reported.
    @Test func labelsThatDoNotCount() throws {
        let ignored = try Self.inspectSudokus(["1....2....2...41"]) { data in
            try NPYFile(
                elementType: .uint8, shape: [1, 16],
                values: CompactIntegers([Int32](repeating: 0, count: 16))
            ).write(to: data.appendingPathComponent("train/all__labels.npy"))
        }
        #expect(ignored.violations.count == 1)
        #expect(
            "\(try #require(ignored.violations.first))".contains("every label counts for nothing"))
    }

    @Test func examplesAreFarApart() throws {
        let three = try Self.inspect().inspection.splits[0].examples
        #expect(three.map(\.group) == [0, 1, 2])
        #expect(three.map(\.example) == [0, 3, 6])
        #expect(three.map(\.puzzle) == [0, 1, 3])
        #expect(three.map(\.identifier) == [1, 2, 1])
        #expect(three.map(\.name) == ["x", "y", "x"])
        #expect(three.map(\.input) == [[1, 2], [4, 2], [2, 2]])
        #expect(three.map(\.output) == [[0, 3], [0, 3], [0, 3]])

        let two = try Self.inspect(showing: ExampleChoice(count: 2, split: "test")).inspection
        #expect(two.splits[0].examples.isEmpty)
        #expect(two.splits[1].examples.map(\.group) == [0, 2])
        let all = try Self.inspect(showing: ExampleChoice(count: 99)).inspection.splits[0]
        #expect(all.examples.map(\.set) == ["a", "a", "a", "b"])
    }

    @Test func groupsAreShownWithTheirAugmentations() throws {
        func examples(_ group: Int, _ count: Int) throws -> [InspectedExample] {
            try Self.inspect(showing: ExampleChoice(count: count, group: group))
                .inspection.splits[0].examples
        }
        #expect(try examples(1, 9).map(\.example) == [3, 4, 5])
        #expect(try examples(1, 9).map(\.puzzle) == [1, 2, 2])
        #expect(try examples(1, 2).map(\.example) == [3, 4])
        #expect(try examples(3, 9).map(\.set) == Array(repeating: "b", count: 5))
        #expect(try examples(4, 9).isEmpty)
        let short = ExampleChoice(count: 3, longest: 1)
        #expect(try Self.inspect(showing: short).inspection.splits[0].examples.isEmpty)
    }

    @Test func everyViolationIsFound() throws {
        let sample = try Self.inspect { folder in
            try Self.replace("train/a__puzzle_indices.npy", [5], [1, 3, 2, 6, 11])(folder)
            try Self.replace("train/a__group_indices.npy", [4], [0, 3, 3, 4])(folder)
            try Self.replace("train/a__puzzle_identifiers.npy", [4], [1, 4, 9, -1])(folder)
            try Self.replace("train/b__inputs.npy", [5, 2], [1, 6, 2, 2, 2, 7, 7, 2, 2, 2])(folder)
            try Self.replace("train/b__labels.npy", [4, 2], [9, 2, 2, 2, 2, 2, 2, 2])(folder)
            try write(#"["<blank>", "x"]"#, to: folder.appendingPathComponent("identifiers.json"))
            try Data().write(to: folder.appendingPathComponent("test/b__labels.npy"))
        }
        let train = sample.folder + "/train/"
        let names = sample.folder + "/identifiers.json"
        let expected: [DatasetViolation] = [
            .init(.wrongIdentifierCount(path: names, found: 2, expected: 4)),
            .init(.offsetsStart(path: train + "a__puzzle_indices.npy", first: 1)),
            .init(
                .offsetsOrder(
                    path: train + "a__puzzle_indices.npy", index: 2, previous: 3, value: 2)),
            .init(
                .offsetsEnd(
                    path: train + "a__puzzle_indices.npy", last: 11, expected: 10,
                    pointsInto: "examples")),
            .init(
                .offsetsOrder(
                    path: train + "a__group_indices.npy", index: 2, previous: 3, value: 3)),
            .init(
                .identifierOutOfRange(
                    path: train + "a__puzzle_identifiers.npy", puzzle: 1, value: 4,
                    identifierCount: 4), count: 3),
            .init(
                .wrongShape(
                    path: train + "b__labels.npy", found: [4, 2], expected: "[5, 2] as the inputs")),
            .init(
                .tokenOutOfRange(
                    path: train + "b__inputs.npy", example: 0, cell: 1, value: 6, vocabularySize: 6),
                count: 3),
            .init(
                .tokenOutOfRange(
                    path: train + "b__labels.npy", example: 0, cell: 0, value: 9, vocabularySize: 6)
            ),
            .init(.wrongIdentifierCount(path: names, found: 2, expected: 4)),
        ]
        let found = sample.inspection.violations
        #expect(Array(found.prefix(expected.count)) == expected)
        #expect(found.count == expected.count + 1)
        #expect(try #require(found.last).description.contains("test/b__labels.npy"))
        #expect("\(found[5])".hasSuffix("(and 2 more like it)"))
        #expect(sample.inspection.splits[0].examples.map(\.set) == ["b"])
    }

    @Test func wrongMetadataIsListedWhole() throws {
        let sample = try Self.inspect { folder in
            let url = folder.appendingPathComponent("test/dataset.json")
            let text = try String(contentsOf: url, encoding: .utf8)
                .replacingOccurrences(of: #""total_groups": 4"#, with: #""total_groups": 5"#)
                .replacingOccurrences(of: #""pad_id": 0"#, with: #""pad_id": -3"#)
                .replacingOccurrences(of: #": 3.0"#, with: #": 2.0, "total_puzzles": 99"#)
                .replacingOccurrences(of: #""vocab_size": 6"#, with: #""vocab_size": -7"#)
            try write(text, to: url)
        }
        let keys = sample.inspection.violations.map { violation in
            guard case .invalidMetadata(_, let key, _, _) = violation.error else { return "?" }
            return key
        }
        #expect(
            keys == [
                "vocab_size", "pad_id", "total_groups", "mean_puzzle_examples", "total_puzzles",
                "vocab_size",
            ])
        #expect(sample.inspection.splits[1].sets[0].inputTokens.total == 20)
    }

    @Test func arraysAreReadWithoutMetadata() throws {
        let sample = try Self.inspect { folder in
            try write("{", to: folder.appendingPathComponent("train/dataset.json"))
            try FileManager.default.removeItem(
                at: folder.appendingPathComponent("identifiers.json"))
        }
        #expect(sample.inspection.violations.count == 1)
        #expect(sample.inspection.nameCount == nil)
        let train = sample.inspection.splits[0]
        #expect(train.metadata == nil)
        #expect(train.sets.map(\.name) == ["a", "b"])
        #expect(train.sets.map(\.exampleCount) == [10, 5])
        #expect(train.examples.count == 3)
    }

    @Test func foldersThatAreNoDataAreRefused() throws {
        try withScratchFolder { folder in
            for (path, problem) in [
                ("", MissingSplit.allSplits), ("none", .folder), ("file", .isFile),
            ] {
                try write("x", to: folder.appendingPathComponent("file"))
                let url = folder.appendingPathComponent(path)
                #expect {
                    try DatasetInspector.inspect(url, showing: Self.few)
                } throws: { error in
                    error as? DatasetError
                        == .missingSplit(path: url.path, split: nil, problem)
                }
            }
        }
    }
}

/// For any bytes in a folder, the inspection terminates and agrees with the strict reader.
@Suite struct DamagedFolderTests {
    @Test func survivesMutation() throws {
        let series = Mutations(
            "data folder", count: 3000, seed: 20_260_202, telling: "9[]{},:\"(".utf8, slowness: 4)
        try withScratchFolder { folder in
            try SampleDataset.make().write(folder: folder, split: "train")
            let split = folder.appendingPathComponent("train")
            let files =
                try names(in: split).map { split.appendingPathComponent($0) }
                + [folder.appendingPathComponent("identifiers.json")]
            let originals = try files.map { try bytes(of: $0) }
            let readable = try series.run(on: originals) { round in
                let file = files[round.original]
                try Data(round.bytes).write(to: file)
                let inspection = try DatasetInspector.inspect(
                    folder, showing: ExampleChoice(count: 2))
                let isReadable = (try? PuzzleDataset(folder: folder, split: "train")) != nil
                #expect(
                    isReadable == inspection.violations.isEmpty,
                    "\(round.description): \(file.lastPathComponent) \(inspection.violations)")
                try Data(originals[round.original]).write(to: file)
                return isReadable
            }
            #expect(readable < series.count * 9 / 10)
        }
    }
}

import Foundation
import HRMData
import HRMFiles
import Testing
import _HRMTestSupport

@Suite struct PuzzleDatasetTests {
    @Test func isReadBackAsItWasWritten() throws {
        try withScratchFolder { folder in
            let dataset = try SampleDataset.make()
            try dataset.write(folder: folder, split: "train")
            try dataset.write(folder: folder, split: "test")
            #expect(try names(in: folder) == ["identifiers.json", "test", "train"])
            #expect(try PuzzleDataset(folder: folder, split: "test") == dataset)
            #expect(
                try bytes(of: folder.appendingPathComponent("identifiers.json"))
                    == Array(#"["<blank>", "x", "y", "\u00e9\n\"\ud83d\ude00"]"#.utf8))
        }
    }

    @Test(arguments: NPYElementType.allCases.filter { $0 != .bool })
    func keepsElementTypes(_ type: NPYElementType) throws {
        try withScratchFolder { folder in
            var sets = SampleDataset.sets
            sets[0].elementTypes = PuzzleArrays.ElementTypes(tokens: type)
            sets[0].elementTypes.groupIndices = .int64
            let dataset = try PuzzleDataset(metadata: SampleDataset.metadata, sets: sets)
            let first = folder.appendingPathComponent("first")
            try dataset.write(folder: first, split: "train")
            let again = try PuzzleDataset(folder: first, split: "train")
            #expect(again == dataset)
            #expect(again.identifiers == nil)
            let second = folder.appendingPathComponent("second")
            try again.write(folder: second, split: "train")
            let files = try names(in: first.appendingPathComponent("train"))
            #expect(files.count == 11)
            for file in files {
                #expect(
                    try bytes(of: first.appendingPathComponent("train/\(file)"))
                        == bytes(of: second.appendingPathComponent("train/\(file)")), "\(file)")
            }
            let size = try bytes(of: first.appendingPathComponent("train/a__inputs.npy")).count
            #expect(size == 128 + 20 * type.byteCount)
        }
    }

    @Test func refusesToOverwrite() throws {
        try withScratchFolder { folder in
            let dataset = try SampleDataset.make()
            let split = folder.appendingPathComponent("train")
            try FileManager.default.createDirectory(at: split, withIntermediateDirectories: true)
            #expect(throws: DatasetError.outputExists(path: split.path)) {
                try dataset.write(folder: folder, split: "train")
            }
            #expect(try names(in: folder) == ["train"])
            #expect(try names(in: split).isEmpty)
            let identifiers = folder.appendingPathComponent("identifiers.json")
            try write(#"["<blank>"]"#, to: identifiers)
            #expect(throws: DatasetError.outputExists(path: identifiers.path)) {
                try dataset.write(folder: folder, split: "test")
            }
            #expect(try names(in: folder) == ["identifiers.json", "train"])
        }
    }

    @Test func leavesNothingWhereItCannotWrite() throws {
        try withScratchFolder { folder in
            let file = folder.appendingPathComponent("file")
            try write("x", to: file)
            #expect {
                try SampleDataset.make().write(
                    folder: file.appendingPathComponent("data"), split: "train")
            } throws: { error in
                guard case .unwritable? = error as? DatasetError else { return false }
                return true
            }
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func refusesTypesThatLoseValues() throws {
        try withScratchFolder { folder in
            var sets = SampleDataset.sets
            sets[0].labels = CompactIntegers([Int32](repeating: -100, count: 20))
            let dataset = try PuzzleDataset(metadata: SampleDataset.metadata, sets: sets)
            #expect(
                throws: DatasetError.wrongElementType(
                    path: "a__labels.npy", found: .uint8, allowed: [.int32, .int64])
            ) { try dataset.write(folder: folder, split: "train") }
            #expect(try names(in: folder).isEmpty)
        }
    }
}

/// Every kind of damage to a folder is detected and named.
@Suite struct DamagedDatasetTests {
    /// Reads the sample after replacing one of its files.
    static func read(
        replacing file: String, with array: NPYFile
    ) throws -> (folder: String, error: DatasetError?) {
        try withScratchFolder { folder in
            try SampleDataset.make().write(folder: folder, split: "train")
            try array.write(to: folder.appendingPathComponent("train/\(file)"))
            return (folder.path, error(reading: folder))
        }
    }

    static func error(reading folder: URL) -> DatasetError? {
        do {
            _ = try PuzzleDataset(folder: folder, split: "train")
            return nil
        } catch {
            return error
        }
    }

    static func offsets(_ values: [Int32]) -> NPYFile {
        NPYFile(elementType: .int32, shape: [values.count], values: CompactIntegers(values))
    }

    typealias OffsetsSample = (
        file: String, values: [Int32], error: @Sendable (String) -> DatasetError
    )

    static let wrongOffsets: [OffsetsSample] = [
        (
            "a__puzzle_indices.npy", [1, 3, 4, 6, 10],
            { .offsetsStart(path: $0, first: 1) }
        ),
        (
            "a__puzzle_indices.npy", [0, 3, 2, 6, 10],
            { .offsetsOrder(path: $0, index: 2, previous: 3, value: 2) }
        ),
        (
            "a__puzzle_indices.npy", [0, 3, 4, 6, 11],
            { .offsetsEnd(path: $0, last: 11, expected: 10, pointsInto: "examples") }
        ),
        (
            "a__puzzle_indices.npy", [0, 3, 4, 10],
            { .wrongShape(path: $0, found: [4], expected: "[5], one more than puzzle identifiers") }
        ),
        (
            "a__group_indices.npy", [0, 1, 1, 4],
            { .offsetsOrder(path: $0, index: 2, previous: 1, value: 1) }
        ),
        (
            "a__group_indices.npy", [0, 1, 3],
            { .offsetsEnd(path: $0, last: 3, expected: 4, pointsInto: "puzzles") }
        ),
        (
            "a__group_indices.npy", [-1, 1, 3, 4],
            { .offsetsStart(path: $0, first: -1) }
        ),
        (
            "a__group_indices.npy", [],
            { .wrongShape(path: $0, found: [0], expected: "at least the offset 0") }
        ),
        (
            "a__puzzle_identifiers.npy", [1, 2, 4, 1],
            { .identifierOutOfRange(path: $0, puzzle: 2, value: 4, identifierCount: 4) }
        ),
        (
            "a__puzzle_identifiers.npy", [-1, 2, 3, 1],
            { .identifierOutOfRange(path: $0, puzzle: 0, value: -1, identifierCount: 4) }
        ),
    ]

    @Test(arguments: wrongOffsets.indices)
    func wrongOffsetsAreNamed(_ index: Int) throws {
        let sample = Self.wrongOffsets[index]
        let result = try Self.read(replacing: sample.file, with: Self.offsets(sample.values))
        #expect(result.error == sample.error("\(result.folder)/train/\(sample.file)"))
    }

    @Test func wrongTokensAreNamed() throws {
        var tokens = [UInt8](repeating: 1, count: 20)
        tokens[7] = 6
        for file in ["a__inputs.npy", "a__labels.npy"] {
            let array = NPYFile(
                elementType: .uint8, shape: [10, 2], values: CompactIntegers(tokens))
            let result = try Self.read(replacing: file, with: array)
            #expect(
                result.error
                    == .tokenOutOfRange(
                        path: "\(result.folder)/train/\(file)", example: 3, cell: 1, value: 6,
                        vocabularySize: 6))
        }
        var wide = [Int32](repeating: 1, count: 20)
        wide[0] = -100
        let array = NPYFile(elementType: .int64, shape: [10, 2], values: CompactIntegers(wide))
        #expect(try Self.read(replacing: "a__labels.npy", with: array).error == nil)
        #expect(try Self.read(replacing: "a__inputs.npy", with: array).error != nil)
    }

    @Test func wrongShapesAndTypesAreNamed() throws {
        let ones = CompactIntegers([UInt8](repeating: 1, count: 20))
        let flat = try Self.read(
            replacing: "a__inputs.npy",
            with: NPYFile(elementType: .uint8, shape: [20], values: ones))
        #expect(
            flat.error
                == .wrongShape(
                    path: "\(flat.folder)/train/a__inputs.npy", found: [20],
                    expected: "[examples, 2], as seq_len says"))
        let short = try Self.read(
            replacing: "a__labels.npy",
            with: NPYFile(
                elementType: .uint8, shape: [9, 2],
                values: CompactIntegers([UInt8](repeating: 1, count: 18))))
        #expect(
            short.error
                == .wrongShape(
                    path: "\(short.folder)/train/a__labels.npy", found: [9, 2],
                    expected: "[10, 2] as the inputs"))
        let bytes = try Self.read(
            replacing: "a__group_indices.npy",
            with: NPYFile(
                elementType: .uint8, shape: [4],
                values: CompactIntegers([UInt8](arrayLiteral: 0, 1, 3, 4))))
        #expect(
            bytes.error
                == .wrongElementType(
                    path: "\(bytes.folder)/train/a__group_indices.npy", found: .uint8,
                    allowed: [.int32, .int64]))
    }

    @Test func missingAndTruncatedFilesAreNamed() throws {
        for file in ["a__inputs.npy", "b__group_indices.npy"] {
            try withScratchFolder { folder in
                try SampleDataset.make().write(folder: folder, split: "train")
                let url = folder.appendingPathComponent("train/\(file)")
                let whole = try bytes(of: url)
                try Data(whole.dropLast()).write(to: url)
                #expect(
                    Self.error(reading: folder)
                        == .array(
                            .truncated(
                                path: url.path, expectedBytes: whole.count,
                                actualBytes: whole.count - 1)))
                try FileManager.default.removeItem(at: url)
                guard case .array(.unreadable(let path, _))? = Self.error(reading: folder) else {
                    Issue.record("a missing \(file) was not noticed")
                    return
                }
                #expect(path == url.path)
            }
        }
        try withScratchFolder { folder in
            #expect(
                Self.error(reading: folder)
                    == .missingSplit(path: folder.path, split: "train", .allSplits))
        }
    }

    /// If a folder is not a data folder, the error states what it contains instead.
    @Test func foldersWithoutTheSplitAreTold() throws {
        try withScratchFolder { folder in
            let data = folder.appendingPathComponent("data")
            try SampleDataset.make().write(folder: data, split: "train")
            try write("x", to: folder.appendingPathComponent("file"))
            func problem(_ name: String, _ split: String) -> MissingSplit? {
                do throws(DatasetError) {
                    _ = try PuzzleDataset(folder: folder.appendingPathComponent(name), split: split)
                    return nil
                } catch {
                    guard case .missingSplit(_, _, let problem) = error else { return nil }
                    return problem
                }
            }
            #expect(problem("none", "train") == .folder)
            #expect(problem("file", "train") == .isFile)
            #expect(problem("", "train") == .allSplits)
            #expect(problem("data", "test") == .others(["train"]))
            guard case .isSplit(let parent)? = problem("data/train", "train") else {
                Issue.record("a split was not told")
                return
            }
            #expect(parent.hasSuffix("/data"))
            // Existing content is reported as damaged, not as missing.
            try FileManager.default.removeItem(
                at: data.appendingPathComponent("train/dataset.json"))
            guard case .unreadable(let path, _)? = Self.error(reading: data) else {
                Issue.record("a missing dataset.json was not noticed")
                return
            }
            #expect(path.hasSuffix("train/dataset.json"))
        }
    }

    @Test func contradictingTotalsAreNamed() throws {
        func key(_ change: (inout DatasetMetadata) -> Void) -> String? {
            var metadata = SampleDataset.metadata
            change(&metadata)
            do {
                _ = try PuzzleDataset(metadata: metadata, sets: SampleDataset.sets)
                return nil
            } catch {
                guard case .invalidMetadata(_, let key, _, _) = error else { return "?" }
                return key
            }
        }
        #expect(key { _ in } == nil)
        #expect(key { $0.groupCount = 5 } == "total_groups")
        #expect(key { $0.meanExamplesPerPuzzle = 2.9 } == "mean_puzzle_examples")
        #expect(key { $0.sets = ["b", "a"] } == "sets")
        #expect(throws: DatasetError.self) {
            try PuzzleDataset(
                metadata: SampleDataset.metadata, sets: SampleDataset.sets, identifiers: ["x"])
        }
    }

    @Test func wrongIdentifiersAreNamed() throws {
        try withScratchFolder { folder in
            try SampleDataset.make().write(folder: folder, split: "train")
            let url = folder.appendingPathComponent("identifiers.json")
            try write(#"["<blank>", "x"]"#, to: url)
            #expect(
                Self.error(reading: folder)
                    == .wrongIdentifierCount(path: url.path, found: 2, expected: 4))
        }
    }

    @Test func identifiersInOtherEncodingsAreRead() throws {
        let text = #"["<blank>", "é"]"#
        for encoding in [
            String.Encoding.utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32,
        ] {
            try withScratchFolder { folder in
                let url = folder.appendingPathComponent("identifiers.json")
                try #require(text.data(using: encoding)).write(to: url)
                #expect(try PuzzleDataset.identifiers(contentsOf: url) == ["<blank>", "é"])
            }
        }
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("identifiers.json")
            try write("\u{FEFF}" + text, to: url)
            #expect(try PuzzleDataset.identifiers(contentsOf: url) == ["<blank>", "é"])
        }
    }
}

/// Data sets written by the reference's builders.
@Suite struct ReferenceFolderTests {
    @Test(
        .enabled(
            if: SharedData.has("reference-npy-format"),
            "the reference's data sets are not beside the repository"),
        arguments: ["sudoku-extreme-full", "maze-30x30-hard-1k"])
    func isReadAndWrittenBack(_ name: String) throws {
        let folder = SharedData.url("reference-npy-format/\(name)")
        let dataset = try PuzzleDataset(folder: folder, split: "train")
        #expect(dataset.exampleCount == 1000)
        #expect(dataset.metadata.totalPuzzles == 1000)
        #expect(dataset.identifiers == ["<blank>"])
        try withScratchFolder { copy in
            try dataset.write(folder: copy, split: "train")
            #expect(
                try names(in: copy.appendingPathComponent("train"))
                    == names(in: folder.appendingPathComponent("train")))
            for file in try names(in: folder.appendingPathComponent("train")).map({ "train/\($0)" })
                + ["identifiers.json"]
            {
                #expect(
                    try bytes(of: copy.appendingPathComponent(file))
                        == bytes(of: folder.appendingPathComponent(file)), "\(file)")
            }
        }
    }
}

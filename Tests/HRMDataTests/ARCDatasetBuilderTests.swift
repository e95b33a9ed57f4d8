import Foundation
import HRMData
import HRMFiles
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct ARCDatasetBuilderTests {
    static let training = (0..<5).map { ARCSamples.task("t\($0)", seed: UInt64($0)) }
    static let evaluation = (5..<8).map { ARCSamples.task("e\($0)", seed: UInt64($0)) }

    /// Builds a data set and passes its folder to `body`.
    static func build<Value>(
        _ builder: ARCDatasetBuilder, _ tasks: ARCTaskCollection, seed: UInt64 = 1,
        _ body: (URL, ARCDatasetBuilder.Report) throws -> Value
    ) throws -> Value {
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("data")
            let report = try builder.build(
                tasks, output: output,
                generator: { SeededGenerator(seed: seed, stream: UInt64($0)) })
            return try body(output, report)
        }
    }

    static func files(of folder: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let url = folder.appendingPathComponent(path)
            if url.pathExtension == "npy" || url.pathExtension == "json" {
                files[path] = try Data(contentsOf: url)
            }
        }
        return files
    }

    @Test func workersChangeNoByte() throws {
        // More tasks than are expanded in one batch.
        let more = (10..<26).map { ARCSamples.task("m\($0)", seed: UInt64($0)) }
        let tasks = try ARCSamples.collection(
            training: Self.training + more, evaluation: Self.evaluation)
        let built = try [1, 2, 7].map { workers in
            try Self.build(ARCDatasetBuilder(augmentations: 9, workers: workers), tasks) {
                folder, _ in try Self.files(of: folder)
            }
        }
        #expect(built[0].count == 14)
        #expect(built[0] == built[1])
        #expect(built[0] == built[2])
        let other = try Self.build(ARCDatasetBuilder(augmentations: 9), tasks, seed: 2) {
            folder, _ in try Self.files(of: folder)
        }
        #expect(other != built[0])
    }

    @Test func heldOutPairsAreNotTrainedOn() throws {
        let tasks = try ARCSamples.collection(
            training: Self.training, evaluation: Self.evaluation)
        for (heldOut, groups, trained) in [
            (nil, 3, 5 * 5 + 3 * 3), (.evaluation, 3, 5 * 5 + 3 * 3), (.all, 8, 8 * 3),
            (ARCDatasetBuilder.HeldOut.none, 0, 8 * 5),
        ] as [(ARCDatasetBuilder.HeldOut?, Int, Int)] {
            try Self.build(ARCDatasetBuilder(augmentations: 2, heldOut: heldOut), tasks) {
                folder, report in
                #expect(report.training.groups == 8)
                #expect(report.training.puzzles == 24)
                #expect(report.training.examples == 3 * trained)
                let train = try PuzzleDataset(folder: folder, split: "train")
                #expect(train.exampleCount == 3 * trained)
                #expect(train.metadata.puzzleIdentifierCount == report.identifiers)
                let hasTest = FileManager.default.fileExists(
                    atPath: folder.appendingPathComponent("test").path)
                #expect(hasTest == (groups > 0))
                let puzzles = try ARCTestPuzzles(dataFolder: folder)
                #expect((puzzles != nil) == hasTest)
                guard hasTest else { return }
                let test = try PuzzleDataset(folder: folder, split: "test")
                #expect(test.metadata.groupCount == groups)
                #expect(test.exampleCount == 3 * 2 * groups)
                #expect(
                    puzzles?.tasks.sorted { $0.name < $1.name }
                        == (Self.evaluation + (groups == 8 ? Self.training : [])))
            }
        }
    }

    /// Every example is the named augmentation of its pair, or translated on the canvas.
    @Test func examplesAreVariations() throws {
        let tasks = try ARCSamples.collection(training: Self.training)
        let canvas = ARCCanvas(size: 8)
        try Self.build(ARCDatasetBuilder(augmentations: 30, canvas: canvas), tasks) { folder, _ in
            let split = try PuzzleDataset(folder: folder, split: "train")
            let names = try #require(split.identifiers)
            let set = split.sets[0]
            var places: Set<Int> = []
            for group in 0..<set.groupCount {
                var contents: Set<String> = []
                for puzzle in set.puzzles(ofGroup: group) {
                    let (name, augmentation) = ARCAugmentation.parse(
                        names[Int(set.puzzleIdentifiers[puzzle])])
                    let task = try #require(Self.training.first { $0.name == name })
                    #expect(augmentation.colors.colors[0] == 0)
                    let varied = task.pairs.map {
                        ARCPair(
                            input: augmentation.apply(to: $0.input),
                            output: $0.output.map(augmentation.apply))
                    }
                    contents.insert(ARCContentHash.hash(of: varied))
                    var unmoved = 0
                    for (example, pair) in zip(
                        set.examples(ofPuzzle: puzzle), varied.prefix(task.demonstrations.count))
                    {
                        let cells = (example * 64)..<((example + 1) * 64)
                        let tokens = cells.map { UInt8(set.inputs[$0]) }
                        let labels = cells.map { UInt8(set.labels[$0]) }
                        let place = try #require(tokens.firstIndex { $0 != 0 })
                        let (row, column) = place.quotientAndRemainder(dividingBy: 8)
                        #expect(canvas.encode(pair.input, row: row, column: column) == tokens)
                        let output = try #require(pair.output)
                        #expect(canvas.encode(output, row: row, column: column) == labels)
                        unmoved += place == 0 ? 1 : 0
                        places.insert(place)
                    }
                    #expect(unmoved >= 1)
                }
                #expect(contents.count == 31)
            }
            #expect(places.count > 10)
        }
    }

    @Test func tasksThatDoNotFitAreLeftOut() throws {
        let tasks = try ARCSamples.collection(training: Self.training)
        let sides = Self.training.map(\.longestSide)
        let size = try #require(sides.min())
        let fitting = sides.count { $0 <= size }
        let builder = ARCDatasetBuilder(augmentations: 0, canvas: ARCCanvas(size: size))
        try Self.build(builder, tasks) { folder, report in
            #expect(report.tooLarge == sides.count - fitting)
            #expect(report.training.groups == fitting)
            let split = try PuzzleDataset(folder: folder, split: "train")
            #expect(split.metadata.sequenceLength == size * size)
        }
        #expect(throws: ARCBuildError.nothingFits(size: 1, of: 5)) {
            try Self.build(ARCDatasetBuilder(canvas: ARCCanvas(size: 1)), tasks) { _, _ in }
        }
        #expect(throws: ARCBuildError.noEvaluationTasks) {
            try Self.build(ARCDatasetBuilder(heldOut: .evaluation), tasks) { _, _ in }
        }
    }

    @Test func nearDuplicatesAreFoundAndLeftOut() throws {
        // One pair of a training task is an augmentation of an evaluation task's test pair.
        var copy = Self.training[1]
        let colors = try #require(
            ARCColorPermutation(colors: [0, 3, 4, 5, 6, 7, 8, 9, 1, 2]))
        let augmentation = ARCAugmentation(transform: .rotation90, colors: colors)
        let pair = Self.evaluation[2].tests[1]
        copy.demonstrations[0] = ARCPair(
            input: augmentation.apply(to: pair.input),
            output: pair.output.map(augmentation.apply))
        let tasks = try ARCSamples.collection(
            training: [Self.training[0], copy], evaluation: Self.evaluation)
        let found = [ARCNearDuplicate(measured: "e7", other: "t1")]
        for excludes in [false, true] {
            let builder = ARCDatasetBuilder(
                augmentations: 1, excludesNearDuplicates: excludes)
            try Self.build(builder, tasks) { folder, report in
                #expect(report.nearDuplicates == found)
                #expect(report.excluded == (excludes ? 1 : 0))
                let names = try PuzzleDataset.identifiers(
                    contentsOf: folder.appendingPathComponent("identifiers.json"))
                #expect(names.contains("t1") == !excludes)
                #expect(names.contains("e7"))
            }
        }
        // If both tasks are evaluation tasks, the first one is kept.
        try Self.build(ARCDatasetBuilder(augmentations: 0, heldOut: .all), tasks) { _, report in
            #expect(report.nearDuplicates.count == 1)
        }
    }

    @Test func fewVariationsAreNoEndlessSearch() throws {
        let dot = PuzzleGrid(rows: 1, columns: 1, cells: [0])
        let pair = ARCPair(input: dot, output: dot)
        let task = ARCTask(name: "dot", demonstrations: [pair], tests: [pair])
        let tasks = try ARCSamples.collection(training: [task])
        try Self.build(ARCDatasetBuilder(augmentations: 50), tasks) { _, report in
            #expect(report.incompleteGroups == 1)
            #expect(report.training.puzzles == 1)
        }
    }

    @Test func secretAnswersCountForNothing() throws {
        var task = Self.evaluation[0]
        task.tests[0].output = nil
        let tasks = try ARCSamples.collection(evaluation: [task])
        try Self.build(ARCDatasetBuilder(augmentations: 3), tasks) { folder, report in
            #expect(report.unanswered == 1)
            let test = try PuzzleDataset(folder: folder, split: "test").sets[0]
            for puzzle in 0..<test.puzzleCount {
                let first = test.examples(ofPuzzle: puzzle).lowerBound * 900
                #expect((first..<(first + 900)).allSatisfy { test.labels[$0] == 0 })
                #expect((first..<(first + 900)).contains { test.inputs[$0] != 0 })
                #expect(test.labels[first + 900] != 0)
            }
            #expect(try ARCTestPuzzles(dataFolder: folder)?.tasks == [task])
        }
    }

    @Test func takenNamesAreLeftAlone() throws {
        let tasks = try ARCSamples.collection(training: Self.training)
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("data")
            try write("mine", to: output)
            #expect(throws: ARCBuildError.dataset(.outputExists(path: output.path))) {
                try ARCDatasetBuilder(augmentations: 1).build(
                    tasks, output: output, generator: { SeededGenerator(seed: UInt64($0)) })
            }
            #expect(try names(in: folder) == ["data"])
        }
    }
}

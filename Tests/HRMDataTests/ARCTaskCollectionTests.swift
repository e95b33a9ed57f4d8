import Foundation
import HRMData
import Testing
import _HRMTestSupport

@Suite struct ARCTaskCollectionTests {
    /// Reads a folder with these files.
    static func read(_ files: [String: String]) throws -> Result<ARCTaskCollection, ARCTaskError> {
        try withScratchFolder { folder in
            for (name, text) in files {
                let url = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try write(text, to: url)
            }
            do {
                return .success(try ARCTaskCollection(sources: [folder]))
            } catch let error as ARCTaskError {
                #expect(error.path.hasPrefix(folder.path))
                return .failure(error)
            }
        }
    }

    static func error(_ files: [String: String]) throws -> ARCTaskError? {
        guard case .failure(let error) = try read(files) else { return nil }
        return error
    }

    @Test func readsFoldersOfFolders() throws {
        let samples = (0..<4).map { ARCSamples.task("task\($0)", seed: UInt64($0)) }
        let texts = samples.map { ARCSamples.json($0) }
        let tasks = try Self.read([
            "b/training/task0.json": texts[0], "b/evaluation/deep/task1.json": texts[1],
            "a/task2.json": texts[2], "a/x/evaluation-of-sorts/task3.json": texts[3],
            "a/readme.md": "no task", ".hidden/x.json": "{", "a/.x.json": "{",
        ]).get().entries
        #expect(tasks.map(\.task) == [2, 3, 1, 0].map { samples[$0] })
        #expect(tasks.map(\.isEvaluation) == [false, true, true, false])
    }

    @Test func passesOverOtherKeys() throws {
        let text = """
            {"id": 7, "train": [{"input": [[1]], "output": [[2, 3]], "note": null}],
             "test": [{"output": [[0]], "input": [[9]], "x": {"train": []}}], "name": "other"}
            """
        let task = try #require(try Self.read(["a.json": text]).get().entries.first?.task)
        // The name in the file takes precedence, as in the reference.
        #expect(task.name == "other")
        #expect(task.demonstrations[0].output?.cells == [2, 3])
        #expect(task.tests[0].input.cells == [9])
    }

    @Test func readsCompetitionFiles() throws {
        let samples = (0..<3).map { ARCSamples.task("task\($0)", seed: UInt64(20 + $0)) }
        func challenges(_ tasks: [ARCTask]) -> String {
            let entries = tasks.map { task in
                let hidden = task.tests.map { ARCPair(input: $0.input, output: nil) }
                return "\"\(task.name)\": {\"train\": \(ARCSamples.json(task.demonstrations)), "
                    + "\"test\": \(ARCSamples.json(hidden))}"
            }
            return "{" + entries.joined(separator: ",") + "}"
        }
        func solutions(_ tasks: [ARCTask]) -> String {
            let entries = tasks.map { task in
                let outputs = task.tests.compactMap(\.output).map { ARCSamples.json($0) }
                return "\"\(task.name)\": [\(outputs.joined(separator: ","))]"
            }
            return "{" + entries.joined(separator: ",") + "}"
        }
        let files = [
            "arc_training_challenges.json": challenges([samples[1], samples[0]]),
            "arc_training_solutions.json": solutions([samples[0], samples[1]]),
            "arc_test_challenges.json": challenges([samples[2]]),
            "sample_submission.json": "{}",
        ]
        let entries = try Self.read(files).get().entries
        #expect(entries.map(\.task.name) == ["task2", "task0", "task1"])
        #expect(entries.map(\.isEvaluation) == [true, false, false])
        #expect(entries[1].task == samples[0])
        #expect(entries[2].task == samples[1])
        #expect(entries[0].task.tests.map(\.input) == samples[2].tests.map(\.input))
        #expect(entries[0].task.tests.allSatisfy { $0.output == nil })

        var damaged = files
        damaged["arc_training_solutions.json"] = solutions([samples[0]])
        #expect(
            try Self.error(damaged)?.problem
                == .unmatchedTask("task1", file: "arc_training_solutions.json"))
        damaged["arc_training_solutions.json"] = solutions(samples)
        #expect(
            try Self.error(damaged)?.problem
                == .unmatchedTask("task2", file: "arc_training_challenges.json"))
        var short = samples[1]
        short.tests.removeLast()
        damaged["arc_training_solutions.json"] = solutions([samples[0], short])
        let error = try Self.error(damaged)
        #expect(error?.problem == .solutionCount(found: 1, expected: 2))
        #expect(error?.task == "task1")
        damaged["arc_training_solutions.json"] =
            "{\"task0\": [[[1]], [[1, 2], [3, 10]]], \"task1\": []}"
        let place = try Self.error(damaged)
        #expect(place?.problem == .notAColor(10))
        #expect(place?.task == "task0")
        #expect(
            place?.place == .init(part: "test", pair: 2, side: "output", row: 2, column: 2))
        #expect(
            try Self.error(["arc_x_solutions.json": "{}"])?.problem
                == .missingChallenges(file: "arc_x_challenges.json"))
    }

    static let good = "{\"input\": [[1, 2], [3, 4]], \"output\": [[5]]}"

    static func text(train: String = good, test: String = good) -> String {
        "{\"train\": [\(good), \(train)], \"test\": [\(test)]}"
    }

    static func grid(rows: Int, columns: Int) -> String {
        ARCSamples.json(
            PuzzleGrid(
                rows: rows, columns: columns, cells: Array(repeating: 0, count: rows * columns)))
    }

    typealias Place = ARCTaskError.Place
    static let input = Place(part: "train", pair: 2, side: "input")

    static let broken: [(text: String, place: Place?, problem: ARCTaskError.Problem)] = [
        ("", nil, .notJSON(reason: "it is not valid JSON: it is empty")),
        (
            "{\"train\": [\n", nil,
            .notJSON(reason: "it is not valid JSON: line 2, column 1 breaks the rules")
        ),
        (
            "\u{0}", nil,
            .notJSON(reason: "it is not valid JSON: line 1, column 1 breaks the rules")
        ),
        (
            String(repeating: "[", count: 100_000), nil,
            .notJSON(
                reason: "it is not valid JSON for this program: lists and objects are nested more "
                    + "than 512 deep")
        ),
        ("[]", nil, .wrongKind(expected: "an object with 'train' and 'test'")),
        ("{\"test\": [\(good)]}", nil, .missingKey("train")),
        ("{\"train\": [\(good)]}", nil, .missingKey("test")),
        ("{\"train\": [], \"test\": [\(good)]}", Place(part: "train"), .noPairs),
        ("{\"train\": [\(good)], \"test\": []}", Place(part: "test"), .noPairs),
        (
            "{\"train\": 3, \"test\": []}", Place(part: "train"),
            .wrongKind(expected: "a list of pairs")
        ),
        (
            text(train: "[]"), Place(part: "train", pair: 2),
            .wrongKind(expected: "an object with 'input' and 'output'")
        ),
        (
            text(train: "{\"output\": [[1]]}"), Place(part: "train", pair: 2),
            .missingKey("input")
        ),
        (
            text(train: "{\"input\": [[1]]}"), Place(part: "train", pair: 2),
            .missingKey("output")
        ),
        (
            text(train: "{\"input\": [[1]], \"output\": null}"), Place(part: "train", pair: 2),
            .missingKey("output")
        ),
        (
            text(train: "{\"input\": 1, \"output\": [[1]]}"), input,
            .wrongKind(expected: "a grid: a list of rows")
        ),
        (text(train: "{\"input\": [], \"output\": [[1]]}"), input, .emptyGrid),
        (text(train: "{\"input\": [[], []], \"output\": [[1]]}"), input, .emptyGrid),
        (
            text(train: "{\"input\": [[1], [1, 2]], \"output\": [[1]]}"),
            Place(part: "train", pair: 2, side: "input", row: 2),
            .unevenRow(found: 2, expected: 1)
        ),
        (
            text(train: "{\"input\": [[1, 2], 7], \"output\": [[1]]}"),
            Place(part: "train", pair: 2, side: "input", row: 2),
            .wrongKind(expected: "a row: a list of colours")
        ),
        (
            text(train: "{\"input\": \(grid(rows: 31, columns: 2)), \"output\": [[1]]}"), input,
            .tooManyRows(31)
        ),
        (
            text(train: "{\"input\": \(grid(rows: 2, columns: 31)), \"output\": [[1]]}"),
            Place(part: "train", pair: 2, side: "input", row: 1), .tooManyColumns(31)
        ),
        (
            text(test: "{\"input\": [[1]], \"output\": [[0, 0], [0, 10]]}"),
            Place(part: "test", pair: 1, side: "output", row: 2, column: 2), .notAColor(10)
        ),
        (
            text(test: "{\"input\": [[-1]], \"output\": [[0]]}"),
            Place(part: "test", pair: 1, side: "input", row: 1, column: 1), .notAColor(-1)
        ),
    ]

    @Test(arguments: broken.indices)
    func errorsNameThePlace(_ index: Int) throws {
        let sample = Self.broken[index]
        let error = try #require(try Self.error(["bad.json": sample.text]))
        #expect(error.problem == sample.problem)
        #expect(error.place == sample.place)
        #expect(error.path.hasSuffix("/bad.json"))
        #expect(error.description.hasPrefix(error.path))
    }

    @Test(arguments: ["1.5", "\"1\"", "true", "1e300", "null", "[1]", "99999999999999999999"])
    func onlyWholeNumbersAreColors(_ value: String) throws {
        let text = Self.text(train: "{\"input\": [[1, \(value)]], \"output\": [[1]]}")
        let error = try Self.error(["bad.json": text])
        #expect(
            error?.problem
                == .wrongKind(expected: "a colour: a whole number from 0 to 9"), "\(value)")
        #expect(error?.place?.row == 1)
        #expect(error?.place?.column == 2)
    }

    @Test func errorsInCompetitionFilesNameTheTask() throws {
        let text = "{\"aa\": \(Self.text()), \"bb\": \(Self.text(test: "{}"))}"
        let error = try Self.error(["x_challenges.json": text])
        #expect(error?.task == "bb")
        #expect(error?.place == .init(part: "test", pair: 1))
        #expect(error?.problem == .missingKey("input"))
        #expect(error?.description.contains("x_challenges.json, task bb, test pair 1: ") == true)
    }

    @Test func tasksAreThereOnce() throws {
        let text = Self.text()
        let other = Self.text(test: "{\"input\": [[7]]}")
        let error = try Self.error(["a/t.json": text, "b/t.json": other])
        guard case .duplicateTask("t", let path)? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix("a/t.json"))
        #expect(error?.path.hasSuffix("b/t.json") == true)
        #expect(try Self.read(["a/t.json": text, "b/t.json": text]).get().entries.count == 1)
        let twice = try Self.error(["x_challenges.json": "{\"t\": \(text), \"t\": \(text)}"])
        #expect(twice?.problem == .duplicateTask("t", other: ""))
    }

    @Test func namesOfAugmentedTasksAreRefused() throws {
        let name = "t_t3_0123456789"
        #expect(
            try Self.error(["\(name).json": Self.text()])?.problem == .augmentedName(name))
        #expect(
            try Self.error(["x_challenges.json": "{\"\": \(Self.text())}"])?.problem
                == .unusableName(""))
    }

    @Test func emptyFoldersAndMissingOnes() throws {
        #expect(try Self.error(["readme.md": ""])?.problem == .noTasks)
        try withScratchFolder { folder in
            let missing = folder.appendingPathComponent("missing")
            #expect {
                try ARCTaskCollection(sources: [missing])
            } throws: { error in
                guard case .unreadable? = (error as? ARCTaskError)?.problem else { return false }
                return "\(error)".contains(missing.path)
            }
        }
    }

    @Test func linksInCirclesEnd() throws {
        try withScratchFolder { folder in
            try ARCSamples.write([ARCSamples.task("t", seed: 1)], into: folder)
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("again"), withDestinationURL: folder)
            #expect(try ARCTaskCollection(sources: [folder]).entries.count == 1)
        }
    }

    /// After any mutation, the file is either refused or read as a valid task.
    @Test func survivesMutation() throws {
        let task = ARCSamples.task("t", seed: 5, side: 4)
        let sources = [
            ("t.json", ARCSamples.json(task)),
            ("t_challenges.json", "{\"t\":\(ARCSamples.json(task))}"),
        ]
        let series = Mutations(
            "ARC JSON", count: 3000, seed: 0, telling: "[]{},:\"0123456789-.e".utf8)
        try withScratchFolder { folder in
            _ = try series.run(on: sources.map { Array($0.1.utf8) }) { round in
                let url = folder.appendingPathComponent(sources[round.original].0)
                try Data(round.bytes).write(to: url)
                do {
                    for entry in try ARCTaskCollection(sources: [url]).entries {
                        let grids = entry.task.pairs.flatMap { [$0.input, $0.output ?? $0.input] }
                        #expect(
                            !grids.isEmpty
                                && grids.allSatisfy {
                                    (1...30).contains($0.rows) && (1...30).contains($0.columns)
                                        && $0.cells.allSatisfy { $0 < 10 }
                                }, "\(round.description)")
                    }
                    return true
                } catch let error as ARCTaskError {
                    #expect(error.path == url.path, "\(round.description): \(error)")
                    return false
                }
            }
        }
    }

    @Test(
        .enabled(if: SharedData.has("arc-agi-1"), "the ARC files are not beside the repository"),
        arguments: [
            (["arc-agi-1/data", "conceptarc/corpus"], 960, 400), (["arc-agi-2/data"], 1120, 120),
            (["mini-arc/data"], 149, 0),
        ])
    func readsPublishedFiles(sources: [String], count: Int, evaluation: Int) throws {
        let entries = try ARCTaskCollection(sources: sources.map(SharedData.url)).entries
        #expect(entries.count == count)
        #expect(entries.count(where: \.isEvaluation) == evaluation)
    }
}

import Foundation
import HRMData
import Testing
import _HRMTestSupport

/// The evaluation sources of ARC tasks, and the contents of their files.
@Suite struct ARCSourceTests {
    typealias Files = [String: String]

    static let samples = (0..<8).map { ARCSamples.task("task\($0)", seed: UInt64(60 + $0)) }

    /// Reads sources in a folder with these files; by default the folder itself.
    static func read(
        _ files: Files, sources: [String] = ["."], evaluation: [String]? = nil
    ) throws -> ARCTaskCollection {
        try withScratchFolder { folder in
            for (name, text) in files {
                let url = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try write(text, to: url)
            }
            return try ARCTaskCollection(
                sources: sources.map { folder.appendingPathComponent($0) }, evaluation: evaluation)
        }
    }

    static func error(_ files: Files, sources: [String] = ["."]) -> ARCTaskError? {
        do {
            _ = try read(files, sources: sources)
            return nil
        } catch {
            return error as? ARCTaskError
        }
    }

    /// Returns an object of tasks, with or without the answers to the test inputs.
    static func challenges(_ tasks: [ARCTask], hidesAnswers: Bool = true) -> String {
        let entries = tasks.map { task in
            var task = task
            if hidesAnswers { task.tests = task.tests.map { .init(input: $0.input, output: nil) } }
            return "\"\(task.name)\": \(ARCSamples.json(task))"
        }
        return "{" + entries.joined(separator: ",") + "}"
    }

    static func solutions(_ tasks: [ARCTask]) -> String {
        let entries = tasks.map { task in
            let outputs = task.tests.compactMap(\.output).map { ARCSamples.json($0) }
            return "\"\(task.name)\": [\(outputs.joined(separator: ","))]"
        }
        return "{" + entries.joined(separator: ",") + "}"
    }

    static func pair(_ tasks: ArraySlice<ARCTask>, _ stem: String, by join: String = "_") -> Files {
        [
            "\(stem)\(join)challenges.json": challenges(Array(tasks)),
            "\(stem)\(join)solutions.json": solutions(Array(tasks)),
        ]
    }

    static func combined(_ parts: Files...) -> Files {
        parts.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }

    static func measured(_ collection: ARCTaskCollection) -> [String] {
        collection.entries.filter(\.isEvaluation).map(\.task.name).sorted()
    }

    @Test(arguments: [
        "evaluation", "evaluation2", "evaluation-40", "evaluation2A", "Evaluation", "eval", "evals",
        "eval_v2", "PublicEval", "public_eval", "validation", "valid", "val", "test", "testing",
        "test-set", "arc-agi_evaluation2", "arcEvaluation", "private-evaluation-set", "dev",
        "train_and_test",
    ])
    func namesOfSetsToMeasureOn(_ name: String) throws {
        let task = ["\(name)/task0.json": ARCSamples.json(Self.samples[0])]
        let more = ["a/task1.json": ARCSamples.json(Self.samples[1])]
        #expect(Self.measured(try Self.read(Self.combined(task, more))) == ["task0"])
        let file = Self.combined(Self.pair(Self.samples[0..<1], name), more)
        #expect(Self.measured(try Self.read(file)) == ["task0"])
        #expect(
            Self.measured(
                try Self.read(file, sources: ["\(name)_challenges.json", "a"])) == ["task0"])
        #expect(try Self.read(file).entries.count == 2)
    }

    @Test(arguments: [
        "training", "training2", "concept", "contest", "latest", "evolution", "corpus",
        "attestation",
        "tasks", "value", "devices", "train",
    ])
    func namesOfOtherSets(_ name: String) throws {
        let files = Self.combined(
            ["\(name)/task0.json": ARCSamples.json(Self.samples[0])],
            Self.pair(Self.samples[1..<2], name))
        #expect(Self.measured(try Self.read(files)) == [])
    }

    @Test func theInnermostNameCounts() throws {
        let text = (0..<4).map { ARCSamples.json(Self.samples[$0]) }
        let collection = try Self.read([
            "eval-kit/data/training/task0.json": text[0],
            "eval-kit/data/evaluation/task1.json": text[1], "eval-kit/task2.json": text[2],
            "other/test_pattern.json": text[3],
        ])
        // The name of a single task's file does not determine its use.
        #expect(Self.measured(collection) == ["task1", "task2"])
        // A single file takes its use from the folder's name.
        let one = try Self.read(
            ["evaluation/task1.json": text[1]], sources: ["evaluation/task1.json"])
        #expect(Self.measured(one) == ["task1"])
    }
}

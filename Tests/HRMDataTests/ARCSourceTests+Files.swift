import Foundation
import HRMData
import Testing
import _HRMTestSupport

/// Files of tasks and answers, and their folders.
extension ARCSourceTests {
    /// The combined files of the Tiny Recursive Model's recipe for ARC-AGI-2.
    @Test func combinedFiles() throws {
        let files = Self.combined(
            Self.pair(Self.samples[0..<3], "arc-agi_training2"),
            Self.pair(Self.samples[3..<5], "arc-agi_evaluation2"),
            Self.pair(Self.samples[5..<6], "arc-agi_evaluation"),
            Self.pair(Self.samples[6..<8], "arc-agi_concept"))
        let sources = ["training2", "evaluation2", "concept"].map {
            "arc-agi_\($0)_challenges.json"
        }
        let guessed = try Self.read(files, sources: sources)
        #expect(guessed.entries.count == 7)
        #expect(Self.measured(guessed) == ["task3", "task4"])
        #expect(guessed.origins.map(\.isEvaluation) == [false, true, false])
        #expect(guessed.entries.allSatisfy { $0.task.tests.allSatisfy { $0.output != nil } })

        for name in [
            "evaluation2", "arc-agi_evaluation2", "arc-agi_evaluation2_challenges",
            "arc-agi_evaluation2_challenges.json",
        ] {
            let named = try Self.read(files, evaluation: [name])
            #expect(named.entries.count == 8)
            #expect(Self.measured(named) == ["task3", "task4"])
            let other = try #require(named.origins.first { $0.path.contains("evaluation_") })
            #expect(other.soundsLikeEvaluation && !other.isEvaluation)
        }
        let both = try Self.read(files, evaluation: ["evaluation2", "concept"])
        #expect(Self.measured(both) == ["task3", "task4", "task6", "task7"])
        #expect {
            try Self.read(files, evaluation: ["evaluation3"])
        } throws: { error in
            "\(error)".hasPrefix("evaluation3: ") && "\(error)".contains("arc-agi_evaluation2_")
        }
    }

    @Test func foldersCanBeNamed() throws {
        let text = (0..<3).map { ARCSamples.json(Self.samples[$0]) }
        let files = [
            "data/easy/task0.json": text[0], "data/hard/deep/task1.json": text[1],
            "data/evaluation/task2.json": text[2],
        ]
        for name in ["hard", "hard/"] {
            let collection = try Self.read(files, sources: ["data"], evaluation: [name])
            #expect(Self.measured(collection) == ["task1"])
        }
        try withScratchFolder { folder in
            try ARCSamples.write([Self.samples[0]], into: folder.appendingPathComponent("a"))
            try ARCSamples.write([Self.samples[1]], into: folder.appendingPathComponent("b"))
            let sources = ["a", "b"].map { folder.appendingPathComponent($0) }
            let collection = try ARCTaskCollection(
                sources: sources, evaluation: [sources[1].path])
            #expect(Self.measured(collection) == ["task1"])
        }
    }

    /// A name that matches both a folder and something inside it is ambiguous, unless both have the
    /// same tasks.
    @Test func namesThatMeanTwoThingsAreRefused() throws {
        let text = (0..<3).map { ARCSamples.json(Self.samples[$0]) }
        let files = [
            "arc/cs/cs/task0.json": text[0], "arc/cs/other/task1.json": text[1],
            "arc/plain/task2.json": text[2],
        ]
        for (sources, name) in [
            (["arc/cs"], "cs"), (["arc"], "cs"), (["arc"], "cs/"), (["arc/cs", "arc/plain"], "cs"),
        ] {
            #expect {
                try Self.read(files, sources: sources, evaluation: [name])
            } throws: { error in
                guard let error = error as? ARCTaskError,
                    case .ambiguousEvaluation(let outer, let inner) = error.problem
                else { return false }
                return error.path == name && outer.hasSuffix("arc/cs")
                    && inner.hasSuffix("arc/cs/cs")
            }
        }
        // A path is unambiguous.
        try withScratchFolder { folder in
            for (name, text) in files {
                let url = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try write(text, to: url)
            }
            for (path, measured) in [("arc/cs", ["task0", "task1"]), ("arc/cs/cs", ["task0"])] {
                let collection = try ARCTaskCollection(
                    sources: [folder.appendingPathComponent("arc")],
                    evaluation: [folder.appendingPathComponent(path).path])
                #expect(Self.measured(collection) == measured)
            }
        }
        // A name that matches a folder and a file in it, or the last part of a name, is ambiguous
        // as well.
        for name in ["hard", "a-hard"] {
            #expect(throws: ARCTaskError.self) {
                try Self.read(
                    ["\(name)/hard.json": text[0], "\(name)/x.json": text[1]],
                    evaluation: ["hard"])
            }
        }
        // Both readings select the same tasks, or the two folders are not nested.
        let nested = try Self.read(
            ["arc/cs/cs/task0.json": text[0], "arc/x/task1.json": text[1]], evaluation: ["cs"])
        #expect(Self.measured(nested) == ["task0"])
        let apart = try Self.read(
            ["a/cs/task0.json": text[0], "b/cs/task1.json": text[1], "c/task2.json": text[2]],
            sources: ["a", "b", "c"], evaluation: ["cs"])
        #expect(Self.measured(apart) == ["task0", "task1"])
    }

    /// Files of many tasks are listed individually, even if their folder is named.
    @Test func filesInANamedFolderStayApart() throws {
        let files = Self.combined(
            Self.pair(Self.samples[0..<3], "data/x_training"),
            Self.pair(Self.samples[3..<5], "data/x_evaluation"),
            ["data/plain.json": Self.challenges([Self.samples[5]], hidesAnswers: false)])
        let collection = try Self.read(files, sources: ["data"], evaluation: ["data"])
        #expect(
            collection.origins.map { $0.path.split(separator: "/").last } == [
                "plain.json", "x_evaluation_challenges.json", "x_training_challenges.json",
            ])
        #expect(collection.origins.allSatisfy { $0.isEvaluation })
    }

    /// A source that is given again, by any path, is read once, and no task counts twice.
    @Test func sourcesThatAreGivenTwice() throws {
        try withScratchFolder { folder in
            try ARCSamples.write(
                Array(Self.samples[0..<3]), into: folder.appendingPathComponent("tasks"))
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("eval-link"),
                withDestinationURL: folder.appendingPathComponent("tasks"))
            try write("x", to: folder.appendingPathComponent("tasks/more.json.gz"))
            func read(_ names: [String], _ evaluation: String? = nil) throws -> ARCTaskCollection {
                try ARCTaskCollection(
                    sources: names.map { folder.appendingPathComponent($0) },
                    evaluation: evaluation.map { [$0] })
            }
            let once = try read(["tasks"])
            let path = folder.appendingPathComponent("tasks").standardizedFileURL.path
            for other in ["tasks", "./tasks/", "tasks/../tasks"] {
                let twice = try read(["tasks", other])
                #expect(twice.entries == once.entries && twice.origins == once.origins)
                #expect(
                    twice.remarks == [.repeatedSource(path: path, other: path)] + once.remarks)
            }
            // Either name can select the source, and determines its use.
            let linked = try read(["tasks", "eval-link"])
            #expect(linked.entries.count == 3 && Self.measured(linked).count == 3)
            for name in ["tasks", "eval-link", "link"] {
                #expect(try Self.measured(read(["tasks", "eval-link"], name)).count == 3)
            }
            // A file in a folder that is a source, too.
            let file = try read(["tasks", "tasks/task1.json"])
            #expect(file.entries == once.entries)
        }
    }
}

import Foundation
import HRMData
import Testing

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
        // The name of a single task's file does not tell the use of the set.
        #expect(Self.measured(collection) == ["task1", "task2"])
        // A single file takes its use from the folder's name.
        let one = try Self.read(
            ["evaluation/task1.json": text[1]], sources: ["evaluation/task1.json"])
        #expect(Self.measured(one) == ["task1"])
    }

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

    /// A name of a folder and of one in it leaves open which is meant, unless both have the same tasks.
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
        // A path says which.
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
        // Names of a folder and of a file in it, and the last part of a name, are no clearer.
        for name in ["hard", "a-hard"] {
            #expect(throws: ARCTaskError.self) {
                try Self.read(
                    ["\(name)/hard.json": text[0], "\(name)/x.json": text[1]],
                    evaluation: ["hard"])
            }
        }
        // The same tasks by either reading, and two folders that do not lie in each other.
        let nested = try Self.read(
            ["arc/cs/cs/task0.json": text[0], "arc/x/task1.json": text[1]], evaluation: ["cs"])
        #expect(Self.measured(nested) == ["task0"])
        let apart = try Self.read(
            ["a/cs/task0.json": text[0], "b/cs/task1.json": text[1], "c/task2.json": text[2]],
            sources: ["a", "b", "c"], evaluation: ["cs"])
        #expect(Self.measured(apart) == ["task0", "task1"])
    }

    /// Files of many tasks are told one by one, also where their folder is named.
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

    /// A source that is given again, by whatever path, is read once, and no task counts twice.
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
            // Either name can be meant, and tells what the tasks are for.
            let linked = try read(["tasks", "eval-link"])
            #expect(linked.entries.count == 3 && Self.measured(linked).count == 3)
            for name in ["tasks", "eval-link", "link"] {
                #expect(try Self.measured(read(["tasks", "eval-link"], name)).count == 3)
            }
            // A file of a folder that is a source, too.
            let file = try read(["tasks", "tasks/task1.json"])
            #expect(file.entries == once.entries)
        }
    }

    /// The competition's folder repeats evaluation tasks, without answers, as a placeholder.
    @Test func repeatedTasksAreTakenOnce() throws {
        let evaluation = Array(Self.samples[3..<6])
        let files = Self.combined(
            Self.pair(Self.samples[0..<3], "arc-agi_training"),
            Self.pair(Self.samples[3..<6], "arc-agi_evaluation"),
            [
                "arc-agi_test_challenges.json": Self.challenges(evaluation),
                "sample_submission.json":
                    #"{"task3": [{"attempt_1": [[0, 0]], "attempt_2": [[0, 0]]}]}"#,
            ])
        let collection = try Self.read(files)
        #expect(collection.entries.count == 6)
        #expect(Self.measured(collection) == ["task3", "task4", "task5"])
        #expect(
            collection.entries.map(\.task).sorted { $0.name < $1.name }
                == Array(Self.samples[0..<6]))
        let repeated = collection.remarks.contains {
            guard case .repeated(3, let path, let other) = $0 else { return false }
            return path.hasSuffix("arc-agi_test_challenges.json")
                && other.hasSuffix("arc-agi_evaluation_challenges.json")
        }
        #expect(repeated, "\(collection.remarks)")
        let passedOver = collection.remarks.contains {
            guard case .passedOver(let path, _) = $0 else { return false }
            return path.hasSuffix("sample_submission.json")
        }
        #expect(passedOver)

        // The answers may come second, and a training copy does not make an evaluation task a
        // training task.
        let order = Self.combined(
            ["a_test_challenges.json": Self.challenges(evaluation)],
            Self.pair(Self.samples[3..<6], "b_training"))
        let late = try Self.read(order)
        #expect(Self.measured(late) == ["task3", "task4", "task5"])
        #expect(late.entries.map(\.task) == evaluation)
    }

    @Test func repeatedTasksWithOtherPairsAreRefused() throws {
        var other = Self.samples[0]
        other.demonstrations[1].output = other.demonstrations[0].input
        var answered = Self.samples[0]
        answered.tests[0].output = answered.tests[0].input
        var shorter = Self.samples[0]
        shorter.tests.removeLast()
        for copy in [other, answered, shorter] {
            let error = Self.error([
                "a/task0.json": ARCSamples.json(Self.samples[0]),
                "b/task0.json": ARCSamples.json(copy),
            ])
            guard case .duplicateTask("task0", _)? = error?.problem else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(error?.description.contains("with other pairs") == true)
        }
        var files = Self.pair(Self.samples[0..<1], "x")
        files["x_challenges.json"] = Self.challenges([answered], hidesAnswers: false)
        // The file of answers takes precedence, with a remark.
        let replaced = try Self.read(files)
        #expect(replaced.entries.map(\.task) == [Self.samples[0]])
        guard case .passedOver(let path, let reason)? = replaced.remarks.first else {
            Issue.record("\(replaced.remarks)")
            return
        }
        #expect(path.hasSuffix("x_challenges.json"))
        #expect(reason.contains("task task0, test pair 1: x_solutions.json has others"))
    }

    @Test func listsOfPairsAreDemonstrations() throws {
        let collection = try Self.read([
            "re_arc/tasks/task0.json": ARCSamples.json(Self.samples[0].demonstrations),
            "re_arc/tasks/task1.json": ARCSamples.json(Self.samples[1].demonstrations),
        ])
        #expect(collection.entries.map(\.task.name) == ["task0", "task1"])
        #expect(collection.entries[0].task.demonstrations == Self.samples[0].demonstrations)
        #expect(collection.entries.allSatisfy { $0.task.tests.isEmpty })
        let object = try Self.read([
            "all.json": "{\"b\": \(ARCSamples.json(Self.samples[0].demonstrations)), "
                + "\"a\": \(ARCSamples.json(Self.samples[1].demonstrations))}"
        ])
        #expect(object.entries.map(\.task.name) == ["a", "b"])
        let broken = Self.error(["t.json": #"[{"input": [[1]], "output": [[1, 10]]}]"#])
        #expect(broken?.problem == .notAColor(10))
        #expect(
            broken?.place == .init(part: "train", pair: 1, side: "output", row: 1, column: 2))
        let open = Self.error(["t.json": #"[{"input": [[1]], "output": [[1]]}, {"input": [[1]]}]"#])
        #expect(open?.problem == .missingKey("output"))
        #expect(open?.place == .init(part: "train", pair: 2))
    }

    @Test(arguments: ["-", "_", ".", " "])
    func manyTasksAreToldByTheirContent(_ join: String) throws {
        let files = Self.combined(
            Self.pair(Self.samples[0..<3], "arc-agi_training", by: join),
            Self.pair(Self.samples[3..<5], "arc-agi_evaluation", by: join))
        let collection = try Self.read(files)
        #expect(collection.entries.map(\.task.name) == [3, 4, 0, 1, 2].map { "task\($0)" })
        #expect(Self.measured(collection) == ["task3", "task4"])
        #expect(collection.entries.allSatisfy { $0.task.tests.allSatisfy { $0.output != nil } })
        let plain = Self.challenges(Array(Self.samples[0..<2]), hidesAnswers: false)
        for name in ["training.json", "everything.JSON", "challenges.json"] {
            let collection = try Self.read(["all/\(name)": plain], sources: ["all/\(name)"])
            #expect(collection.entries.map(\.task) == Array(Self.samples[0..<2]))
            #expect(try Self.read(["all/\(name)": plain]).entries.count == 2)
        }
        let alone = try Self.read([
            "challenges.json": Self.challenges([Self.samples[0]]),
            "solutions.json": Self.solutions([Self.samples[0]]),
        ])
        #expect(alone.entries.map(\.task) == [Self.samples[0]])
    }

    @Test func compressedFilesAreNamed() throws {
        let packed = String(decoding: [0x1F, 0x00] as [UInt8], as: UTF8.self)
        let only = Self.error(["a/x_challenges.json.gz": packed])
        guard case .onlyCompressed(let file)? = only?.problem else {
            Issue.record("\(String(describing: only))")
            return
        }
        #expect(file.hasSuffix("x_challenges.json.gz"))
        #expect(only?.description.contains("gunzip") == true)
        let beside = try Self.read([
            "a/x.json.gz": packed, "a/task0.json": ARCSamples.json(Self.samples[0]),
        ])
        #expect(beside.entries.count == 1)
        #expect(beside.remarks.count == 1)
        try withScratchFolder { folder in
            for name in ["t.json", "t.json.gz"] {
                let url = folder.appendingPathComponent(name)
                try Data([0x1F, 0x8B, 0x08, 0, 0, 0]).write(to: url)
                #expect {
                    try ARCTaskCollection(sources: [url])
                } throws: {
                    "\($0)".contains("gunzip")
                }
            }
        }
    }

    /// Decoders treat two encodings of the same characters as one name.
    @Test func namesEqualAfterDecodingAreRefused() {
        let task = ARCSamples.json(Self.samples[0])
        for name in ["e\u{301}", "\\u00e9", "\u{E9}"] {
            let error = Self.error([
                "x_challenges.json": "{\"\u{E9}\": \(task), \"\(name)\": \(task)}"
            ])
            guard case .duplicateTask(_, other: "")? = error?.problem else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
        for text in [
            #"{"train": [{"input": [[1]], "output": [[1]], "input": [[2]]}], "test": []}"#,
            #"{"train": [], "test": [], "train": []}"#,
        ] {
            guard case .notJSON(let reason)? = Self.error(["t.json": text])?.problem else {
                Issue.record("\(text)")
                continue
            }
            #expect(reason.contains("twice"))
        }
    }

    @Test func contradictoryPairsAreNoted() throws {
        var task = Self.samples[0]
        task.demonstrations[2].input = task.demonstrations[0].input
        var same = Self.samples[1]
        same.demonstrations[2] = same.demonstrations[0]
        let collection = try Self.read([
            "a.json": ARCSamples.json(task), "b.json": ARCSamples.json(same),
        ])
        #expect(collection.remarks == [.contradictory(task: "a", pairs: [1, 3])])
    }

    @Test func tasksCanBeChosen() throws {
        var collection = try Self.read(
            Self.combined(
                Self.pair(Self.samples[0..<4], "x"), Self.pair(Self.samples[4..<6], "test")))
        try collection.keep(only: ["task5", "task1"])
        #expect(collection.entries.map(\.task.name) == ["task5", "task1"])
        #expect(Self.measured(collection) == ["task5"])
        #expect {
            try collection.keep(only: ["task1", "nothing\u{1B}"])
        } throws: { error in
            "\(error)".contains("none is named nothing<U+1B>")
        }
    }

    @Test func errorsDoNotSteerTheTerminal() {
        let task = ARCSamples.json(Self.samples[0])
        for text in [
            #"{"\u001b[31m": \#(task), "\u001b[31m": \#(task)}"#,
            #"{"\u001b]0;x\u0007": \#(task)}"#,
            #"{"\u202Ea": {"train": [], "test": []}}"#,
        ] {
            let error = Self.error(["x_challenges.json": text])
            let words = error?.description ?? "\u{1B}"
            #expect(
                !words.contains("\u{1B}") && !words.contains("\u{7}"), "\(words.debugDescription)")
            #expect(!words.contains("\u{202E}"), "\(words.debugDescription)")
        }
    }
}

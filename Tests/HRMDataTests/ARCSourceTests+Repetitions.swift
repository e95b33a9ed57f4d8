import Foundation
import HRMData
import Testing

/// Tasks that are given more than once, and pairs without a test.
extension ARCSourceTests {
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
}

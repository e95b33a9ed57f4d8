import Foundation
import Testing

/// ARC tasks that are learned by themselves: `hrm solve` without a model, `hrm evaluate --arc`.
@Suite struct LearnedTaskTests {
    private struct Report: Decodable {
        struct Task: Decodable, Equatable {
            struct Test: Decodable, Equatable {
                struct Attempt: Decodable, Equatable {
                    var grid: [[Int]]
                    var sureness: Double
                    var right: Bool?
                }
                var attempts: [Attempt]
                var candidates: Int
                var rank: Int?
            }
            var task: String
            var tests: [Test]
            var steps: Int
            var ending: String
            var flop: Double
        }
        var tasks: [Task]
        var errors: Int
    }

    private static func report(_ result: Program.Result) throws -> Report {
        #expect(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    /// A task without its correct answers, as in the competition.
    private static let hidden: String = {
        let text = ARCTests.task(4)
        guard let last = text.range(of: ",\"output\":", options: .backwards) else { return text }
        return String(text[..<last.lowerBound]) + "}]}"
    }()

    @Test func solvesATaskThatNobodyTrainedOn() throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            let file = "tasks/evaluation/task4.json"
            let plain = try bench.hrm("solve", file, "--steps", "3")
            #expect(plain.status == 0, "\(plain.errors)")
            #expect(plain.output.contains("task4, test input 1: 3 steps"), "\(plain.output)")
            #expect(plain.output.contains("attempt 1: ") && plain.output.contains(" sure, "))
            let drawn = try bench.hrm(
                "solve", file, "--steps", "3", "--svg", "a.svg", "--png", "a.png", "--animation",
                "a.gif", "--submission", "s.json", "--json")
            let task = try #require(try Self.report(drawn).tasks.first)
            #expect(task.task == "task4" && task.steps == 3 && task.ending == "steps")
            #expect(task.flop > 0 && (1...2).contains(task.tests[0].attempts.count))
            #expect(task.tests[0].attempts.allSatisfy { $0.right != nil })
            #expect(try bench.bytes("a.gif").starts(with: Data("GIF89a".utf8)))
            #expect(try bench.bytes("a.png").starts(with: [0x89, 0x50]))
            #expect(String(decoding: try bench.bytes("a.svg"), as: UTF8.self).contains("attempt 1"))
            let submission = try JSONDecoder().decode(
                ARCTests.Submission.self, from: try bench.bytes("s.json"))
            #expect(submission["task4"]?[0]["attempt_1"] == task.tests[0].attempts[0].grid)
            // The seed determines everything.
            let again = try Self.report(try bench.hrm("solve", file, "--steps", "3", "--json"))
            #expect(again.tasks == [task])
            let other = try bench.hrm(
                "solve", file, "--steps", "3", "--json", "--seed", "7", "--candidates", "output",
                "--attempt-rule", "published", "--stable-steps", "0", "--minutes", "10")
            #expect(try Self.report(other).tasks.first != task)
        }
    }

    /// Correct answers in a file change no attempt.
    @Test func answersOfAFileAreNotLearned() throws {
        try Workbench.use { bench in
            try #require(Self.hidden.count < ARCTests.task(4).count)
            var answers: [[[[Int]]]] = []
            for text in [
                ARCTests.task(4), Self.hidden,
                Self.hidden.replacingOccurrences(
                    of: "}]}", with: ",\"output\":[[9],[9],[9],[9]]}]}"),
            ] {
                try bench.write(text, to: "a.json")
                let report = try Self.report(
                    try bench.hrm("solve", "a.json", "--steps", "4", "--json"))
                answers.append(report.tasks[0].tests.map { $0.attempts.map(\.grid) }[0])
            }
            #expect(answers[0] == answers[1] && answers[1] == answers[2])
        }
    }

    @Test func foldersAndCompetitionFiles() throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            let folder = try Self.report(
                try bench.hrm("solve", "tasks", "--steps", "2", "--json", "--workers", "2"))
            #expect(
                folder.tasks.map(\.task) == ["task4", "task5", "task1", "task2", "task3"],
                "\(folder.tasks.map(\.task))")
            try bench.write(
                "{\"task4\":\(Self.hidden),\"task2\":\(ARCTests.task(2))}",
                to: "arc_evaluation_challenges.json")
            let file = try Self.report(
                try bench.hrm(
                    "solve", "arc_evaluation_challenges.json", "--steps", "2", "--json",
                    "--workers", "1"))
            #expect(file.tasks.map(\.task) == ["task2", "task4"])
            for task in file.tasks {
                let same = try #require(folder.tasks.first { $0.task == task.task })
                #expect(
                    same.tests.map { $0.attempts.map(\.grid) }
                        == task.tests.map { $0.attempts.map(\.grid) })
            }
            #expect(file.tasks[1].tests[0].attempts.allSatisfy { $0.right == nil })
        }
    }

    @Test func errorsNameTheRemedy() throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            let file = "tasks/training/task1.json"
            try bench.write("[{\"input\":[[1]],\"output\":[[2]]}]", to: "pairs.json")
            let mixed = try bench.hrm("solve", "pairs.json", "none.json", file, "--steps", "2")
            #expect(mixed.status == 1)
            #expect(mixed.errors.contains("nothing to solve"), "\(mixed.errors)")
            #expect(mixed.errors.contains("--checkpoint") && mixed.errors.contains("none.json"))
            #expect(mixed.output.contains("task1, test input 1"))
            for arguments in [
                [file, "--votes", "3"], [file, "--trace"], [file, "--data", "d"],
                ["1....2....2...41", "--steps", "3"],
                ["1....2....2...41", "--submission", "s.json"],
            ] {
                let result = try bench.hrm(["solve"] + arguments)
                #expect(result.status == 2, "\(arguments): \(result.errors)")
                #expect(result.output.isEmpty)
            }
            for arguments in [
                ["--arc", "tasks"], ["--arc", "tasks", "--output", "o", "--data", "d"],
                ["--arc", "tasks", "--output", "o", "--votes", "2"],
                ["--checkpoint", "r", "--data", "d", "--sample", "3"], ["--data", "d"], [],
                ["--arc", "tasks", "--output", "o", "--largest-side", "31"],
            ] {
                let result = try bench.hrm(["evaluate"] + arguments)
                #expect(result.status == 2, "\(arguments): \(result.errors)")
            }
            let evaluate = ["evaluate", "--arc", "tasks", "--steps", "2", "--output"]
            for (arguments, words) in [
                (["o", "--tasks", "task9"], "task9"), (["o", "--sample", "6"], "5 tasks"),
                (["o", "--largest-side", "1"], "no task is left"), (["no/where"], "no/where"),
            ] {
                expectFailure(try bench.hrm(evaluate + arguments), mentioning: words)
            }
            #expect(!(try bench.listing()).contains { $0.hasPrefix("o") })
        }
    }
}

extension LearnedTaskTests {
    /// The results of an evaluation without what depends on the clock.
    private static func results(_ bench: Workbench, _ folder: String) throws -> [String: String] {
        var results: [String: String] = [:]
        for file in try bench.listing() where file.hasPrefix(folder + "/tasks/") {
            var members =
                try JSONSerialization.jsonObject(with: try bench.bytes(file)) as? [String: Any]
                ?? [:]
            members["seconds"] = nil
            let data = try JSONSerialization.data(
                withJSONObject: members, options: .sortedKeys)
            results[String(file.dropFirst(folder.count))] = String(decoding: data, as: UTF8.self)
        }
        return results
    }

    @Test func evaluatesManyTasks() throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            let evaluate = ["evaluate", "--arc", "tasks", "--steps", "3", "--output"]
            let result = try bench.hrm(evaluate + ["all", "--workers", "2"])
            #expect(result.status == 0, "\(result.errors)")
            for word in [
                "largest side", "≤ 5", "pass@2", "pool", "whole tasks (hrm)", "95 % interval",
                "FLOP/task",
            ] {
                #expect(result.output.contains(word), "\(result.output)")
            }
            let submission = try JSONDecoder().decode(
                ARCTests.Submission.self, from: try bench.bytes("all/submission.json"))
            #expect(submission.keys.sorted() == (1...5).map { "task\($0)" })
            // A second call has nothing to do, another worker count gives the same.
            let again = try bench.hrm(evaluate + ["all", "--workers", "1", "--json"])
            #expect(again.status == 0, "\(again.errors)")
            #expect(try again.json["finished"] as? Int == 5)
            let one = try bench.hrm(evaluate + ["one", "--workers", "1"])
            #expect(one.status == 0, "\(one.errors)")
            #expect(try Self.results(bench, "one") == Self.results(bench, "all"))
            #expect(try bench.bytes("one/submission.json") == bench.bytes("all/submission.json"))

            let sample = try bench.hrm(
                evaluate + ["part", "--sample", "2", "--seed", "5", "--json"])
            #expect(try sample.json["sampled_from"] as? Int == 5, "\(sample.errors)")
            #expect(try sample.json["finished"] as? Int == 2)
            let named = try bench.hrm(
                evaluate + ["named", "--tasks", "task2, task5", "--submission", "s.json"])
            #expect(named.status == 0 && named.errors.contains("s.json"), "\(named.errors)")
            #expect(try Self.results(bench, "named").count == 2)
            let other = try bench.hrm(
                "evaluate", "--arc", "tasks", "--steps", "4", "--output", "all")
            expectFailure(other, mentioning: "other settings", "all/evaluation.json")
        }
    }

    /// A process that is killed or ended goes on to the same results, bit for bit.
    @Test(arguments: [SIGKILL, SIGTERM]) func goesOnAfterASignal(_ signal: Int32) throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            let evaluate = [
                "evaluate", "--arc", "tasks", "--tasks", "task1,task2", "--steps", "60",
                "--checkpoint-steps", "2", "--workers", "2", "--output",
            ]
            let whole = try bench.hrm(evaluate + ["whole"])
            #expect(whole.status == 0, "\(whole.errors)")
            let expected = try Self.results(bench, "whole")
            try #require(expected.count == 2)
            let broken = try Program.start(evaluate + ["broken"], in: bench.folder)
            func hasState() -> Bool {
                let names = try? FileManager.default.contentsOfDirectory(
                    atPath: bench.url("broken/states").path)
                return names?.contains { $0.hasSuffix(".safetensors") } == true
            }
            while broken.process.isRunning, !hasState() { usleep(1000) }
            kill(broken.process.processIdentifier, signal)
            let ended = try broken.finish()
            #expect(signal == SIGKILL || ended.status == 128 + signal || ended.status == 0)
            let rest = try bench.hrm(evaluate + ["broken"])
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(!rest.errors.contains("begins again"))
            #expect(try Self.results(bench, "broken") == expected)
        }
    }
}

extension LearnedTaskTests {
    /// A signal ends the learning with the answers so far.
    @Test func aSignalEndsWithTheAnswersSoFar() throws {
        try Workbench.use { bench in
            try ARCTests.writeTasks(bench)
            // The signal comes after the first line of progress, so after a step.
            let result = try Program.shell(
                """
                "$hrm" solve tasks --workers 1 --steps 10000000 --stable-steps 0 --json \
                    --submission s.json 2> errors &
                while ! grep -q " step " errors; do sleep 0.1; done
                kill -TERM $!
                wait $!
                """, in: bench.folder)
            let errors = String(decoding: try bench.bytes("errors"), as: UTF8.self)
            #expect(result.status == 143, "\(errors)")
            #expect(errors.contains("SIGTERM: the answers are those of the steps so far"))
            let tasks = try #require(try result.json["tasks"] as? [[String: Any]])
            #expect(tasks.count == 1 && tasks[0]["ending"] as? String == "cancelled")
            #expect(try result.json["not_begun"] as? Int == 4)
            #expect(try bench.listing().contains("s.json"))
        }
    }

    #if os(Linux)
        /// On a terminal, the answers are drawn in place above the progress line.
        @Test(
            .enabled(
                if: FileManager.default.fileExists(atPath: "/dev/ptmx")
                    && Program.hasTool("script"), "there are no terminals"))
        func attemptsAreDrawnWhileLearning() throws {
            try Workbench.use { bench in
                try bench.write(ARCTests.task(4), to: "a.json")
                let result = try Program.shell(
                    "TERM=xterm NO_COLOR= script -qec \"'$hrm' solve a.json --minutes 0.03 "
                        + "--steps 100000 --stable-steps 0\" typescript", in: bench.folder)
                #expect(result.status == 0, "\(result.output) \(result.errors)")
                let text = String(decoding: try bench.bytes("typescript"), as: UTF8.self)
                #expect(text.contains("attempt 1, ") && text.contains("step "))
                #expect(text.contains("\u{1B}[J"), "the drawing is erased before the next one")
                #expect(text.contains("left "))
                #expect(text.contains("test input 1"))
            }
        }
    #endif
}

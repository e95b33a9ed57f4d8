import Foundation
import HRMTensor
import Testing

/// ARC tasks from their files to a submission.
@Suite struct ARCTests {
    /// Returns a task whose answer is the input with permuted colours.
    static func task(_ color: Int, extra: String = "") -> String {
        let pairs = (1...3).map { side in
            let row = "[" + Array(repeating: "\(color)", count: side).joined(separator: ",") + "]"
            let answer = row.replacingOccurrences(of: "\(color)", with: "\((color + 1) % 10)")
            return "{\"input\":[\(row),\(row)],\"output\":[\(answer)]}"
        }
        return "{\"train\":[\(pairs[0]),\(pairs[1])],\"test\":[\(pairs[2])]\(extra)}"
    }

    /// Writes three training and two evaluation tasks into `tasks`.
    static func writeTasks(_ bench: Workbench) throws {
        for (folder, colors) in [("training", 1...3), ("evaluation", 4...5)] {
            let url = bench.url("tasks/\(folder)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for color in colors {
                try bench.write(
                    task(color, extra: ",\"note\":{}"), to: "tasks/\(folder)/task\(color).json")
            }
        }
    }

    /// Writes tasks with large grids in all colours into `large`; 10,000 augmentations of each take
    /// minutes.
    static func writeLargeTasks(_ bench: Workbench) throws {
        var random = SeededGenerator(seed: 1)
        func grid() -> String {
            let rows = (0..<20).map { _ in
                let cells = (0..<20).map { _ in "\(Int.random(in: 0...9, using: &random))" }
                return "[" + cells.joined(separator: ",") + "]"
            }
            return "[" + rows.joined(separator: ",") + "]"
        }
        func pair() -> String { "{\"input\":\(grid()),\"output\":\(grid())}" }
        try FileManager.default.createDirectory(
            at: bench.url("large"), withIntermediateDirectories: true)
        for number in 0..<200 {
            try bench.write(
                "{\"train\":[\(pair()),\(pair())],\"test\":[\(pair())]}",
                to: "large/task\(number).json")
        }
    }

    /// Creates `data` and `run`.
    static func prepareAndTrain(_ bench: Workbench) throws {
        try writeTasks(bench)
        let prepared = try bench.hrm(
            "prepare", "arc", "--source", "tasks", "--canvas", "4", "--augmentations", "3",
            "--output", "data")
        try #require(prepared.status == 0, "\(prepared.errors)")
        let trained = try bench.train()
        try #require(trained.status == 0, "\(trained.errors)")
    }

    struct Evaluation: Decodable {
        struct Score: Decodable {
            var rule: String
            var tasks: Int
            var test_inputs: Int
            var rules: [String: [String: Double]]
            var submission: String?
        }
        var count: Int
        var arc: Score
    }

    typealias Submission = [String: [[String: [[Int]]]]]

    @Test func fromTasksToSubmission() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            for attempts in [1, 2, 10, 100, 1000] {
                #expect(evaluated.output.contains("pass@\(attempts) "), "\(evaluated.output)")
            }
            for word in ["whole tasks (hrm)", "share per task (trm)", "test inputs (kaggle)"] {
                #expect(evaluated.output.contains(word), "\(evaluated.output)")
            }
            #expect(evaluated.output.contains("2 test inputs"))
            let submission = try JSONDecoder().decode(
                Submission.self, from: try bench.bytes("run/submission.json"))
            #expect(submission.keys.sorted() == ["task4", "task5"])
            for tests in submission.values {
                #expect(tests.map { $0.keys.sorted() } == [["attempt_1", "attempt_2"]])
            }

            let limited = try bench.hrm(
                "evaluate", "--checkpoint", "run", "--data", "data", "--limit", "1", "--rule",
                "trm", "--submission", "mine.json", "--json")
            #expect(limited.status == 0, "\(limited.errors)")
            let report = try JSONDecoder().decode(
                Evaluation.self, from: Data(limited.output.utf8))
            #expect(report.count == 1)
            #expect(report.arc.rule == "trm")
            #expect(report.arc.tasks == 1)
            #expect(report.arc.test_inputs == 1)
            #expect(report.arc.rules.keys.sorted() == ["hrm", "kaggle", "trm"])
            #expect(report.arc.rules["kaggle"]?["pass@2"] != nil)
            #expect(try bench.listing().contains("mine.json"))
        }
    }

    @Test func smallGridsHaveAPreset() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            let prepared = try bench.hrm(
                "prepare", "arc", "--source", "tasks", "--canvas", "5", "--augmentations", "1",
                "--test", "all", "--output", "data")
            #expect(prepared.status == 0, "\(prepared.errors)")
            let trained = try bench.hrm(
                "train", "--data", "data", "--output", "run", "--preset", "arc-small", "--steps",
                "3", "--set", "global_batch_size=4")
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.errors.contains("width 128, 2 + 2 layers, bfloat16"))
            let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(evaluated.output.contains("5 tasks"))
        }
    }

    @Test func theSameDataWhateverTheWorkers() throws {
        try Workbench.use { bench in
            try Self.writeTasks(bench)
            for workers in ["1", "3"] {
                let result = try bench.hrm(
                    "prepare", "arc", "--source", "tasks", "--augmentations", "20", "--workers",
                    workers, "--name-separator", "|||", "--output", "data\(workers)")
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.contains("5 tasks"))
            }
            for file in try bench.listing() where file.hasPrefix("data1/") {
                guard file.hasSuffix("npy") || file.hasSuffix("json") else { continue }
                let other = file.replacingOccurrences(of: "data1/", with: "data3/")
                #expect(try bench.bytes(file) == bench.bytes(other), "\(file)")
            }
            let names = String(decoding: try bench.bytes("data1/identifiers.json"), as: UTF8.self)
            #expect(names.contains("task4|||t"))
        }
    }

    @Test func solvesTasksThatItKnows() throws {
        try Workbench.use { bench in
            try Self.prepareAndTrain(bench)
            let known = "tasks/evaluation/task4.json"
            let solved = try bench.hrm("solve", "--checkpoint", "run", "--trace", known)
            #expect(solved.status == 0, "\(solved.errors)")
            #expect(solved.output.contains("task4, test input 1: 4 answers"), "\(solved.output)")
            #expect(solved.output.contains("step 3: "))
            #expect(solved.output.contains("attempt 1: "))
            #expect(solved.output.contains("z_H moves"))
            let film = try bench.hrm(
                "solve", "--checkpoint", "run", "--trace=cycles", "--json", "--animation", "a.gif",
                "--svg", "a.svg", known)
            #expect(film.status == 0, "\(film.errors)")
            let task = try #require((film.json["tasks"] as? [[String: Any]])?.first)
            let traces = try #require(task["traces"] as? [[[String: Any]]])
            #expect(traces.count == 1 && traces[0].count == 3)
            #expect((traces[0][0]["updates"] as? [Any])?.count == 2)
            #expect(try bench.bytes("a.gif").starts(with: Data("GIF89a".utf8)))
            let svg = String(decoding: try bench.bytes("a.svg"), as: UTF8.self)
            #expect(svg.contains("How far the states move"))
            let single = try bench.hrm(
                "solve", "--checkpoint", "run/model.safetensors", "--data", "data", "--votes", "1",
                known)
            #expect(single.status == 0, "\(single.errors)")
            #expect(single.output.contains("1 answer, 1 different"))

            try bench.write(Self.task(7), to: "stranger.json")
            try bench.write("{", to: "broken.json")
            let halting = try bench.hrm(
                "solve", "--checkpoint", "run", "--json", "--halt", "0.000001", known)
            #expect((try halting.json["tasks"] as? [Any])?.count == 1, "\(halting.errors)")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--checker", known),
                mentioning: "--checker", "ARC")
            let mixed = try bench.hrm(
                "solve", "--checkpoint", "run", "stranger.json", "broken.json", known)
            #expect(mixed.status == 1)
            #expect(mixed.errors.contains("task stranger: it must first be trained"))
            #expect(mixed.errors.contains("broken.json: it is not valid JSON"))
            #expect(mixed.output.contains("task4, test input 1"))

            try FileManager.default.removeItem(at: bench.url("run/identifiers.json"))
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", known),
                mentioning: "identifiers.json", "--data")
        }
    }
}

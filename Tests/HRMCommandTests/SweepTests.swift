import Foundation
import Testing

/// `hrm sweep` with the real program.
@Suite struct SweepTests {
    private static func file(
        seeds: Int = 2, extra: String = "", change: (String) -> String = { $0 }
    ) -> String {
        let shared = Workbench.tinySettings
            .map { "  " + $0.replacingOccurrences(of: "=", with: ": ") }.joined(separator: "\n")
        return change(
            """
            data: data
            preset: demo
            budget: 2.5e8
            seeds: \(seeds)
            evaluation: {points: 2, limit: 6}
            settings:
            \(shared)
              lr_warmup_steps: 2
            experiments:
            - name: plain
            - name: muon
              settings: {optimizer: muon, H_cycles: 2, depth_curriculum: "0:1x1,0.5:2x1"}
            \(extra)
            """)
    }

    private static let command = ["sweep", "sweep.yaml", "--workers", "2", "--output"]

    private static func results(_ bench: Workbench, _ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in ["results.md", "results.json", "accuracy.svg"] {
            files[name] = try bench.bytes("\(folder)/\(name)")
        }
        for run in ["plain-seed0", "muon-seed0", "plain-seed1", "muon-seed1"] {
            for name in ["metrics.jsonl", "model.safetensors", "best.safetensors"] {
                files["\(run)/\(name)"] = try bench.bytes("\(folder)/runs/\(run)/\(name)")
            }
        }
        return files
    }

    @Test func twoExperimentsAreCompared() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try bench.write(Self.file(), to: "sweep.yaml")
            let plan = try bench.hrm(Self.command + ["out", "--plan"])
            #expect(plan.status == 0, "\(plan.errors)")
            #expect(plan.output.contains("4 runs of seeds 0, 1; 1.00e9 FLOP in all"))
            #expect(plan.output.contains("plain: the shared ones"))
            #expect(plan.output.contains("muon: optimizer=muon H_cycles=2 depth_curriculum="))
            #expect(!plan.output.split(separator: "\n").contains { $0.count > 80 })
            #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))

            let result = try bench.hrm(Self.command + ["out"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("Run 4 of 4: muon-seed1"))
            #expect(result.output.contains("2 of 2"))
            let json = try JSONSerialization.jsonObject(with: bench.bytes("out/results.json"))
            let object = try #require(json as? [String: Any])
            #expect(object["budget"] as? Double == 2.5e8)
            let experiments = try #require(object["experiments"] as? [[String: Any]])
            #expect(experiments.compactMap { $0["name"] as? String } == ["plain", "muon"])
            for experiment in experiments {
                let runs = try #require(experiment["runs"] as? [[String: Any]])
                #expect(runs.compactMap { $0["seed"] as? Int } == [0, 1])
                let spread = try #require(experiment["accuracy"] as? [String: Any])
                #expect(spread["count"] as? Int == 2 && spread["deviation"] is Double)
                var last: [Double] = []
                for run in runs {
                    #expect(run["state"] as? String == "finished")
                    #expect(run["puzzles"] as? Int == 6)
                    let steps = try #require(run["steps"] as? Int)
                    let evaluations = try #require(run["evaluations"] as? [[String: Any]])
                    #expect(
                        evaluations.compactMap { $0["step"] as? Int } == [(steps + 1) / 2, steps])
                    let flop = evaluations.compactMap { $0["flop"] as? Double }
                    #expect(flop.count == 2 && flop[0] < flop[1] && flop[1] <= 2.5e8)
                    #expect(flop[1] == run["flop"] as? Double)
                    last.append(try #require(evaluations[1]["accuracy"] as? Double))
                }
                #expect(spread["mean"] as? Double == (last[0] + last[1]) / 2)
            }
            let table = String(decoding: try bench.bytes("out/results.md"), as: UTF8.self)
            #expect(table.contains("| plain | ") && table.contains("| muon | "))
            #expect(table.contains("Evaluated on 6 test puzzles"))
            let figure = String(decoding: try bench.bytes("out/accuracy.svg"), as: UTF8.self)
            #expect(figure.contains("<polyline") && figure.contains(">muon</text>"))

            // All results exist: nothing is run again.
            let again = try bench.hrm(Self.command + ["out"])
            #expect(again.status == 0 && !again.errors.contains("Run 1 of"))
            #expect(again.output == result.output)
            // An added experiment is run, and a changed one is refused.
            try bench.write(
                Self.file(extra: "- name: more\n  settings: {label_smoothing: 0.2}"),
                to: "sweep.yaml")
            let more = try bench.hrm(Self.command + ["out"])
            #expect(more.status == 0, "\(more.errors)")
            #expect(more.errors.contains("more-seed0") && !more.errors.contains(": plain-seed0"))
            try bench.write(
                Self.file { $0.replacingOccurrences(of: "lr_warmup_steps: 2", with: "lr: 1e-3") },
                to: "sweep.yaml")
            expectFailure(
                try bench.hrm(Self.command + ["out", "--plan"]), mentioning: "plain-seed0", "lr",
                "another name")
        }
    }

    /// A sweep killed or stopped at any time gives the same bytes after it is resumed.
    @Test(arguments: [SIGKILL, SIGTERM]) func aBrokenSweepGoesOn(signal: Int32) throws {
        try Workbench.use { bench in
            try bench.prepare()
            try bench.write(Self.file(), to: "sweep.yaml")
            let whole = try bench.hrm(Self.command + ["whole"])
            #expect(whole.status == 0, "\(whole.errors)")

            let broken = Self.command + ["broken", "--checkpoint-steps", "1"]
            var ends = 0
            // During the first run, and during the third.
            for run in ["plain-seed0", "plain-seed1"] {
                let started = try Program.start(broken, in: bench.folder)
                let metrics = bench.url("broken/runs/\(run)/metrics.jsonl")
                while started.process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
                    Thread.sleep(forTimeInterval: 0.002)
                }
                kill(started.process.processIdentifier, signal)
                let result = try started.finish()
                #expect([0, signal, 128 + signal].contains(result.status), "\(result.errors)")
                if result.status == 0 { continue }
                ends += 1
                #expect(signal == SIGKILL || result.errors.contains("The sweep was ended"))
            }
            #expect(ends > 0)
            let rest = try bench.hrm(broken)
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(!rest.errors.contains(": plain-seed0\n"))
            let (expected, found) = try (
                Self.results(bench, "whole"), Self.results(bench, "broken")
            )
            for (name, bytes) in expected { #expect(found[name] == bytes, "\(name) differs") }
        }
    }

    @Test func everythingIsCheckedFirst() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let names = ["a", "b", "c"].map { "- name: \($0)" }.joined(separator: "\n")
            let cases: [(String, [String])] = [
                (names + "\n  settings: {optimiser: muon}", ["'c'", "did you mean optimizer"]),
                (names + "\n  settings: {global_batch_size: 1000000}", ["budget"]),
                (names + "\n- name: a", ["two experiments are named 'a'"]),
            ]
            for (extra, words) in cases {
                try bench.write(Self.file(extra: extra), to: "sweep.yaml")
                let result = try bench.hrm(Self.command + ["out"])
                #expect(result.status == 1)
                for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
                #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))
            }
            try bench.write(
                Self.file { $0.replacingOccurrences(of: "data: data", with: "data: none") },
                to: "sweep.yaml")
            expectFailure(try bench.hrm(Self.command + ["out"]), mentioning: "none")
            expectFailure(
                try bench.hrm("sweep", "nothing.yaml", "--output", "out"),
                mentioning: "nothing.yaml")
            #expect(!FileManager.default.fileExists(atPath: bench.url("out").path))
        }
    }

    /// A diverged run is a result, and the others are still made.
    @Test func aRunThatDivergesIsPassedOver() throws {
        try Workbench.use { bench in
            try bench.prepare()
            try bench.write(
                Self.file(
                    seeds: 1, extra: "- name: wild\n  settings: {lr: 1e30, weight_decay: 1000}"),
                to: "sweep.yaml")
            let result = try bench.hrm(Self.command + ["out"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("0 of 1, 1 diverged"), "\(result.output)")
            #expect(result.output.contains("1 of 1"))
            let again = try bench.hrm(Self.command + ["out"])
            #expect(again.status == 0 && !again.errors.contains("Run 3 of"))
        }
    }
}

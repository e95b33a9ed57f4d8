import Foundation
import Testing

@Suite struct InterruptionTests {
    /// Starts a very long training, and waits until it has written a file.
    private static func start(
        in bench: Workbench, writing file: String = "run/metrics.jsonl", _ more: String...
    ) throws -> Program.Started {
        let started = try Program.start(
            ["train", "--data", "data", "--output", "run"] + Workbench.tiny + more,
            in: bench.folder)
        let url = bench.url(file)
        while started.process.isRunning, (try? Data(contentsOf: url))?.isEmpty ?? true {
            Thread.sleep(forTimeInterval: 0.02)
        }
        return started
    }

    @Test(arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")])
    func leavesARunThatCanBeUsed(signal: Int32, name: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Self.start(in: bench, "--steps", "1000000")
            kill(started.process.processIdentifier, signal)
            let result = try started.finish()
            #expect(result.status == 128 + signal, "\(result.errors)")
            let acknowledgement =
                "Stopping after this step; a second signal ends the program now, without saving\n"
            #expect(result.errors.contains(acknowledgement), "\(result.errors)")
            #expect(result.errors.contains("\(name): the run was ended after a step"))
            let description = try String(contentsOf: bench.url("run/run.json"), encoding: .utf8)
            #expect(description.contains("\"interrupted\""))
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--limit",
                "2", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(try evaluated.json["count"] as? Int == 2)

            let lines = try bench.bytes("run/metrics.jsonl").count { $0 == 0x0A }
            let more = try bench.hrm("train", "--resume", "run", "--steps", "\(lines + 1)")
            #expect(more.status == 0, "\(more.errors)")
            #expect(more.errors.contains("Going on after step "), "\(more.errors)")
        }
    }

    /// A closed terminal sends its signal more than once.
    @Test func theEndOfTheTerminalIsNoSecondSignal() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Self.start(in: bench, "--steps", "1000000")
            for _ in 0..<3 { kill(started.process.processIdentifier, SIGHUP) }
            let result = try started.finish()
            #expect(result.status == 128 + SIGHUP, "\(result.errors)")
            #expect(
                try String(contentsOf: bench.url("run/run.json"), encoding: .utf8)
                    .contains("\"interrupted\""))
        }
    }

    @Test(.enabled(if: Program.hasTool("nohup"), "nohup is not installed"))
    func nohupIsObeyed() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try Program.shell(
                """
                nohup "$hrm" train --data data --output run --steps 30 \
                \(Workbench.tiny.joined(separator: " ")) 2> errors &
                until test -s run/metrics.jsonl; do sleep 0.02; done
                kill -HUP $!
                wait $!
                """, in: bench.folder)
            let errors = String(decoding: try bench.bytes("errors"), as: UTF8.self)
            #expect(result.status == 0, "\(errors)")
            #expect(errors.contains("The run is finished"), "\(errors)")
        }
    }

    /// The last evaluation takes long, but the weights are saved before it.
    @Test func theCheckpointComesBeforeTheLastEvaluation() throws {
        try Workbench.use { bench in
            let prepared = try bench.hrm(
                "prepare", "sudoku", "--generate", "12", "--test-size", "2000", "--size", "4",
                "--givens", "8", "--output", "data")
            try #require(prepared.status == 0, "\(prepared.errors)")
            let started = try Self.start(
                in: bench, writing: "run/model.safetensors", "--steps", "2", "--workers", "1")
            kill(started.process.processIdentifier, SIGKILL)
            let result = try started.finish()
            #expect(result.status == SIGKILL)
            let description = try String(contentsOf: bench.url("run/run.json"), encoding: .utf8)
            #expect(description.contains("\"running\""))
            let resumed = try bench.hrm("train", "--resume", "run")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.errors.contains("Going on after step 2 of 2\n"), "\(resumed.errors)")
            let metrics = String(decoding: try bench.bytes("run/metrics.jsonl"), as: UTF8.self)
            #expect(metrics.contains("all.exact_accuracy"))
        }
    }

    @Test func aRunWithoutACheckpointSaysThatItBeginsAgain() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Self.start(in: bench, "--steps", "1000000")
            kill(started.process.processIdentifier, SIGKILL)
            _ = try started.finish()
            let resumed = try bench.hrm("train", "--resume", "run", "--steps", "2")
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(
                resumed.errors.contains(
                    "There is no checkpoint yet: the run begins again with step 1\n"))
        }
    }

    @Test func aRemovedFolderEndsTheTraining() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Self.start(in: bench, "--steps", "1000000")
            try FileManager.default.moveItem(at: bench.url("run"), to: bench.url("away"))
            let result = try started.finish()
            #expect(result.status == 1)
            #expect(
                result.errors.contains("run was removed or moved away while the training"),
                "\(result.errors)")
            #expect(!result.errors.contains("--resume run"), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.url("run").path))
        }
    }
}

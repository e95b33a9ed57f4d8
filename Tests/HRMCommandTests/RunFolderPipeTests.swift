import Foundation
import Testing

/// Pipes in place of files; nothing may wait for their other end.
@Suite struct RunFolderPipeTests {
    @Test func nothingWaitsForThePipesOfARun() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            try FileManager.default.removeItem(at: bench.url("run/best.safetensors"))
            let files = [
                "run.json", "all_config.yaml", "metrics.jsonl", ".lock", "model.safetensors",
                "best.safetensors", "checkpoints", "checkpoints/step-000000003.safetensors",
            ]
            for file in files {
                let copy = "copy-\(file.replacing("/", with: "-"))"
                try FileManager.default.copyItem(at: bench.url("run"), to: bench.url(copy))
                let url = bench.url("\(copy)/\(file)")
                try? FileManager.default.removeItem(at: url)
                try #require(mkfifo(url.path, 0o600) == 0)
                let lines = try? bench.bytes(
                    file == "metrics.jsonl" ? "run/metrics.jsonl" : "\(copy)/metrics.jsonl")
                let result = try bench.hrm("train", "--resume", copy, "--steps", "5")
                #expect(result.status == 1, "\(file): \(result.errors)")
                #expect(result.errors.contains("Error: "), "\(file): \(result.errors)")
                #expect(result.errors.contains("/\(file) cannot be"), "\(file): \(result.errors)")
                if file != "metrics.jsonl" {
                    #expect(try bench.bytes("\(copy)/metrics.jsonl") == lines, "\(file)")
                }
                for command in [
                    ["runs", copy], ["plot", copy], ["train", "--resume", copy],
                    ["convert", copy, "--output", "x.safetensors"],
                    ["evaluate", "--checkpoint", copy, "--data", "data", "--limit", "1"],
                    [
                        "train", "--data", "data", "--from-weights", copy, "--steps", "1",
                        "--output",
                        "more-\(copy)",
                    ],
                ] {
                    let result = try bench.hrm(command)
                    #expect(
                        [0, 1].contains(result.status), "\(file), \(command): \(result.errors)")
                }
            }
        }
    }

    @Test func nothingWaitsForThePipesOfAData() throws {
        try Workbench.use { bench in
            try bench.prepare()
            for file in [
                "identifiers.json", "task.json", "train/dataset.json", "train/all__inputs.npy",
                "test/all__labels.npy",
            ] {
                let copy = "copy-\(file.replacing("/", with: "-"))"
                try FileManager.default.copyItem(at: bench.url("data"), to: bench.url(copy))
                let url = bench.url("\(copy)/\(file)")
                try? FileManager.default.removeItem(at: url)
                try #require(mkfifo(url.path, 0o600) == 0)
                let result = try bench.hrm(
                    ["train", "--data", copy, "--output", "run", "--steps", "1"] + Workbench.tiny)
                expectFailure(result, mentioning: file)
            }
            try #require(mkfifo(bench.url("pipe").path, 0o600) == 0)
            for arguments in [
                ["train", "--data", "data", "--output", "run", "--config", "pipe"],
                ["train", "--data", "data", "--output", "run", "--from-weights", "pipe"],
                ["sweep", "pipe", "--output", "run"],
                ["convert", "pipe", "--output", "run.safetensors"],
            ] { expectFailure(try bench.hrm(arguments), mentioning: "pipe", "not a regular file") }
        }
    }

    /// A signal shortly before the first step ends the program like one after it.
    @Test func aSignalBeforeTheFirstStepEndsTheRun() throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Program.start(
                ["train", "--data", "data", "--output", "run", "--steps", "1000000"]
                    + Workbench.tiny, in: bench.folder)
            while started.process.isRunning,
                !FileManager.default.fileExists(atPath: bench.url("run").path)
            { Thread.sleep(forTimeInterval: 0.0002) }
            kill(started.process.processIdentifier, SIGTERM)
            let result = try started.finish()
            let hasWeights = FileManager.default.fileExists(
                atPath: bench.url("run/model.safetensors").path)
            // Before the program installs its handlers, the system ends it.
            #expect([SIGTERM, 128 + SIGTERM].contains(result.status), "\(result.errors)")
            if result.status == 128 + SIGTERM {
                #expect(
                    result.errors.contains(
                        hasWeights
                            ? "the run was ended after a step"
                            : "the run was ended before its first step; run is not made"),
                    "\(result.errors)")
                #expect(hasWeights == FileManager.default.fileExists(atPath: bench.url("run").path))
            }
        }
    }
}

import Foundation
import Testing

@testable import HRMCommand

/// The files that a sweep keeps, and its errors before the first training.
@Suite struct SweepSafetyTests {
    private static let command = ["sweep", "sweep.yaml", "--workers", "1", "--output", "out"]

    /// Creates a folder with data and a sweep of one experiment.
    private static func use(
        settings: String = "{}", _ body: (Workbench) throws -> Void
    ) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let shared = Workbench.tinySettings
                .map { $0.replacingOccurrences(of: "=", with: ": ") }.joined(separator: ", ")
            try bench.write(
                """
                data: data
                preset: demo
                budget: 2e8
                seeds: 1
                evaluation: {points: 1, limit: 2}
                settings: {\(shared), lr_warmup_steps: 2}
                experiments:
                - name: plain
                - name: other
                  settings: \(settings)
                """, to: "sweep.yaml")
            try body(bench)
        }
    }

    @Test(arguments: ["checkpoints", "model.safetensors"])
    func theWeightsOfARunAreNotRemoved(kept: String) throws {
        try Self.use { bench in
            let first = try bench.hrm(Self.command)
            try #require(first.status == 0, "\(first.errors)")
            let run = "out/runs/plain-seed0"
            for name in try FileManager.default.contentsOfDirectory(atPath: bench.url(run).path)
            where name != kept {
                try FileManager.default.removeItem(at: bench.url("\(run)/\(name)"))
            }
            let before = try bench.listing()
            for more in [[], ["--plan"]] {
                expectFailure(
                    try bench.hrm(Self.command + more), mentioning: run, "weights of a run",
                    "remove the folder")
            }
            #expect(try bench.listing() == before)
            // Without weights, there is nothing to lose.
            try FileManager.default.removeItem(at: bench.url("\(run)/\(kept)"))
            let again = try bench.hrm(Self.command)
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.errors.contains("Run 1 of 2: plain-seed0"), "\(again.errors)")
        }
    }

    @Test func aFileInThePlaceOfARunIsNotRemoved() throws {
        try Self.use { bench in
            try FileManager.default.createDirectory(
                at: bench.url("out/runs"), withIntermediateDirectories: true)
            try bench.write("mine", to: "out/runs/other-seed0")
            expectFailure(
                try bench.hrm(Self.command), mentioning: "other-seed0", "exists already")
            #expect(try bench.bytes("out/runs/other-seed0") == Data("mine".utf8))
        }
    }

    @Test(arguments: ["results.md", "results.json", "accuracy.svg"], [true, false])
    func resultsThatCannotBeWrittenAreRefusedFirst(name: String, isPipe: Bool) throws {
        try Self.use { bench in
            let url = bench.url("out/\(name)")
            try FileManager.default.createDirectory(
                at: isPipe ? bench.url("out") : url, withIntermediateDirectories: true)
            if isPipe { try #require(mkfifo(url.path, 0o600) == 0) }
            expectFailure(
                try bench.hrm(Self.command), mentioning: "\(name) cannot be written",
                isPipe ? "it is a pipe" : "directory")
            #expect(!FileManager.default.fileExists(atPath: bench.url("out/runs").path))
        }
    }

    @Test func errorsNameTheirExperiment() throws {
        try Self.use(settings: "{load_checkpoint: nowhere.safetensors}") { bench in
            expectFailure(
                try bench.hrm(Self.command), mentioning: "Error: experiment 'other': ",
                "nowhere.safetensors")
        }
        try Self.use { bench in
            // The run is in progress, and its only checkpoint is damaged.
            let first = try bench.hrm(Self.command)
            try #require(first.status == 0, "\(first.errors)")
            let run = "out/runs/other-seed0"
            let text = String(decoding: try bench.bytes("\(run)/run.json"), as: UTF8.self)
            try bench.write(
                text.replacingOccurrences(of: "\"finished\"", with: "\"interrupted\""),
                to: "\(run)/run.json")
            let checkpoints = "\(run)/checkpoints"
            for name in try FileManager.default.contentsOfDirectory(
                atPath: bench.url(checkpoints).path)
            {
                try bench.write("no", to: "\(checkpoints)/\(name)")
            }
            let result = try bench.hrm(Self.command)
            #expect(result.status == 1, "\(result.errors)")
            #expect(
                result.errors.contains("Error: experiment 'other', seed 0: "), "\(result.errors)")
        }
    }

    /// A run without a checkpoint cannot be resumed.
    @Test func aRunThatDivergesAtOnceDoesNotGoOn() throws {
        try Self.use { bench in
            let result = try bench.train(
                steps: 50, "--set", "lr=1e30", "--set", "weight_decay=1000", "--set",
                "lr_warmup_steps=0", "--set", "ema=false")
            #expect(result.status == 1, "\(result.errors)")
            #expect(result.errors.contains("there is no checkpoint yet"), "\(result.errors)")
            #expect(!result.errors.contains("--resume"), "\(result.errors)")
            let note = "run holds the metrics of the run, but no weights to continue from"
            #expect(result.errors.contains(note), "\(result.errors)")
        }
    }

    @Test func aDemonstrationNamesNoFolderThatIsGone() {
        func text(_ step: Int, _ output: String?) -> String {
            Demonstration.end(by: SIGINT, after: step, output: output)
        }
        #expect(
            text(3, "mine")
                == "SIGINT: the demonstration was ended; what the model had learned is in mine")
        #expect(text(0, "mine").hasSuffix("first step of the training; mine is not made"))
        #expect(text(0, nil) == "SIGINT: the demonstration was ended")
    }
}

import Foundation
import Testing

@testable import HRMCommand

@Suite struct PlotTests {
    @Test func curvesOfRealRuns() throws {
        try Workbench.use { bench in
            try bench.prepare()
            for (name, seed) in [("runs/a", "1"), ("runs/b", "2")] {
                let result = try bench.train(
                    steps: 12, output: name, "--seed", seed, "--set", "eval_interval=1")
                try #require(result.status == 0, "\(result.errors)")
            }
            let before = try bench.listing()
            let shown = try bench.hrm("plot", "runs/a", "runs/b")
            #expect(shown.status == 0 && shown.errors.isEmpty, "\(shown.errors)")
            for words in [
                "train/lm_loss\n", "train/exact_accuracy\n", "all.exact_accuracy\n",
                "a = a\nb = b\n",
                "steps", "┤",
            ] {
                #expect(shown.output.contains(words), "\(shown.output) lacks \(words)")
            }
            #expect(!shown.output.contains("\u{1B}"))
            #expect(try bench.listing() == before)

            for _ in 0..<2 {
                let drawn = try bench.hrm(
                    "plot", "runs/a", "runs/b", "--metric", "all.lm_loss", "--metric",
                    "train/lm_loss", "--smooth", "3", "--log", "--svg", "c.svg", "--png", "c.png")
                #expect(drawn.status == 0 && drawn.output.isEmpty && drawn.errors.isEmpty)
            }
            let svg = String(decoding: try bench.bytes("c.svg"), as: UTF8.self)
            #expect(svg.contains(">all.lm_loss</text>") && svg.contains(">train/lm_loss</text>"))
            #expect(svg.contains(">mean over 3 steps</text>") && svg.contains(">b</text>"))
            #expect(!svg.contains("exact_accuracy"))
            #expect(try bench.bytes("c.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(try bench.listing() == (before + ["c.png", "c.svg"]).sorted())

            // Runs with the same name are distinguished by their paths.
            let twice = try bench.hrm("plot", "runs/a", "./runs/a")
            #expect(twice.output.contains("a = runs/a\nb = ./runs/a\n"), "\(twice.output)")
        }
    }

    @Test func runsThatBreakOff() throws {
        try Workbench.use { bench in
            try FileManager.default.createDirectory(
                at: bench.url("run"), withIntermediateDirectories: false)
            try bench.write(
                "{\"step\":1,\"x\":1,\"y\":null}\n{\"step\":2,\"x\":3,\"y\":2}\n{\"step\":3,\"x",
                to: "run/metrics.jsonl")
            let result = try bench.hrm("plot", "run")
            #expect(result.status == 0)
            #expect(result.errors == "run breaks off; what is there is drawn\n")
            #expect(result.output.contains("x\nrun\n"), "\(result.output)")
            #expect(result.output.contains("y\n1 value is not a number\nrun\n"))
        }
    }

    @Test func badRequests() throws {
        try Workbench.use { bench in
            try FileManager.default.createDirectory(
                at: bench.url("run"), withIntermediateDirectories: false)
            expectFailure(try bench.hrm("plot", "none"), mentioning: "none")
            expectFailure(
                try bench.hrm("plot", "run"), mentioning: "run is not a run folder",
                "metrics.jsonl")
            try bench.write("", to: "run/metrics.jsonl")
            expectFailure(try bench.hrm("plot", "run"), mentioning: "run has no metrics yet")
            try bench.write("{\"step\":1,\"a\":1,\"b\":2}\n", to: "run/metrics.jsonl")
            expectFailure(
                try bench.hrm("plot", "run", "--metric", "c"), mentioning: "'c'", "a, b")
            expectFailure(
                try bench.hrm("plot", "run", "--svg", "no/a.svg"), mentioning: "no/a.svg")
            try bench.write("{\"step\":1,\"a\":1}\nx\n", to: "run/metrics.jsonl")
            expectFailure(
                try bench.hrm("plot", "run"), mentioning: "run/metrics.jsonl, line 2", "'x'")
            try bench.write("nonsense", to: "run/my.tfevents")
            expectFailure(
                try bench.hrm("plot", "run/none.tfevents"), mentioning: "run/none.tfevents")
            for arguments in [["run", "--smooth", "0"], []] {
                #expect(try Program.run(["plot"] + arguments, in: bench.folder).status == 2)
            }
        }
    }
}

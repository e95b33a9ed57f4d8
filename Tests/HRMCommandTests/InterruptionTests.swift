import Foundation
import Testing

@Suite struct InterruptionTests {
    @Test(arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")])
    func leavesARunThatCanBeUsed(signal: Int32, name: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let started = try Program.start(
                ["train", "--data", "data", "--output", "run", "--steps", "1000000"]
                    + Workbench.tiny, in: bench.folder)
            let metrics = bench.url("run/metrics.jsonl")
            while started.process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
                Thread.sleep(forTimeInterval: 0.02)
            }
            kill(started.process.processIdentifier, signal)
            let result = try started.finish()
            #expect(result.status == 128 + signal, "\(result.errors)")
            #expect(result.errors.contains("\(name): the run was ended after a step"))
            let description = try String(contentsOf: bench.url("run/run.json"), encoding: .utf8)
            #expect(description.contains("\"interrupted\""))
            let evaluated = try bench.hrm(
                "evaluate", "--halt", "never", "--checkpoint", "run", "--data", "data", "--limit",
                "2", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(try evaluated.json["count"] as? Int == 2)
        }
    }
}

import Foundation
import Testing

/// Standard input, output and error that are closed, or whose reader has closed the pipe.
@Suite struct StreamTests {
    /// The arguments of a training into `run`, for a shell.
    private static let training =
        "train --data data --output run --steps 3 "
        + Workbench.tiny.joined(separator: " ")

    private static func expectSoundRun(_ bench: Workbench) throws {
        let metrics = String(decoding: try bench.bytes("run/metrics.jsonl"), as: UTF8.self)
        let lines = metrics.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"step\":") && $0.hasSuffix("}") }, "\(metrics)")
        let events = try bench.bytes("run/events.out.tfevents.hrm")
        #expect(!String(decoding: events, as: UTF8.self).contains("Training: "))
        let evaluated = try bench.hrm("evaluate", "--checkpoint", "run", "--data", "data", "--json")
        #expect(evaluated.status == 0, "\(evaluated.errors)")
        let plotted = try bench.hrm("plot", "run/events.out.tfevents.hrm")
        #expect(plotted.status == 0, "\(plotted.errors)")
    }

    @Test(arguments: ["<&- 2>&-", "<&- >&- 2>&-", ">&-", "0<&- 1>&-"])
    func closedStreamsTakeNoFilesNumber(_ closing: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try Program.shell(
                #""$hrm" \#(Self.training) \#(closing)"#, in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            try Self.expectSoundRun(bench)
        }
    }

    @Test(arguments: ["2>&1 | head -1", "2>/dev/null | true", "2>&1 | head -c 10"])
    func aTrainingOutlivesItsReader(_ pipe: String) throws {
        try Workbench.use { bench in
            try bench.prepare()
            let result = try Program.shell(
                #"{ "$hrm" \#(Self.training); echo $? > status; } \#(pipe)"#, in: bench.folder)
            #expect(String(decoding: try bench.bytes("status"), as: UTF8.self) == "0\n")
            #expect(result.errors.isEmpty)
            #expect(
                FileManager.default.fileExists(
                    atPath: bench.url("run/checkpoints/step-000000003.safetensors").path))
            try Self.expectSoundRun(bench)
        }
    }

    @Test(arguments: ["presets", "models", "example", "--help", "runs ."])
    func otherCommandsEndQuietlyWithTheirReader(_ command: String) throws {
        try Workbench.use { bench in
            // The reader closes the pipe before anything is written.
            let script = #"{ sleep 0.3; "$hrm" \#(command) 2> errors; echo $? > status; } | true"#
            let result = try Program.shell(script, in: bench.folder)
            #expect(result.status == 0)
            #expect(try bench.bytes("errors").isEmpty, "\(command)")
            let status = String(decoding: try bench.bytes("status"), as: UTF8.self)
            #expect(status == "141\n" || command == "--help" && status == "0\n", "\(status)")
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullOutputIsSaidInTheSystemsWords() throws {
        try Workbench.use { bench in
            let result = try Program.shell(#""$hrm" presets > /dev/full"#, in: bench.folder)
            #expect(result.status == 1)
            #expect(
                result.errors
                    == "Error: standard output cannot be written: No space left on device\n")
        }
    }
}

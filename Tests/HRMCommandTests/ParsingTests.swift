import ArgumentParser
import Foundation
import HRMData
import HRMFiles
import HRMInference
import Testing

@testable import HRMCommand

@Suite struct ParsingTests {
    @Test func trainTakesSettingsInOrder() throws {
        let command = try TrainCommand.parse([
            "--data", "d", "--output", "o", "--set", "lr=1e-3", "--set", "H_cycles=3", "--minutes",
            "2.5", "--seed", "18446744073709551615", "--workers", "3",
        ])
        #expect(command.settings == ["lr=1e-3", "H_cycles=3"])
        #expect(command.minutes == 2.5)
        #expect(command.seed == .max)
        #expect(command.workers.workers == 3)
        #expect(command.preset == nil && command.steps == nil)
    }

    @Test func devicesAreThisMachinesOrThoseOfPlugins() throws {
        let place = ["--data", "d", "--output", "o"]
        let command = try TrainCommand.parse(place + ["--device", "pjrt:cpu", "--devices", "2"])
        #expect(command.place.usesPlugin && command.place.devices == 2)
        #expect(try TrainCommand.parse(place).place.pluginEngines() == nil)
        for arguments in [
            ["--device", "gpu"], ["--device", "pjrt:"], ["--devices", "2"],
            ["--device", "pjrt:cpu", "--devices", "0"],
        ] {
            #expect(throws: (any Error).self, "\(arguments)") {
                try TrainCommand.parse(place + arguments)
            }
        }
    }

    @Test func solveTakesPuzzlesThatLookLikeOptions() throws {
        let command = try SolveCommand.parse(["--checkpoint", "r", "-", "1...", "--trace"])
        #expect(command.puzzles == ["-", "1..."])
        #expect(command.trace.trace == .steps && !command.json)
        // Without its own value, the option does not consume the puzzle that follows.
        for (arguments, detail) in [
            (["--trace", "1..."], ThinkingTracer.Detail.steps),
            (["--trace=cycles", "1..."], .cycles),
            (["--trace", "cycles", "1..."], .cycles), (["1...", "--trace", "--json"], .steps),
        ] {
            let command = try SolveCommand.parse(["--checkpoint", "r"] + arguments)
            #expect(command.puzzles == ["1..."] && command.trace.trace == detail)
        }
    }

    @Test func statusesTellUsageFromFailure() {
        func status(_ arguments: [String]) -> Int32? {
            do {
                _ = try RootCommand.parseAsRoot(arguments)
                return nil
            } catch {
                return Failure(error).status
            }
        }
        #expect(status(["train"]) == 2)
        #expect(status(["demo"]) == nil)
        #expect(Failure(CommandError("two\nlines")).message == "Error: two lines")
        #expect(Failure(CommandError("two\nlines")).status == 1)
        #expect(Failure(ExitCode(130)).status == 130)
        #expect(Failure(ExitCode(130)).message.isEmpty)
    }

    /// Errors found after parsing have the same form as those of the parser.
    @Test func usageIsThatOfTheCommand() {
        let late = Failure(ValidationError("no such map"), of: PrepareGridCommand.self)
        #expect(late.status == 2)
        let lines = late.message.split(separator: "\n")
        #expect(lines.first == "Error: no such map")
        #expect(lines[1].hasPrefix("Usage: hrm prepare grid --train <file>"), "\(late.message)")
        #expect(lines.last == "  See 'hrm prepare grid --help' for more information.")
        do {
            _ = try RootCommand.parseAsRoot(["prepare", "grid", "--train", "a", "--output", "b"])
            Issue.record("neither --test nor --test-share")
        } catch {
            let early = Failure(error).message.split(separator: "\n")
            #expect(early.dropFirst() == lines.dropFirst())
        }
    }

    @Test func errorsNameTheirFileOnce() {
        let url = URL(fileURLWithPath: "/a/model.safetensors")
        #expect(
            CommandError(CommandError("no tensor"), in: url).description
                == "/a/model.safetensors: no tensor")
        #expect(
            CommandError(CommandError("b/model.safetensors is short"), in: url).description
                == "b/model.safetensors is short")
    }

    @Test func jsonIsOneSortedLine() throws {
        let value = JSONValue.object([
            "b": .list([.integer(1), .number(0.5), .number(.nan), .null]), "a": .text("x/\"y\"\n"),
            "c": .unsigned(.max), "d": .flag(true),
        ])
        #expect(
            try value.line()
                == #"{"a":"x/\"y\"\n","b":[1,0.5,null,null],"c":18446744073709551615,"d":true}"#)
    }

    @Test func everySizeHasAPlan() throws {
        for size in [4, 6] {
            let plan = try #require(DemoPlan.plan(task: .sudoku, size: size))
            #expect(plan.size == size)
            #expect(plan.testPuzzles >= 200)
        }
        #expect(DemoPlan.plan(task: .sudoku, size: 9) == nil)
    }
}

@Suite struct PuzzleLinesTests {
    private func lines(of text: String) throws -> [PuzzleLines.Line] {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-lines-\(UUID().uuidString)")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        var reader = PuzzleLines(handle)
        var lines: [PuzzleLines.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test func countsSkippedLines() throws {
        let found = try lines(of: "# a\n\n 12 \r\n#\n34")
        #expect(found == [.init(number: 3, text: "12"), .init(number: 5, text: "34")])
        #expect(try lines(of: "").isEmpty)
        #expect(try lines(of: "\n\n").isEmpty)
    }

    @Test func cutsEndlessLines() throws {
        let found = try lines(of: String(repeating: "1", count: 200_000) + "\n2\n")
        #expect(found.map(\.text.count) == [PuzzleLines.longest, 1])
        #expect(found.map(\.number) == [1, 2])
    }
}

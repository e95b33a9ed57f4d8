import Foundation
import Testing

/// Text files as saved by editors: with a byte order mark, in UTF-16, and with any line ends.
@Suite struct TextInputTests {
    private static let puzzle = "1....2....2...41"
    private static let answer = "1432321441232341"
    private static let quick = ["--halt", "sign"]

    /// Returns the encodings of a text with their names.
    private static func spellings(_ text: String) -> [(name: String, data: Data)] {
        let crlf = text.replacingOccurrences(of: "\n", with: "\r\n")
        let cr = text.replacingOccurrences(of: "\n", with: "\r")
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return [
            ("plain", Data(text.utf8)), ("mark", Data("\u{FEFF}\(text)".utf8)),
            ("mark-crlf", Data("\u{FEFF}\(crlf)".utf8)), ("cr", Data(cr.utf8)),
            ("mark-cr", Data("\u{FEFF}\(cr)".utf8)), ("utf16-le", Data([0xFF, 0xFE] + little)),
            ("utf16-be", Data([0xFE, 0xFF] + big)),
        ]
    }

    @Test func everyListHasTheSameAnswers() throws {
        try Workbench.use { bench in
            let list =
                "\(Self.puzzle)\n# a comment\n\n\(Self.puzzle)\n1 .|. .\n. 2|. .\n. .|2 .\n. .|4 1"
            for (name, data) in Self.spellings(list) {
                try data.write(to: bench.url("\(name).txt"))
                let result = try bench.hrm(["solve", "\(name).txt"] + Self.quick)
                let lines = result.output.split(separator: "\n")
                #expect(result.status == 0, "\(name): \(result.errors)")
                #expect(
                    lines.count == 3 && lines.allSatisfy { $0.hasPrefix(Self.answer) }, "\(name)")
                let input = try FileHandle(forReadingFrom: bench.url("\(name).txt"))
                let typed = try Self.run(["solve"] + Self.quick, input: input, in: bench)
                #expect(typed == result.output, "\(name)")
            }
            let argument = try bench.hrm(["solve", "\u{FEFF}\(Self.puzzle)\r"] + Self.quick)
            #expect(argument.output.hasPrefix(Self.answer), "\(argument.errors)")
            // Concatenated files.
            let joined = Self.spellings("\(Self.puzzle)\n")[2].data
            try (joined + joined).write(to: bench.url("joined.txt"))
            let result = try bench.hrm(["solve", "joined.txt"] + Self.quick)
            #expect(result.output.split(separator: "\n").count == 2 && result.status == 0)
            try Data(Self.puzzle.utf16.flatMap { [UInt8($0), 0] }).write(to: bench.url("u.txt"))
            expectFailure(
                try bench.hrm("solve", "u.txt"), mentioning: "u.txt cannot be read", "UTF-16",
                "save it as UTF-8")
        }
    }

    private static func run(
        _ arguments: [String], input: FileHandle, in bench: Workbench
    ) throws -> String {
        let process = Process()
        process.executableURL = try Program.executable.get()
        process.arguments = arguments
        process.currentDirectoryURL = bench.folder
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Mazes, grids, tables, JSON lines, settings and sweeps.
    @Test func everyOtherTextIsReadAlike() throws {
        try Workbench.use { bench in
            let maze = "S..\n.#.\n..G\n"
            let mazes = "question,answer\nS../.#./..G,S../o#./ooG\nSG./.#./...,SG./.#./...\n"
            let pairs =
                "{\"input\":[[0,1]],\"output\":[[1,0]]}\n{\"input\":[[1,1]],\"output\":[[1,1]]}\n"
            let grids = "input,output\nx.,.x\nxx,xx\n"
            let sweep =
                "data: data\npreset: demo\nbudget: 1e10\nexperiments:\n- name: one\n  settings: {lr: 0.001}\n"
            var outputs: [String: Set<String>] = [:]
            for (name, data) in Self.spellings(mazes) {
                try data.write(to: bench.url("mazes.csv"))
                let made = try bench.hrm(
                    "prepare", "maze", "--train", "mazes.csv", "--test", "mazes.csv", "--output",
                    "data-\(name)")
                #expect(made.output.contains("2 training mazes of 3×3"), "\(name): \(made.errors)")
            }
            for (name, data) in Self.spellings(pairs) {
                try data.write(to: bench.url("pairs.jsonl"))
                let made = try bench.hrm(
                    "prepare", "grid", "--train", "pairs.jsonl", "--test", "pairs.jsonl",
                    "--output", "pairs-\(name)")
                outputs["pairs", default: []].insert(
                    made.output.replacingOccurrences(of: name, with: ""))
                #expect(made.status == 0, "\(name): \(made.errors)")
            }
            for (name, data) in Self.spellings(grids) {
                try data.write(to: bench.url("grids.csv"))
                let made = try bench.hrm(
                    "prepare", "grid", "--train", "grids.csv", "--test", "grids.csv",
                    "--alphabet", ".x", "--output", "grids-\(name)")
                outputs["grids", default: []].insert(
                    made.output.replacingOccurrences(of: name, with: ""))
                #expect(made.status == 0, "\(name): \(made.errors)")
            }
            #expect(outputs.values.allSatisfy { $0.count == 1 }, "\(outputs)")
            let trained = try Program.run(
                ["train", "--data", "data-mark", "--output", "run", "--steps", "1"]
                    + Workbench.tiny,
                in: bench.folder)
            try #require(trained.status == 0, "\(trained.errors)")
            var answers: Set<String> = []
            for (name, data) in Self.spellings(maze + "\n" + maze) {
                try data.write(to: bench.url("maze.txt"))
                let solved = try bench.hrm("solve", "--checkpoint", "run", "maze.txt")
                #expect(solved.status == 0, "\(name): \(solved.errors)")
                answers.insert(solved.output)
            }
            #expect(answers.count == 1)
            let settings = try String(contentsOf: bench.url("run/all_config.yaml"), encoding: .utf8)
            for (name, data) in Self.spellings(settings) {
                try data.write(to: bench.url("settings.yaml"))
                let again = try bench.hrm(
                    "train", "--data", "data-cr", "--config", "settings.yaml", "--output",
                    "run-\(name)", "--steps", "1")
                #expect(again.status == 0, "\(name): \(again.errors)")
            }
            try FileManager.default.copyItem(at: bench.url("data-cr"), to: bench.url("data"))
            for (name, data) in Self.spellings(sweep) {
                try data.write(to: bench.url("sweep.yaml"))
                let plan = try bench.hrm("sweep", "sweep.yaml", "--output", "out", "--plan")
                #expect(plan.status == 0, "\(name): \(plan.errors)")
            }
        }
    }
}

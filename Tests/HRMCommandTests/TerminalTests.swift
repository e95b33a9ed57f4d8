import Foundation
import Testing

/// The output of `hrm solve` on a terminal.
@Suite struct TerminalTests {
    private static let puzzle = "1....2....2...41"

    #if os(Linux)
        /// Runs the program with a terminal as its standard output.
        private static func onTerminal(
            _ arguments: [String], environment: [String: String], in bench: Workbench
        ) throws -> String {
            let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
            let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            try #require(terminal >= 0)
            defer { close(terminal) }
            var (zero, number): (Int32, Int32) = (0, 0)
            try #require(ioctl(terminal, unlock, &zero) == 0)
            try #require(ioctl(terminal, getNumber, &number) == 0)
            let process = Process()
            process.executableURL = try Program.executable.get()
            process.arguments = arguments
            process.currentDirectoryURL = bench.folder
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle(forWritingAtPath: "/dev/pts/\(number)")
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            // The output that fits into the terminal's buffer is still available.
            var bytes = [UInt8](repeating: 0, count: 1 << 14)
            let count = read(terminal, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
                .replacingOccurrences(of: "\r\n", with: "\n")
        }

        /// Runs the program with a terminal as its standard input, at which only the end is typed.
        private static func atTerminal(
            _ arguments: [String], typing text: String, in bench: Workbench
        ) throws -> (output: String, errors: String) {
            let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
            let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            try #require(terminal >= 0)
            defer { close(terminal) }
            var (zero, number): (Int32, Int32) = (0, 0)
            try #require(ioctl(terminal, unlock, &zero) == 0)
            try #require(ioctl(terminal, getNumber, &number) == 0)
            let input = try #require(FileHandle(forReadingAtPath: "/dev/pts/\(number)"))
            let typed = Array((text + "\u{4}").utf8)
            try #require(write(terminal, typed, typed.count) == typed.count)
            let files = ["out", "err"].map { bench.url($0) }
            for file in files { try Data().write(to: file) }
            let process = Process()
            process.executableURL = try Program.executable.get()
            process.arguments = arguments
            process.currentDirectoryURL = bench.folder
            process.standardInput = input
            process.standardOutput = try FileHandle(forWritingTo: files[0])
            process.standardError = try FileHandle(forWritingTo: files[1])
            try process.run()
            process.waitUntilExit()
            return (
                try String(contentsOf: files[0], encoding: .utf8),
                try String(contentsOf: files[1], encoding: .utf8)
            )
        }

        @Test(
            .enabled(
                if: FileManager.default.fileExists(atPath: "/dev/ptmx"), "there are no terminals"))
        func whoeverIsToTypeIsToldSo() throws {
            try Workbench.use { bench in
                let hint = "Reading puzzles from the terminal: one per line; end with Ctrl-D.\n"
                for arguments in [["solve"], ["solve", "--checkpoint", "sudoku-4x4", "-"]] {
                    let typed = try Self.atTerminal(
                        arguments + ["--halt", "sign"], typing: Self.puzzle + "\n", in: bench)
                    #expect(typed.errors == hint && typed.output.hasPrefix("1432321441232341"))
                }
                let named = try Self.atTerminal(
                    ["solve", "--halt", "sign", Self.puzzle], typing: "", in: bench)
                #expect(named.errors.isEmpty)
            }
            try Workbench.use { bench in
                let piped = try bench.hrm(["solve", "--halt", "sign"], input: Self.puzzle)
                #expect(piped.errors.isEmpty && piped.output.hasPrefix("1432321441232341"))
            }
        }

        @Test(
            .enabled(
                if: FileManager.default.fileExists(atPath: "/dev/ptmx"), "there are no terminals"))
        func aSudokuIsAnsweredAsABoardOnATerminalAlone() throws {
            try Workbench.use { bench in
                let solve = ["solve", "--halt", "sign", Self.puzzle]
                let shown = try Self.onTerminal(
                    solve, environment: ["NO_COLOR": "1", "TERM": "xterm"], in: bench)
                let board = """
                    ┌──────┬──────┐
                    │ 1  4 │ 3  2 │
                    │ 3  2 │ 1  4 │
                    ├──────┼──────┤
                    │ 4  1 │ 2  3 │
                    │ 2  3 │ 4  1 │
                    └──────┴──────┘
                    valid
                    """
                #expect(shown.hasPrefix(board), "\(shown)")
                let piped = try bench.hrm(solve).output
                #expect(piped.hasPrefix("1432321441232341  valid  "), "\(piped)")
                let json = try Self.onTerminal(
                    solve + ["--json"], environment: ["TERM": "xterm"], in: bench)
                #expect(json.contains("\"1432321441232341\"") && !json.contains("│"))
            }
        }
    #endif

    @Test func aMissingFileIsSaidToBeMissing() throws {
        try Workbench.use { bench in
            try bench.write(Self.puzzle + "\n", to: "good.txt")
            let result = try bench.hrm(
                "solve", "none.txt", "good.txt", "deep/none.sdm", "--halt", "sign")
            #expect(result.status == 1 && result.output.hasPrefix("1432321441232341"))
            #expect(
                result.errors == """
                    Error: there is no file 'none.txt'
                    Error: there is no file 'deep/none.sdm'

                    """)
            expectFailure(
                try bench.hrm("solve", "none.txt"), mentioning: "there is no file 'none.txt'")
            let escape = try bench.hrm("solve", "\u{1B}[31mnone.txt")
            expectFailure(escape, mentioning: "there is no file '\u{FFFD}[31mnone.txt'")
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "sudoku-4x4", "none.csv"),
                mentioning: "there is no file 'none.csv'")
        }
    }

    @Test func whatIsNoPuzzleIsToldHowPuzzlesAreWritten() throws {
        try Workbench.use { bench in
            let row = String(repeating: ".", count: 80)
            try bench.write("Dear diary,\nnothing happened.\n", to: "diary.txt")
            try bench.write("    *  * \n*e   s***\n *** *  *\n", to: "star.txt")
            try bench.write("", to: "empty.txt")
            try bench.write(
                "Mine:\n" + String(repeating: "1 . . . | 2 . . .\n", count: 8), to: "eight.txt")
            try Data([0x1B, 0x5B, 0x33, 0x31, 0x6D, 0, 7, 0x0A]).write(to: bench.url("bytes"))
            for (arguments, words) in [
                (["5\(row.dropLast())"], "80 of 81 cells"), (["12\(row)"], "82 cells are written"),
                (["S../.#./..G"], "this model takes 9×9 mazes"),
                (["diary.txt"], "diary.txt, 'Dear diary,': it is written like none of"),
                (["star.txt"], "# for a wall"), (["star.txt"], "S for the start"),
                (["empty.txt"], "empty.txt has no puzzle; a Sudoku has 16, 36 or 81"),
                (["."], ". is a folder"), (["bytes"], "bytes, '\u{FFFD}[31m"),
                ([String(repeating: "1.......", count: 8)], "64 cells are written"),
                (
                    [String(repeating: ".", count: 40) + "A" + row.prefix(40)],
                    "'A' in row 5, column 5"
                ),
                (["eight.txt"], "eight.txt, '1 . . . | 2 . . .': 8 rows of 8 cells are drawn"),
                (["hello"], "'hello' is not the name of a file"),
            ] {
                let result = try bench.hrm(["solve"] + arguments)
                expectFailure(result, mentioning: words)
                #expect(!result.errors.contains("\u{1B}"))
            }
            let maze = try bench.hrm(
                "solve", "--checkpoint", "maze-9x9", "S../.#./..G", "--thinking-steps", "1")
            expectFailure(maze, mentioning: "a maze of 3×3 cells; this model takes 9×9 mazes")
            try Data([0x1F, 0x8B, 8, 0, 1, 2]).write(to: bench.url("list.gz"))
            for model in [[], ["--checkpoint", "sudoku-4x4"]] {
                expectFailure(
                    try bench.hrm(["solve", "list.gz"] + model),
                    mentioning: "list.gz cannot be read", "gunzip list.gz")
            }
            try bench.write("[]", to: "task.json")
            expectFailure(try bench.hrm("solve", "task.json"), mentioning: "ARC", "--checkpoint")
        }
    }

    /// Neither a folder nor a file affects the model that a name selects.
    @Test func theNameOfAModelThatComesWithThePackageIsItsOwn() throws {
        try Workbench.use { bench in
            let plain = try bench.hrm("solve", "--halt", "sign", Self.puzzle)
            try bench.prepareAndTrain()
            try FileManager.default.moveItem(at: bench.url("run"), to: bench.url("sudoku-4x4"))
            let note = "Note: sudoku-4x4 is the model that comes with hrm; write ./sudoku-4x4 for"
            for arguments in [[], ["--checkpoint", "sudoku-4x4"]] {
                let result = try bench.hrm(["solve", "--halt", "sign", Self.puzzle] + arguments)
                #expect(result.output == plain.output && result.errors.hasPrefix(note))
            }
            let evaluate = ["evaluate", "--data", "data", "--json", "--limit", "2", "--checkpoint"]
            #expect(try bench.hrm(evaluate + ["sudoku-4x4"]).errors.contains(note))
            let path = try bench.hrm(evaluate + ["./sudoku-4x4"])
            #expect(path.status == 0 && !path.errors.contains(note))
            let own = try bench.hrm(
                "solve", "--halt", "never", Self.puzzle, "--checkpoint", "./sudoku-4x4")
            #expect(own.output.contains("3 steps") && own.errors.isEmpty)
            try bench.write("no model", to: "sudoku-9x9")
            #expect(try bench.hrm("models", "sudoku-9x9").status == 0)
        }
    }
}

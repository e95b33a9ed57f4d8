import Foundation
import HRMData
import Testing

@testable import HRMCommand

/// Drawings in streams: their ends, and independence of the size of reads.
@Suite struct DrawingStreamTests {
    private static let puzzle = "1....2....2...41"
    private static let answer = "1432321441232341"

    private static func prepareMazes(_ bench: Workbench) throws {
        let made = try bench.hrm(
            "prepare", "maze", "--generate", "8", "--test-size", "4", "--size", "5", "--output",
            "data")
        try #require(made.status == 0, "\(made.errors)")
        try #require(try bench.train().status == 0)
    }

    private static func prepareGrids(_ bench: Workbench) throws {
        let pairs = (0..<8).map { index in
            let bits = (0..<3).map { index >> $0 & 1 == 1 ? "x" : "." }.joined()
            return "\(bits)/\(bits)/\(bits),\(bits)/\(bits)/\(bits)"
        }
        try bench.write("input,output\n" + pairs.joined(separator: "\n"), to: "p.csv")
        let made = try bench.hrm(
            "prepare", "grid", "--train", "p.csv", "--test", "p.csv", "--alphabet", ".x",
            "--output", "data")
        try #require(made.status == 0, "\(made.errors)")
        try #require(try bench.train().status == 0)
    }

    /// Returns the lines, counting from 1, of the answered and the refused puzzles.
    private static func places(
        _ file: String, in bench: Workbench
    ) throws -> (answered: [Int], refused: [Int], errors: [String]) {
        let object = try bench.hrm("solve", "--checkpoint", "run", file, "--json").json
        let puzzles = try #require(object["puzzles"] as? [[String: Any]])
        let refused = puzzles.filter { $0["error"] != nil }
        return (
            puzzles.filter { $0["error"] == nil }.compactMap { $0["line"] as? Int },
            refused.compactMap { $0["line"] as? Int },
            refused.compactMap { $0["error"] as? String }
        )
    }

    @Test func aMazeThatLacksARowSwallowsNoOther() throws {
        try Workbench.use { bench in
            try Self.prepareMazes(bench)
            let whole = "S....\n.##..\n.#...\n.#.#.\n...#G\n"
            let short = "S....\n.##..\n.#.#.\n...#G\n"
            try bench.write(
                "# the first one\n\(short)\n\(whole)\n\(whole)\(whole)\n\n\(short)", to: "m.txt")
            let found = try Self.places("m.txt", in: bench)
            #expect(found.answered == [7, 13, 18] && found.refused == [2, 25])
            #expect(
                found.errors[0].hasPrefix(
                    "m.txt, line 2: 4 rows are drawn, but this model takes 5×5 mazes"),
                "\(found.errors)")
            // A single row, a row too many, and a row of open cells trimmed by an editor.
            try bench.write("S....\n\n\(whole)....G\n\nS....\n\n.#...\n.#.#.\n...#G\n", to: "n.txt")
            let others = try Self.places("n.txt", in: bench)
            #expect(others.answered.isEmpty && others.refused == [1, 3, 10, 12], "\(others)")
            #expect(others.errors[0].contains("line 1: 1 row is drawn"))
            #expect(others.errors.allSatisfy { $0.contains("a row of open cells with '.'") })
        }
    }

    /// An extra row would otherwise shift all following mazes without an empty line between them.
    @Test func aRowTooManyIsNotTheNextMazesFirst() throws {
        try Workbench.use { bench in
            try Self.prepareMazes(bench)
            let whole = "S....\n.##..\n.#...\n.#.#.\n...#G\n"
            let shifted = "S....\n.##..\n.#...\n.#.#.\n.#.#.\n...#G\n\(whole)"
            let line = "S.....##...#....#.#....#G\n"
            try bench.write(
                "\(shifted)\(line)# two\n\(whole)\(whole)# one\n\(whole)\n\(shifted)", to: "m.txt")
            let found = try Self.places("m.txt", in: bench)
            #expect(found.answered == [12, 14, 19, 25] && found.refused == [1, 31], "\(found)")
            #expect(
                found.errors.allSatisfy {
                    $0.contains("11 rows are drawn without an empty line between")
                        && $0.contains("draw 5 rows for each")
                }, "\(found.errors)")
            // Typed mazes are answered immediately, and an invalid one is reported at its end.
            let conversation = try Conversation(["solve", "--checkpoint", "run"], in: bench)
            for _ in 0..<2 {
                try conversation.write(whole)
                #expect(conversation.line().contains("step"))
            }
            try conversation.write("....G\n")
            #expect(try conversation.finish().status == 1)
            let errors = try String(contentsOf: bench.url("errors"), encoding: .utf8)
            #expect(errors.contains("line 1: 11 rows are drawn"), "\(errors)")
            #expect(errors.contains("answers from this line on may be to other mazes"))
        }
    }

    /// Any number of mazes may follow each other.
    @Test func manyMazesMayFollowEachOther() throws {
        let task = PuzzleTask.maze(size: .init(rows: 2, columns: 64))
        let open = String(repeating: ".", count: 63)
        // More mazes than are read ahead: an extra row at the end affects only the mazes after it.
        let text = Array(String(repeating: "S\(open)\n\(open)G\n", count: 10_000).utf8)
        for (excess, answered) in [("", 10_000), ("\(open)G\n", 8066)] {
            let bytes = Pieces(text + Array(excess.utf8), length: 1 << 16)
            var lines = PuzzleLines(isWhole: true) { bytes.next() }
            var (count, refused) = (0, 0)
            while let line = try task.nextText(from: &lines) {
                if line.problem == nil { count += 1 } else { refused += 1 }
            }
            #expect(count == answered && refused == (excess.isEmpty ? 0 : 1))
        }
    }

    @Test func aMazeThatNobodyCanSolveIsToldAtOnce() throws {
        try Workbench.use { bench in
            try Self.prepareMazes(bench)
            let lines = [
                "S..../.##../.#.../.#.#./...#G", "...../.##../.#.../.#.#./...#G",
                "S..../.##../.#.../.#.#./...#.", "S...S/.##../.#.../.#.#./...#G",
                "S..../.##../.#.../.#.##/...#G", "S..../*##../.#.../.#.#./...#G",
            ]
            try bench.write(lines.joined(separator: "\n"), to: "m.txt")
            let result = try bench.hrm("solve", "--checkpoint", "run", "m.txt")
            #expect(result.status == 1 && result.output.split(separator: "\n").count == 1)
            let errors = result.errors.split(separator: "\n")
            try #require(errors.count == 5, "\(errors)")
            for (error, words) in zip(
                errors, ["no start", "no goal", "more than one start", "keep the start", "'*'"])
            {
                #expect(error.contains(words), "\(error)")
            }
            expectFailure(
                try bench.hrm("solve", "--checkpoint", "run", "--trace", lines[4]),
                mentioning: "walls keep the start and the goal apart")
        }
    }

    @Test func anEmptyLineEndsAGridAndNothingElseDoes() throws {
        try Workbench.use { bench in
            try Self.prepareGrids(bench)
            let grid = "x..\n.x.\n..x\n"
            try bench.write("# three\n\n\(grid)  \n\(grid)\n\n# last\n\(grid)", to: "g.txt")
            let found = try Self.places("g.txt", in: bench)
            #expect(found.answered == [3, 7, 13] && found.refused.isEmpty, "\(found)")
            try bench.write("\(grid)\(grid)\n\(grid)", to: "h.txt")
            let others = try Self.places("h.txt", in: bench)
            #expect(others.answered == [8] && others.refused == [1], "\(others)")
            #expect(others.errors[0].contains("canvas of 3×3; leave an empty line after each"))
        }
    }

    @Test func aGridWithoutAnEndTakesNoMemory() throws {
        try Workbench.use { bench in
            try Self.prepareGrids(bench)
            let conversation = try Conversation(["solve", "--checkpoint", "run"], in: bench)
            try conversation.write("x..\n.x.\n..x\n\n")
            _ = conversation.line()
            let before = conversation.peakMemory
            let row = String(repeating: "x.x\n", count: 1 << 18)
            for _ in 0..<24 { try conversation.write(row) }
            let long = String(repeating: "x", count: 1 << 22)
            for _ in 0..<8 { try conversation.write(long) }
            let after = conversation.peakMemory
            try conversation.write("\n\nx..\n...\n..x\n\n")
            #expect(conversation.line().contains("step"))
            #expect(try conversation.finish().status == 1)
            let errors = try String(contentsOf: bench.url("errors"), encoding: .utf8)
            #expect(errors.split(separator: "\n").count == 1, "\(errors.prefix(500))")
            if let before, let after { #expect(after - before < 48 * 1024) }
        }
    }

    /// The model is selected by whole lines, regardless of the size of reads.
    @Test func aPuzzleMayComeInPieces() throws {
        try Workbench.use { bench in
            for beginning in ["", "\n", "# a comment\n\n", "\u{FEFF}# a comment\r\n"] {
                let conversation = try Conversation(["solve", "--halt", "sign"], in: bench)
                let text = Array("\(beginning)\(Self.puzzle)\n")
                let half = text.count - 9
                try conversation.write(String(text[..<half]))
                Thread.sleep(forTimeInterval: 0.3)
                try conversation.write(String(text[half...]))
                #expect(conversation.line().hasPrefix(Self.answer), "\(beginning)")
                try conversation.write("1 . | . .\n. 2 |")
                Thread.sleep(forTimeInterval: 0.2)
                try conversation.write(" . .\n. . | 2 .\n. . | 4 1\n")
                #expect(conversation.line().hasPrefix(Self.answer), "\(beginning)")
                #expect(try conversation.finish().status == 0)
            }
        }
    }

    @Test func commentsMayBeLong() throws {
        try Workbench.use { bench in
            let comments = String(repeating: "# nothing to solve in this line\n", count: 8000)
            try bench.write(comments + Self.puzzle + "\n", to: "long.txt")
            for arguments in [["solve", "long.txt"], ["solve", "long.txt", "-"]] {
                let result = try bench.hrm(
                    arguments + ["--halt", "sign", "--json"], input: comments + Self.puzzle)
                let puzzles = try #require(try result.json["puzzles"] as? [[String: Any]])
                #expect(puzzles.allSatisfy { $0["line"] as? Int == 8001 })
                #expect(puzzles.count == arguments.count - 1 && result.status == 0)
            }
        }
    }

    @Test func linesThatWereLookedAtComeOnce() throws {
        let text = "# one\n\n  two  \n# three\nfour\n\nfive"
        func lines(_ pieces: Int) -> PuzzleLines {
            let bytes = Pieces(Array(text.utf8), length: pieces)
            return PuzzleLines { bytes.next() }
        }
        for length in [1, 2, 7, 100] {
            var looked = lines(length)
            let found = try looked.lookAhead { line in
                line.hasPrefix("#") || line.isEmpty
                    ? .skip : line == "four" ? .decided(line.count) : .proceed
            }
            #expect(found == 4)
            let first = try #require(try looked.next())
            #expect(first == .init(number: 3, text: "two"))
            looked.putBack(first)
            #expect(try looked.nextOrBlank() == first)
            #expect(try looked.next()?.number == 5)
            #expect(try looked.nextOrBlank() == .init(number: 6, text: ""))
            #expect(try looked.nextAsWritten() == .init(number: 7, text: "five"))
            #expect(try looked.next() == nil)
            var skipping = lines(length)
            _ = try skipping.next()
            skipping.skipDrawing()
            #expect(try skipping.nextAsWritten()?.number == 7)
        }
    }
}

/// Bytes that arrive in chunks.
private final class Pieces: @unchecked Sendable {
    private var rest: ArraySlice<UInt8>
    private let length: Int

    init(_ bytes: [UInt8], length: Int) {
        rest = bytes[...]
        self.length = length
    }

    func next() -> [UInt8] {
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }
}

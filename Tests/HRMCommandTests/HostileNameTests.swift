import Foundation
import Testing

@testable import HRMCommand
@testable import HRMFiles
@testable import HRMTraining

/// Control characters in names, and their display.
@Suite struct HostileNameTests {
    private static let name = "\u{1B}[31mred\u{1B}]0;title\u{7}\u{9B}2J\u{202E}x\u{7F}"

    /// Returns true if a terminal would interpret a part of the text.
    private static func steers(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7F..<0xA0).contains($0.value)
                || $0.value == 0x202E
        }
    }

    @Test func escapesAreThoseOfJSON() throws {
        let shown = VisibleText.escaped("a\t\(Self.name)\nb")
        #expect(
            shown
                == "a\t\\u001b[31mred\\u001b]0;title\\u0007\\u009b2J\\u202ex\\u007f\nb")
        let json = "[\"\u{7F}\u{9B}\u{202E}\"]"
        let read = try JSONDecoder().decode(
            [String].self, from: Data(VisibleText.escaped(json).utf8))
        #expect(read == ["\u{7F}\u{9B}\u{202E}"])
    }

    @Test func ownColorsStay() {
        let colored = "\u{1B}[38;2;0;114;178m━━\u{1B}[0m a"
        #expect(VisibleText.escaped(colored, keepingColors: true) == colored)
        #expect(VisibleText.escaped(colored).hasPrefix("\\u001b[38"))
        for other in ["\u{1B}[2J", "\u{1B}]0;m", "\u{1B}[m\u{1B}", "\u{1B}[31", "\u{1B}[?25m"] {
            #expect(
                Self.steers(VisibleText.escaped(other, keepingColors: true)) == false, "\(other)")
        }
    }

    @Test func namesOfMetricsAndFilesAreShownEscaped() throws {
        try Workbench.use { bench in
            var file = try EventFile(
                creating: bench.url("events.out.tfevents.x"), firstStep: 1)
            try file.append([(key: Self.name, value: .integer(5))], step: 1, at: Date())
            let plotted = try bench.hrm("plot", "events.out.tfevents.x")
            #expect(plotted.status == 0, "\(plotted.errors)")
            #expect(plotted.output.contains("\\u001b[31mred\\u001b]0;title"), "\(plotted.output)")
            #expect(!Self.steers(plotted.output))

            let wrong = try bench.hrm("plot", "events.out.tfevents.x", "--metric", "\u{1B}[2J")
            #expect(wrong.status == 1 && wrong.errors.contains("\\u001b[2J"), "\(wrong.errors)")
            #expect(!Self.steers(wrong.errors))

            for arguments in [
                ["solve", "\u{1B}c1.2"], ["plot", "\u{1B}[1mx"], ["train", "--\u{9B}J"],
                ["inspect", "\u{202E}data"], ["runs", "\u{7}"],
            ] {
                let result = try bench.hrm(arguments)
                #expect(result.status != 0)
                #expect(!Self.steers(result.errors), "\(arguments)")
            }
        }
    }

    @Test func foldersOfRunsAreListedEscaped() throws {
        try Workbench.use { bench in
            let folder = bench.url("runs/\u{1B}[31mred\n")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("{".utf8).write(to: folder.appendingPathComponent("run.json"))
            let listed = try bench.hrm("runs", "runs")
            #expect(listed.status == 0, "\(listed.errors)")
            #expect(listed.output.contains("\\u001b[31mred\\u000a is broken: "), "\(listed.output)")
            #expect(!Self.steers(listed.output))
            let json = try bench.hrm("runs", "runs", "--json")
            let runs = try #require(try json.json["runs"] as? [[String: Any]])
            #expect(runs.first?["run"] as? String == "\u{1B}[31mred\n")
        }
    }

    /// File errors have the system's message and the file's name.
    @Test func errorsHaveNoWordsOfALibrary() throws {
        try Workbench.use { bench in
            try bench.write("x", to: "file")
            for arguments in [
                ["runs", "file"], ["plot", "file/x"], ["inspect", "file"],
                ["solve", "--checkpoint", "file/x", "1"], ["sweep", "file/x", "--output", "s"],
                ["train", "--resume", "file"], ["train", "--data", "file", "--output", "r"],
                ["prepare", "sudoku", "--source", "file/x", "--output", "d"],
                ["convert", "file/x", "--output", "a.safetensors"],
            ] {
                let result = try bench.hrm(arguments)
                #expect(result.status != 0, "\(arguments)")
                for words in ["Domain", "operation co", "Code="] {
                    #expect(!result.errors.contains(words), "\(arguments): \(result.errors)")
                }
            }
            let error = NSError(
                domain: NSCocoaErrorDomain, code: 256, userInfo: [NSFilePathErrorKey: "/a/b"])
            #expect(ErrorText.words(for: error) == "/a/b: the system cannot read it")
            #expect(
                ErrorText.words(for: CocoaError(.fileReadNoSuchFile))
                    == "No such file or directory")
            #expect(ErrorText.words(for: POSIXError(.EACCES)) == "Permission denied")
        }
    }
}

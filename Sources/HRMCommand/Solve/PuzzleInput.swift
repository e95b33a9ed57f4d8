import Foundation
import HRMData
import HRMFiles
import HRMInference
import HRMTensor
import HRMTraining

/// An input of `hrm solve`.
enum PuzzleInput: Sendable {
    /// The text of a puzzle.
    case text(String, PuzzlePlace)
    /// An input that is neither a puzzle nor a file with puzzles, with a sentence about it.
    case refused(String, PuzzlePlace)
}

/// The origin of a puzzle.
enum PuzzlePlace: Sendable {
    /// The command line.
    case argument
    /// A line, counting from 1, of a file or of standard input.
    case line(Int, source: String)

    /// The `--json` members of the origin.
    var members: [String: JSONValue] {
        switch self {
        case .argument: [:]
        case .line(let number, let source): ["line": .integer(number), "source": .text(source)]
        }
    }

    /// Returns the reason why an input is not a puzzle.
    ///
    /// - Parameters:
    ///   - error: The error of its task.
    ///   - text: The input.
    ///   - task: The model's task.
    /// - Returns: One sentence.
    func explanation(of error: any Error, text: String, task: PuzzleTask) -> String {
        switch self {
        case .line(let number, let source): "\(source), line \(number): \(error)"
        case .argument where task.looksLikeQuestion(text): "'\(Self.shown(text))': \(error)"
        case .argument where Self.isFileName(text): Self.missing(text)
        case .argument:
            "'\(Self.shown(text))' is not the name of a file, and as a puzzle: \(error)"
        }
    }

    /// Returns a text for messages: in one line, shortened, and without control characters.
    static func shown(_ text: String, most: Int = 40) -> String {
        let line = text.map { $0.isNewline ? "/" : $0.isVisible ? $0 : "\u{FFFD}" }
        return String(line.prefix(most)) + (line.count > most ? "…" : "")
    }

    /// Returns a sentence about a missing file.
    static func missing(_ file: String) -> String {
        "there is no file '\(shown(file, most: 200))'"
    }

    /// Returns true if the extension of an argument shows that it is meant as a file name.
    static func isFileName(_ text: String) -> Bool {
        let ending = (text as NSString).pathExtension
        return text.count <= 4096 && !text.contains(where: \.isNewline)
            && (2...8).contains(ending.count) && ending.first?.isLetter == true
            && ending.allSatisfy { $0.isLetter || $0.isNumber }
            && ending.contains { !"SGo".contains($0) }
    }
}

/// The puzzles of the command line, of files and of standard input, in order of arrival.
///
/// A separate thread reads them, so that puzzles are solved while further ones are being typed. The
/// number of puzzles read ahead is limited, so memory does not depend on their total.
struct PuzzleInputs: Sendable {
    /// The inputs, and `nil` at the end.
    private let queue: BoundedQueue<PuzzleInput?>

    /// Starts reading.
    ///
    /// - Parameters:
    ///   - arguments: Puzzles, files with puzzles, or `-` for standard input.
    ///   - task: The task, which distinguishes puzzles from file names.
    ///   - ahead: The maximum number of puzzles read ahead.
    ///   - opened: The already opened lines, by argument index.
    /// - Throws: `SystemThread.Refusal` if no thread can be created.
    init(
        _ arguments: [String], task: PuzzleTask, ahead: Int,
        opened: [Int: PuzzleLines] = [:]
    ) throws {
        let queue = BoundedQueue<PuzzleInput?>(capacity: ahead)
        self.queue = queue
        try SystemThread.start {
            for (index, argument) in arguments.enumerated() {
                do {
                    try Self.read(argument, task: task, opened: opened[index]) {
                        queue.append($0)
                    }
                } catch {
                    let name = argument == "-" ? "standard input" : argument
                    let reason = Self.reason(for: error)
                    queue.append(.refused("\(name) cannot be read: \(reason)", .argument))
                }
            }
            queue.append(nil)
        }
    }

    /// Returns the next input.
    ///
    /// - Parameter waiting: True to wait for it.
    /// - Returns: An input, none at the moment, or the end, after which it must not be called
    ///   again.
    func next(waiting: Bool) -> Poll<PuzzleInput> {
        switch queue.next(waiting: waiting) {
        case .some(let input?): .next(input)
        case .some(nil): .end
        case nil: .pending
        }
    }

    /// Returns the reason why a regular file is not text, by its first bytes; `nil` for all others.
    static func refusal(of argument: String) -> String? {
        let url = URL(fileURLWithPath: argument)
        return (try? FileKind(of: url))?.textRefusal(url.lastPathComponent)
    }

    /// Returns the reason why a file or standard input cannot be read.
    static func reason(for error: any Error) -> String {
        switch error {
        case let error as CommandError: error.description
        case let problem as FileProblem: problem.reason
        default: FileProblem(error).reason
        }
    }

    private static func read(
        _ argument: String, task: PuzzleTask, opened: PuzzleLines?,
        emit: (PuzzleInput) -> Void
    ) throws {
        if argument == "-" {
            try read(opened ?? .standardInput, source: "standard input", task: task, emit: emit)
            return
        }
        let url = URL(fileURLWithPath: argument)
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        // A puzzle takes precedence over a file of the same name.
        let isQuestion =
            (try? PuzzleQuestion(parsing: argument, task: task)) != nil
            || isFolder.boolValue && task.looksLikeQuestion(argument)
        guard isFile, !isQuestion else {
            emit(.text(TextDecoder.plain(argument), .argument))
            return
        }
        guard !isFolder.boolValue else {
            emit(.refused("\(argument) is a folder; name a file with puzzles", .argument))
            return
        }
        if let refusal = refusal(of: argument) {
            emit(.refused("\(argument) cannot be read: \(refusal)", .argument))
            return
        }
        if let opened {
            try read(opened, source: argument, task: task, emit: emit)
            return
        }
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        try read(PuzzleLines(handle), source: argument, task: task, emit: emit)
    }

    private static func read(
        _ lines: PuzzleLines, source: String, task: PuzzleTask, emit: (PuzzleInput) -> Void
    ) throws {
        var lines = lines
        while let line = try task.nextText(from: &lines) {
            let place = PuzzlePlace.line(line.number, source: source)
            if let problem = line.problem {
                emit(.refused("\(source), line \(line.number): \(problem)", place))
            } else {
                emit(.text(line.text, place))
            }
        }
    }
}

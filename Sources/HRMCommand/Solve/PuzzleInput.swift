import Foundation
import HRMData
import HRMFiles
import HRMTensor
import HRMTraining

/// Something that `hrm solve` was given.
enum PuzzleInput: Sendable {
    /// The text of a puzzle.
    case text(String, PuzzlePlace)
    /// What is no puzzle and no file with puzzles, with a sentence about it.
    case refused(String, PuzzlePlace)
}

/// Where a puzzle is from.
enum PuzzlePlace: Sendable {
    /// The command line.
    case argument
    /// A line, counting from 1, of a file or of standard input.
    case line(Int, source: String)

    /// What `--json` prints about it.
    var members: [String: JSONValue] {
        switch self {
        case .argument: [:]
        case .line(let number, let source): ["line": .integer(number), "source": .text(source)]
        }
    }

    /// Why what stands here is no puzzle.
    ///
    /// - Parameters:
    ///   - error: What its task says.
    ///   - text: What stands here.
    ///   - task: What the model solves.
    /// - Returns: One sentence.
    func explanation(of error: any Error, text: String, task: any SolvableTask) -> String {
        switch self {
        case .line(let number, let source): "\(source), line \(number): \(error)"
        case .argument where task.looksLikeQuestion(text): "'\(Self.shown(text))': \(error)"
        case .argument where Self.isFileName(text): Self.missing(text)
        case .argument:
            "'\(Self.shown(text))' is not the name of a file, and as a puzzle: \(error)"
        }
    }

    /// A text in a message: in one line, not too long, and without what changes a terminal.
    static func shown(_ text: String, most: Int = 40) -> String {
        let line = text.map { $0.isNewline ? "/" : $0.isVisible ? $0 : "\u{FFFD}" }
        return String(line.prefix(most)) + (line.count > most ? "…" : "")
    }

    /// A sentence about a file that is not there.
    static func missing(_ file: String) -> String {
        "there is no file '\(shown(file, most: 200))'"
    }

    /// Whether an argument that names no file can only have been meant as one: its end says so.
    static func isFileName(_ text: String) -> Bool {
        let ending = (text as NSString).pathExtension
        return text.count <= 4096 && !text.contains(where: \.isNewline)
            && (2...8).contains(ending.count) && ending.first?.isLetter == true
            && ending.allSatisfy { $0.isLetter || $0.isNumber }
            && ending.contains { !"SGo".contains($0) }
    }
}

/// The puzzles of the command line, of files and of standard input, one after the other as they come.
///
/// A thread of its own reads them, so that thinking goes on while somebody is still typing. It is at
/// most some puzzles ahead: memory does not depend on how many there are.
struct PuzzleInputs: Sendable {
    /// Inputs, and nothing at the end.
    private let queue: BoundedQueue<PuzzleInput?>

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - arguments: Puzzles, files with puzzles, or `-` for standard input.
    ///   - task: What tells a puzzle from the name of a file.
    ///   - ahead: Puzzles that are read ahead at most.
    ///   - opened: The lines that somebody has looked into already, by the place of their argument.
    /// - Throws: `SystemThread.Refusal` when there is no thread that could read.
    init(
        _ arguments: [String], task: any SolvableTask, ahead: Int,
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

    /// What there is next.
    ///
    /// - Parameter waiting: Whether to wait for it.
    /// - Returns: An input, or that there is none now, or none any more; not to be asked again then.
    func next(waiting: Bool) -> Supply<PuzzleInput> {
        switch queue.next(waiting: waiting) {
        case .some(let input?): .next(input)
        case .some(nil): .end
        case nil: .nothingYet
        }
    }

    /// The reason why a regular file is no text, by its first bytes; nil for all others.
    static func refusal(of argument: String) -> String? {
        let url = URL(fileURLWithPath: argument)
        return (try? FileKind(of: url))?.textRefusal(url.lastPathComponent)
    }

    /// Why a file or standard input cannot be read.
    static func reason(for error: any Error) -> String {
        switch error {
        case let error as CommandError: error.description
        case let problem as FileProblem: problem.reason
        default: FileProblem(error).reason
        }
    }

    private static func read(
        _ argument: String, task: any SolvableTask, opened: PuzzleLines?,
        emit: (PuzzleInput) -> Void
    ) throws {
        if argument == "-" {
            try read(opened ?? .standardInput, source: "standard input", task: task, emit: emit)
            return
        }
        let url = URL(fileURLWithPath: argument)
        var isFolder: ObjCBool = false
        let isFile = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        // What is a puzzle is one even if some file has this name.
        let isQuestion =
            (try? task.question(TextDecoder.plain(argument))) != nil
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
        _ lines: PuzzleLines, source: String, task: any SolvableTask, emit: (PuzzleInput) -> Void
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

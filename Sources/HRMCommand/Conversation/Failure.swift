import ArgumentParser
import Foundation
import HRMData

/// What is said, where, and with which exit status when a command ends by throwing.
struct Failure {
    /// Failed: the input is at fault, or the machine.
    static let failed: Int32 = 1
    /// The command line is at fault.
    static let usage: Int32 = 2

    /// What to print; it may be empty.
    let message: String
    /// 0 for requests such as `--help`.
    let status: Int32

    /// - Parameters:
    ///   - error: From the parser, or from a command while it ran.
    ///   - command: The command that ran; an error of the parser knows it itself.
    init(_ error: any Error, of command: (any ParsableCommand.Type)? = nil) {
        let code = RootCommand.exitCode(for: error)
        if let error = error as? ValidationError, let command {
            (message, status) = (Self.text(of: error, in: command), Self.usage)
        } else if code == .success || error is ExitCode {
            (message, status) = (RootCommand.fullMessage(for: error), code.rawValue)
        } else if code == .validationFailure {
            (message, status) = (RootCommand.fullMessage(for: error), Self.usage)
        } else {
            let words = Self.words(for: error)
            let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
            (message, status) = (
                "Error: \(line)", error is UsageError ? Self.usage : Self.failed
            )
        }
    }

    /// A fault of the command line with the usage of its command, as the parser prints its own errors.
    private static func text(
        of error: ValidationError, in command: any ParsableCommand.Type
    ) -> String {
        var text = "Error: \(error.message)\nUsage: \(RootCommand.usageString(for: command))"
        if let name = RootCommand.name(of: command) {
            text += "\n  See '\(name) --help' for more information."
        }
        return text
    }

    /// One sentence about an error: its own if it has one, else the system's words with the file's
    /// name; never those of a program library.
    static func words(for error: any Error) -> String {
        guard FileProblem.isFoundations(error) else { return "\(error)" }
        let known = error as NSError
        let file =
            known.userInfo[NSFilePathErrorKey] as? String
            ?? (known.userInfo[NSURLErrorKey] as? URL)?.path
        return (file.map { "\($0): " } ?? "") + reason(for: error)
    }

    /// The same where the file is named already.
    static func reason(for error: any Error) -> String {
        FileProblem.isFoundations(error) ? FileProblem(error).reason : "\(error)"
    }

    /// Prints the message and returns the status.
    func report() -> Int32 {
        guard !message.isEmpty else { return status }
        if status == 0 {
            try? Console.print(message)
        } else {
            Console.tell(message)
        }
        return status
    }
}

/// An error in one sentence, for what no library has an error for.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// An error of a library with the file it is about, where it does not name the file itself.
    init(_ error: any Error, in url: URL) {
        let text = Failure.words(for: error)
        description = text.contains(url.lastPathComponent) ? text : "\(url.path): \(text)"
    }
}

extension CommandError {
    /// A run is to go on that has made all its steps.
    static func runIsFinished(name: String, steps: Int) -> Self {
        Self(
            "\(name) is finished: it has made its \(steps) steps; to go on, ask for more with "
                + "--steps")
    }
}

/// A fault of the command line that shows only after it was parsed.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

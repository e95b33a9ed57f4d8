import ArgumentParser
import Foundation
import HRMData
import HRMFiles

/// The message, its destination and the exit status of a command that throws.
struct Failure {
    /// The status of an error in the input or the system.
    static let failed: Int32 = 1
    /// The status of an error in the command line.
    static let usage: Int32 = 2

    /// The message to print; it may be empty.
    let message: String
    /// The exit status; 0 for requests such as `--help`.
    let status: Int32

    /// - Parameter error: An error of the parser or of a running command.
    init(_ error: any Error) {
        let code = RootCommand.exitCode(for: error)
        if code == .success || error is ExitCode {
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

    /// Returns one sentence about an error: its own description, else the system's message with the
    /// file's name.
    ///
    /// The sentence never mentions a programming library.
    static func words(for error: any Error) -> String {
        guard FileProblem.isFoundations(error) else { return "\(error)" }
        let known = error as NSError
        let file =
            known.userInfo[NSFilePathErrorKey] as? String
            ?? (known.userInfo[NSURLErrorKey] as? URL)?.path
        return (file.map { "\($0): " } ?? "") + reason(for: error)
    }

    /// Returns the same for messages that already name the file.
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

/// An error of the command, in one sentence.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Creates an error from another one, with the file it concerns unless its description names
    /// the file.
    init(_ error: any Error, in url: URL) {
        let text = Failure.words(for: error)
        description = text.contains(url.lastPathComponent) ? text : "\(url.path): \(text)"
    }
}

extension CommandError {
    /// Returns the error for resuming a run that has finished all its steps.
    static func runIsFinished(name: String, steps: Int) -> Self {
        Self(
            "\(name) is finished: it has made its \(steps) steps; to go on, ask for more with "
                + "--steps")
    }
}

/// An error in the command line found after parsing.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

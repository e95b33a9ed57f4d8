import ArgumentParser
import Foundation

/// The message, its destination and the exit status of a command that throws.
struct Failure {
    /// The message to print; it may be empty.
    let message: String
    /// The exit status; 0 for requests such as `--help`.
    let status: Int32

    /// - Parameters:
    ///   - error: An error of the parser or of a running command.
    ///   - command: The command that ran; errors of the parser know theirs.
    init(_ error: any Error, of command: (any ParsableCommand.Type)? = nil) {
        let code = RootCommand.exitCode(for: error)
        if let error = error as? ValidationError, let command {
            (message, status) = (Self.text(of: error, in: command), ExitStatus.usage)
        } else if code == .success || error is ExitCode {
            (message, status) = (RootCommand.fullMessage(for: error), code.rawValue)
        } else if code == .validationFailure {
            (message, status) = (RootCommand.fullMessage(for: error), ExitStatus.usage)
        } else {
            let words = ErrorText.words(for: error)
            let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
            (message, status) = (
                "Error: \(line)", error is UsageError ? ExitStatus.usage : ExitStatus.failed
            )
        }
    }

    /// Returns a validation error with the usage of its command, as the parser prints its own errors.
    private static func text(
        of error: ValidationError, in command: any ParsableCommand.Type
    ) -> String {
        var text = "Error: \(error.message)\nUsage: \(RootCommand.usageString(for: command))"
        if let name = RootCommand.name(of: command) {
            text += "\n  See '\(name) --help' for more information."
        }
        return text
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

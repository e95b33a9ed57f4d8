import ArgumentParser
import Foundation

/// The message, its destination and the exit status of a command that throws.
struct Failure {
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
            (message, status) = (RootCommand.fullMessage(for: error), ExitStatus.usage)
        } else {
            let words = ErrorText.words(for: error)
            let line = words.split(whereSeparator: \.isNewline).joined(separator: " ")
            (message, status) = (
                "Error: \(line)", error is UsageError ? ExitStatus.usage : ExitStatus.failed
            )
        }
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

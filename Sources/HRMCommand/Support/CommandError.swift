import Foundation
import HRMFiles

/// An error of the command, in one sentence.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Creates an error from another one, with the file it concerns unless its description names
    /// the file.
    init(_ error: any Error, in url: URL) {
        let text = ErrorText.words(for: error)
        description = text.contains(url.lastPathComponent) ? text : "\(url.path): \(text)"
    }
}

extension CommandError {
    /// Returns the error for resuming a run that has finished all its steps.
    static func runIsFinished(name: String, steps: Int) -> Self {
        Self(
            "\(name) is finished: it has made its \(steps.counted("step")); to continue, ask for "
                + "more with --steps")
    }
}

/// An error in the command line found after parsing.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

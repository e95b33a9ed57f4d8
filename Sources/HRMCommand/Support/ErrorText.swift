import Foundation
import HRMFiles

/// The words for errors of any library.
enum ErrorText {
    /// Returns one sentence about an error: its own description or, failing that, the system's
    /// message with the file's name.
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
}

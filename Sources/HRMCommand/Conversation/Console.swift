import Foundation

/// The terminal, or what stands in for it.
///
/// Results go to standard output, everything else to standard error.
enum Console {
    /// Whether progress is seen by a person.
    static var showsProgressToPerson: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether marks on results may be colours; the variable `NO_COLOR` forbids them.
    static var hasColor: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
            && environment["TERM"] != "dumb"
    }

    /// Columns of the terminal; 80 where there is none.
    static var width: Int {
        for descriptor in [STDERR_FILENO, STDOUT_FILENO] {
            var size = winsize()
            if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
                return Int(size.ws_col)
            }
        }
        return 80
    }

    /// Writes a result to standard output at once.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - terminator: What follows it.
    /// - Throws: ``CommandError`` when that is impossible.
    static func print(_ text: String = "", terminator: String = "\n") throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + terminator).utf8))
        } catch {
            throw CommandError("standard output cannot be written; is the disk full?")
        }
    }

    /// Writes news to standard error.
    ///
    /// When nobody can read them, the work goes on.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - terminator: What follows it.
    static func tell(_ text: String, terminator: String = "\n") {
        try? FileHandle.standardError.write(contentsOf: Data((text + terminator).utf8))
    }
}

import ArgumentParser
import Foundation
import Synchronization

/// The terminal, or the streams in its place.
///
/// Results go to standard output, everything else to standard error.
enum Console {
    /// True if standard error is a terminal.
    static var showsProgressToPerson: Bool { isatty(STDERR_FILENO) == 1 }

    /// True if results may be marked with colours; the variable `NO_COLOR` disables them.
    static var hasColor: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        let environment = ProcessInfo.processInfo.environment
        return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// The number of columns of the terminal; 80 without one.
    static var width: Int {
        for descriptor in [STDERR_FILENO, STDOUT_FILENO] {
            var size = winsize()
            if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
                return Int(size.ws_col)
            }
        }
        return 80
    }

    /// The number of rows of the terminal; 24 without one.
    static var height: Int {
        for descriptor in [STDERR_FILENO, STDOUT_FILENO] {
            var size = winsize()
            if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 {
                return Int(size.ws_row)
            }
        }
        return 24
    }

    /// Writes a result to standard output, unbuffered.
    ///
    /// Control characters, which can only come from files and arguments, are escaped; in coloured
    /// results the program's own colour codes are kept.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - terminator: The text written after it.
    /// - Throws: ``CommandError`` if writing fails; a silent exit status if the reader has closed
    ///   the pipe, as `| head` does.
    static func print(_ text: String = "", terminator: String = "\n") throws {
        let visible = VisibleText.escaped(text, keepingColors: hasColor)
        let number = write(visible + terminator, to: STDOUT_FILENO)
        guard number != 0, !(number == EPIPE && outlivesReaders) else { return }
        guard number != EPIPE else { throw ExitCode(StopSignal.exitStatus(of: SIGPIPE)) }
        throw CommandError(
            "standard output cannot be written: \(String(cString: strerror(number)))")
    }

    /// Writes a message to standard error.
    ///
    /// Errors in writing are ignored. Control characters are escaped.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - terminator: The text written after it.
    static func tell(_ text: String, terminator: String = "\n") {
        draw(VisibleText.escaped(text) + terminator)
    }

    /// Writes cursor movements to standard error, as for a progress line.
    ///
    /// - Parameter text: The text; it must not contain text from files.
    static func draw(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Continues the work from now on even if the reader of standard output closes the pipe.
    static func outliveReaders() { readersMayLeave.store(true, ordering: .relaxed) }

    private static var outlivesReaders: Bool { readersMayLeave.load(ordering: .relaxed) }
    private static let readersMayLeave = Atomic<Bool>(false)

    /// Writes all of a text.
    ///
    /// - Returns: 0, or the system's error number.
    private static func write(_ text: String, to descriptor: CInt) -> CInt {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, Array(rest), rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Another process has made the shared terminal or pipe non-blocking.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, 1000)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

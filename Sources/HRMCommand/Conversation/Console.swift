import ArgumentParser
import Foundation
import Synchronization

/// The terminal, or what stands in for it.
///
/// Results go to standard output, everything else to standard error.
enum Console {
    /// Whether progress is seen by a person.
    static var showsProgressToPerson: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether marks on results may be colours; the variable `NO_COLOR` forbids them.
    static var hasColor: Bool {
        guard isatty(STDOUT_FILENO) == 1 else { return false }
        let environment = ProcessInfo.processInfo.environment
        return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
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
    /// Control characters, which can only be from files and arguments, are escaped; colour codes are
    /// the program's own where results have colours.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - terminator: What follows it.
    /// - Throws: ``CommandError`` when that is impossible; an exit status that says nothing when the
    ///   reader has left, as that of `| head` does.
    static func print(_ text: String = "", terminator: String = "\n") throws {
        let visible = VisibleText.escaped(text, keepingColors: hasColor)
        let number = write(visible + terminator, to: STDOUT_FILENO)
        guard number != 0, !(number == EPIPE && outlivesReaders) else { return }
        guard number != EPIPE else { throw ExitCode(StopSignal.exitStatus(of: SIGPIPE)) }
        throw CommandError(
            "standard output cannot be written: \(String(cString: strerror(number)))")
    }

    /// Writes news to standard error.
    ///
    /// When nobody can read them, the work goes on. Control characters are escaped.
    ///
    /// - Parameters:
    ///   - text: What to write.
    ///   - terminator: What follows it.
    static func tell(_ text: String, terminator: String = "\n") {
        draw(VisibleText.escaped(text) + terminator)
    }

    /// Writes to standard error what moves the cursor, as a progress line does.
    ///
    /// - Parameter text: What to write; nothing of it is from a file.
    static func draw(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// From now on the work is worth more than its news: when the reader of standard output has left,
    /// it goes on.
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
                // Whoever shares the terminal or pipe has made it return at once.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, 1000)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

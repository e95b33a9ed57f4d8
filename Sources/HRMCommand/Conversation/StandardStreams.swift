import Foundation

/// Standard input, output and error as the program finds them.
enum StandardStreams {
    /// Opens the null device in place of those that are closed, and lets a reader that has left be an
    /// error instead of the end of the program.
    ///
    /// The first files that are opened would otherwise take the numbers of closed streams, and
    /// progress would be written into them.
    static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            guard fcntl(descriptor, F_GETFD) == -1, errno == EBADF else { continue }
            let null = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
            // The lowest free number is taken, so this is the case unless there is no null device.
            guard null != descriptor, null >= 0 else { continue }
            dup2(null, descriptor)
            close(null)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}

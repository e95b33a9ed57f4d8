import Foundation

/// Standard input, output and error as inherited by the process.
enum StandardStreams {
    /// Opens the null device for closed streams, and turns SIGPIPE into a write error.
    ///
    /// The first opened files would otherwise get the descriptors of closed streams, and progress
    /// would be written into them.
    static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            guard fcntl(descriptor, F_GETFD) == -1, errno == EBADF else { continue }
            let null = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
            // The lowest free descriptor is used, so they are equal unless there is no null device.
            guard null != descriptor, null >= 0 else { continue }
            dup2(null, descriptor)
            close(null)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}

package import Foundation

/// Reading of untrusted files.
package enum InputFile {
    /// Returns the memory-mapped content of a regular file.
    ///
    /// A pipe or a device is refused, because it might never end.
    package static func mapped(_ url: URL) throws(FileError) -> Data {
        _ = try byteCount(url)
        return try contents(url, options: .alwaysMapped)
    }

    /// Returns the content of a regular file of at most `limit` bytes.
    package static func small(_ url: URL, limit: Int) throws(FileError) -> Data {
        let count = try byteCount(url)
        guard count <= limit else {
            throw FileError(
                .read, path: url.path,
                reason: "it has \(count) bytes, more than \(limit) are not accepted")
        }
        return try contents(url, options: [])
    }

    /// Returns the size of a regular file that can be opened for reading.
    private static func byteCount(_ url: URL) throws(FileError) -> Int {
        // A blocking open would wait for the writer of a FIFO.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileError(.read, path: url.path, reason: FileReason.lastCall)
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            throw FileError(.read, path: url.path, reason: FileReason.lastCall)
        }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return Int(facts.st_size)
        case S_IFDIR:
            throw FileError(.read, path: url.path, reason: "it is a folder, not a file")
        default: throw FileError(.read, path: url.path, reason: "it is not a regular file")
        }
    }

    private static func contents(
        _ url: URL, options: Data.ReadingOptions
    ) throws(FileError) -> Data {
        do {
            return try Data(contentsOf: url, options: options)
        } catch {
            throw FileError(.read, path: url.path, reason: FileReason.of(error))
        }
    }
}

/// The system's message for a failed file operation.
package enum FileReason {
    /// The message for the last failed system call.
    package static var lastCall: String { String(cString: strerror(errno)) }

    /// Returns the message for an error thrown by Foundation.
    package static func of(_ error: any Error) -> String { FileProblem(error).reason }
}

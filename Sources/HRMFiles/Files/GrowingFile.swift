package import Foundation

/// Files that are kept open for appending.
package enum GrowingFile {
    /// Opens a regular file at its end, or creates it.
    ///
    /// Pipes and sockets are refused, because writing to them would wait for a reader.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - flags: Further flags of `open`.
    /// - Returns: The descriptor; the caller closes it.
    /// - Throws: ``FileError``.
    package static func open(_ url: URL, flags: CInt = 0) throws(FileError) -> CInt {
        let descriptor = Foundation.open(
            url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | flags, 0o666)
        guard descriptor >= 0 else {
            // A pipe without a reader.
            let reason = errno == ENXIO ? notAFile : FileReason.lastCall
            throw FileError(.write, path: url.path, reason: reason)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, [S_IFREG, S_IFCHR].contains(facts.st_mode & S_IFMT)
        else {
            close(descriptor)
            throw FileError(.write, path: url.path, reason: notAFile)
        }
        return descriptor
    }

    private static let notAFile = FileReplacement.notAFile
}

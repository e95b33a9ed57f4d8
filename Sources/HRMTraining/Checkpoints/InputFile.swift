import Foundation
import HRMData

/// Reading of files from elsewhere.
enum InputFile {
    /// The content of a regular file, mapped, so that a huge one takes no memory before its bytes
    /// are used.
    ///
    /// A pipe or a device is refused: it might have no end.
    static func mapped(_ url: URL) throws(FileError) -> Data {
        _ = try byteCount(url)
        return try contents(url, options: .alwaysMapped)
    }

    /// The content of a regular file of at most `limit` bytes.
    static func small(_ url: URL, limit: Int) throws(FileError) -> Data {
        let count = try byteCount(url)
        guard count <= limit else {
            throw FileError(
                .read, path: url.path,
                reason: "it has \(count) bytes, more than \(limit) are not accepted")
        }
        return try contents(url, options: [])
    }

    /// The text of a regular file of at most `limit` bytes, without a byte order mark and with line feeds
    /// for line ends; see `TextDecoder`.
    static func text(_ url: URL, limit: Int) throws(FileError) -> String {
        let bytes = Array(try small(url, limit: limit))
        let text: [UInt8]
        do throws(FileProblem) {
            if let reason = FileKind(Data(bytes)).textRefusal(url.lastPathComponent) {
                throw FileProblem(reason: reason)
            }
            text = try TextDecoder.decoded(bytes)
        } catch {
            throw FileError(.read, path: url.path, reason: error.reason)
        }
        guard let text = String(validating: text, as: UTF8.self) else {
            throw FileError(.read, path: url.path, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// The size of a regular file, in the system's words where it cannot be found out or opened.
    private static func byteCount(_ url: URL) throws(FileError) -> Int {
        // A FIFO without a writer would be waited for.
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

/// The system's words for why a file operation failed.
enum FileReason {
    /// The words for the last failed system call.
    static var lastCall: String { String(cString: strerror(errno)) }

    /// The words for an error thrown by Foundation.
    static func of(_ error: any Error) -> String { FileProblem(error).reason }
}

/// Files that a program keeps open to add to them.
enum GrowingFile {
    /// Opens a regular file behind its last byte, or makes an empty one.
    ///
    /// A pipe, for whose other end would be waited, and a device are refused.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - flags: Further flags of `open`.
    /// - Returns: The descriptor, which is the caller's to close.
    /// - Throws: ``FileError``.
    static func open(_ url: URL, flags: CInt = 0) throws(FileError) -> CInt {
        let descriptor = Foundation.open(
            url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | flags, 0o666)
        guard descriptor >= 0 else {
            // A pipe that nobody reads.
            let reason = errno == ENXIO ? notAFile : FileReason.lastCall
            throw FileError(.write, path: url.path, reason: reason)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(.write, path: url.path, reason: notAFile)
        }
        return descriptor
    }

    private static let notAFile = FileReplacement.notAFile
}

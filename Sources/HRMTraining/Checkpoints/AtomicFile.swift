public import Foundation

/// Writes a file whole or not at all.
public enum AtomicFile {
    /// Puts `data` under the name `url`; whoever looks sees the old content or the new, never a part,
    /// also after a power failure.
    ///
    /// The bytes go to a new file in the same folder, to the disk, and then under their name.
    ///
    /// - Parameters:
    ///   - data: The whole content.
    ///   - url: The file; one that is there is replaced.
    /// - Throws: ``FileError`` in the system's words; no temporary file is left behind.
    public static func write(_ data: Data, to url: URL) throws(FileError) {
        try write(to: url) { sink throws(FileError) in try sink.write(data) }
    }

    /// Takes the pieces of a file one after the other.
    struct Sink {
        fileprivate let handle: FileHandle
        fileprivate let path: String

        /// Adds a piece.
        ///
        /// - Throws: ``FileError`` in the system's words.
        func write(_ piece: Data) throws(FileError) {
            do {
                try handle.write(contentsOf: piece)
            } catch {
                throw FileError(.write, path: path, reason: FileReason.of(error))
            }
        }
    }

    /// The same for a content that comes in pieces.
    ///
    /// - Parameters:
    ///   - url: The file; one that is there is replaced.
    ///   - fill: Writes all pieces.
    /// - Throws: ``FileError`` in the system's words, or what `fill` throws; no temporary file is
    ///   left behind.
    static func write(
        to url: URL, _ fill: (Sink) throws(FileError) -> Void
    ) throws(FileError) {
        let folder = url.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(
            ".\(url.lastPathComponent).\(UUID().uuidString).tmp")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileError(.write, path: url.path, reason: FileReason.lastCall)
        }
        do throws(FileError) {
            try finish(descriptor, path: url.path, fill)
            guard rename(temporary.path, url.path) == 0 else {
                throw FileError(.write, path: url.path, reason: FileReason.lastCall)
            }
        } catch {
            unlink(temporary.path)
            throw error
        }
        try synchronize(folder: folder, path: url.path)
    }

    /// Writes all pieces, waits until they are on the disk and closes the file.
    private static func finish(
        _ descriptor: CInt, path: String, _ fill: (Sink) throws(FileError) -> Void
    ) throws(FileError) {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try fill(Sink(handle: handle, path: path))
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }

    /// Removes what a program that was killed while it wrote has left in a folder.
    ///
    /// - Parameter folder: A folder in which nobody else writes meanwhile.
    static func removeRemains(in folder: URL) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            try? files.removeItem(at: folder.appendingPathComponent(name))
        }
    }

    /// Makes the new name as lasting as the bytes.
    private static func synchronize(folder: URL, path: String) throws(FileError) {
        // A folder may be writable but not readable, and some file systems cannot synchronize one;
        // the file has its name all the same.
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw FileError(.write, path: path, reason: FileReason.lastCall)
        }
    }
}

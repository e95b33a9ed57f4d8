package import Foundation

/// Atomic writing of files: a reader sees either the old content or the complete new one.
package enum AtomicFile {
    /// Replaces the content of `url` with `data` atomically, even across a power failure.
    ///
    /// The bytes are written to a temporary file in the same folder, synchronized to disk and
    /// renamed to `url`; mode and owner of an existing file are kept. A symbolic link is followed.
    /// A pipe, a device or a file with further hard links is written in place; only these can be
    /// left incomplete.
    ///
    /// - Parameters:
    ///   - data: The complete content.
    ///   - url: The file; existing content is replaced.
    /// - Throws: ``FileError`` with the system's message; no temporary file is left behind.
    package static func write(_ data: Data, to url: URL) throws(FileError) {
        try write(to: url) { sink throws(FileError) in try sink.write(data) }
    }

    /// Checks that a file can be written at `url`, before hours of work depend on it.
    ///
    /// - Parameter url: The file to be written later.
    /// - Throws: ``FileError`` with the system's message.
    package static func check(_ url: URL) throws(FileError) {
        do {
            try FileReplacement.check(url)
        } catch {
            throw FileError(.write, path: url.path, reason: error.reason)
        }
    }

    /// Writes the pieces of a file one after another.
    package struct Sink {
        fileprivate let handle: FileHandle
        fileprivate let path: String

        /// Appends a piece.
        ///
        /// - Throws: ``FileError`` with the system's message.
        package func write(_ piece: Data) throws(FileError) {
            do {
                try handle.write(contentsOf: piece)
            } catch {
                throw FileError(.write, path: path, reason: FileReason.of(error))
            }
        }
    }

    /// Replaces the content of `url` atomically with pieces that `fill` writes.
    ///
    /// - Parameters:
    ///   - url: The file; existing content is replaced.
    ///   - otherNames: The treatment of further hard links to the file.
    ///   - fill: Writes all pieces.
    /// - Throws: ``FileError`` with the system's message, or the error thrown by `fill`; no
    ///   temporary file is left behind.
    package static func write(
        to url: URL, otherNames: FileReplacement.OtherNames = .follow,
        _ fill: (Sink) throws(FileError) -> Void
    ) throws(FileError) {
        try FileReplacement.write(to: url, otherNames: otherNames) { problem in
            FileError(.write, path: url.path, reason: problem.reason)
        } fill: { handle throws(FileError) in
            try fill(Sink(handle: handle, path: url.path))
        }
    }

    /// Removes temporary files that a program killed while writing has left in a folder.
    ///
    /// - Parameter folder: A folder that no other process writes to at the same time.
    package static func removeRemains(in folder: URL) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            try? files.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}

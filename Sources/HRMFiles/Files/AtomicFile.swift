public import Foundation

/// Writes a file whole or not at all.
public enum AtomicFile {
    /// Puts `data` under the name `url`; whoever looks sees the old content or the new, never a part,
    /// also after a power failure.
    ///
    /// The bytes go to a new file in the same folder, to the disk, and then under their name, with
    /// mode and owner of the file that had it. Of a symbolic link, what it leads to is replaced. A
    /// pipe or device is written to, and so is a file that has other names, too: only these two can
    /// be left with a part.
    ///
    /// - Parameters:
    ///   - data: The whole content.
    ///   - url: The file; the content of one that is there is replaced.
    /// - Throws: ``FileError`` in the system's words; no temporary file is left behind.
    public static func write(_ data: Data, to url: URL) throws(FileError) {
        try write(to: url) { sink throws(FileError) in try sink.write(data) }
    }

    /// Refuses a name under which nothing can be written, before hours of work.
    ///
    /// - Parameter url: The name.
    /// - Throws: ``FileError`` in the system's words.
    public static func check(_ url: URL) throws(FileError) {
        do {
            try FileReplacement.check(url)
        } catch {
            throw FileError(.write, path: url.path, reason: error.reason)
        }
    }

    /// Takes the pieces of a file one after the other.
    package struct Sink {
        fileprivate let handle: FileHandle
        fileprivate let path: String

        /// Adds a piece.
        ///
        /// - Throws: ``FileError`` in the system's words.
        package func write(_ piece: Data) throws(FileError) {
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
    ///   - url: The file; the content of one that is there is replaced.
    ///   - otherNames: What becomes of other names that the file has.
    ///   - fill: Writes all pieces.
    /// - Throws: ``FileError`` in the system's words, or what `fill` throws; no temporary file is
    ///   left behind.
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

    /// Removes what a program that was killed while it wrote has left in a folder.
    ///
    /// - Parameter folder: A folder in which nobody else writes meanwhile.
    package static func removeRemains(in folder: URL) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            try? files.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}

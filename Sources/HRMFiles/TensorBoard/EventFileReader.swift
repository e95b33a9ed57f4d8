package import Foundation

/// Reads an event file record by record, with one record in memory at a time.
///
/// An incomplete last record means that the file is still being written, or that its writer was
/// killed: the complete records are read, and ``isTruncated`` is true. Any other defect is an
/// error.
package struct EventFileReader {
    /// The size of the records read so far, in bytes.
    package private(set) var byteCount = 0
    /// True if the file ended within a record; valid after ``next()`` has returned nil.
    package private(set) var isTruncated = false

    private let path: String
    private var source: ByteSource

    /// Opens a file.
    ///
    /// - Parameter url: An event file of any program.
    /// - Throws: ``EventFileError/file(_:)`` if it is missing or not a regular file.
    package init(contentsOf url: URL) throws(EventFileError) {
        path = url.path
        do {
            source = try ByteSource(url: url)
        } catch {
            throw .file(FileError(.read, path: url.path, reason: error.reason))
        }
    }

    /// Reads a file in memory.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: The file's name, for messages.
    package init(bytes: [UInt8], path: String) {
        self.path = path
        source = ByteSource(bytes: bytes)
    }

    /// Returns the next event; nil after the last complete one.
    ///
    /// - Throws: ``EventFileError/damaged(path:byte:reason:)`` or ``EventFileError/file(_:)``.
    package mutating func next() throws(EventFileError) -> RunEvent? {
        let header = try read(EventRecord.headerByteCount)
        guard header.count == EventRecord.headerByteCount else {
            isTruncated = !header.isEmpty
            return nil
        }
        guard let announced = EventRecord.dataByteCount(header: header) else {
            throw damage("the checksum of its length is wrong")
        }
        let footer = EventRecord.footerByteCount
        // Checked before allocating memory.
        let left = source.totalCount - byteCount - header.count
        guard left >= footer, announced <= UInt64(left - footer) else {
            isTruncated = true
            return nil
        }
        let body = try read(Int(announced) + footer)
        guard body.count == Int(announced) + footer else {
            isTruncated = true
            return nil
        }
        guard let data = EventRecord.checked(body) else {
            throw damage("the checksum of its data is wrong")
        }
        do {
            let event = try RunEvent(encoded: data)
            byteCount += header.count + body.count
            return event
        } catch {
            throw damage(error.reason)
        }
    }

    private mutating func read(_ count: Int) throws(EventFileError) -> [UInt8] {
        do {
            return try source.read(upTo: count)
        } catch {
            throw .file(FileError(.read, path: path, reason: error.reason))
        }
    }

    private func damage(_ reason: String) -> EventFileError {
        .damaged(path: path, byte: byteCount, reason: reason)
    }
}

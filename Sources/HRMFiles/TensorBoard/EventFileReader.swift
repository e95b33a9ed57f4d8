public import Foundation

/// Reads an event file record by record, holding one of them in memory.
///
/// A file whose last record is not whole is one that is being written, or whose writer was killed:
/// what is whole is read, and ``isTruncated`` tells. Anything else that is wrong is an error.
public struct EventFileReader {
    /// Bytes of the records that were read.
    public private(set) var byteCount = 0
    /// Whether the file ended in the middle of a record; known when there is no next one.
    public private(set) var isTruncated = false

    private let path: String
    private var source: ByteSource

    /// Opens a file.
    ///
    /// - Parameter url: An event file of any program.
    /// - Throws: ``EventFileError/file(_:)`` when it is missing or not a regular file.
    public init(contentsOf url: URL) throws(EventFileError) {
        path = url.path
        do {
            source = try ByteSource(url: url)
        } catch {
            throw .file(FileError(.read, path: url.path, reason: error.reason))
        }
    }

    /// Reads a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: What errors call it.
    public init(bytes: [UInt8], path: String) {
        self.path = path
        source = ByteSource(bytes: bytes)
    }

    /// The next event, or nil behind the last whole one.
    ///
    /// - Throws: ``EventFileError/damaged(path:byte:reason:)`` or ``EventFileError/file(_:)``.
    public mutating func next() throws(EventFileError) -> RunEvent? {
        let header = try read(EventRecord.headerByteCount)
        guard header.count == EventRecord.headerByteCount else {
            isTruncated = !header.isEmpty
            return nil
        }
        guard let announced = EventRecord.dataByteCount(header: header) else {
            throw damage("the checksum of its length is wrong")
        }
        let footer = EventRecord.footerByteCount
        // Compared before memory is taken for it; a file that grows meanwhile has another reader.
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

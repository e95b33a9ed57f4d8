public import Foundation
import HRMData

/// The value of a metric.
public enum MetricValue: Sendable, Hashable {
    /// A count.
    case integer(Int)
    /// A number, written with as many digits as it takes to read the same number back.
    case double(Double)
    /// A number, written with as many digits as it takes to read the same number back.
    case float(Float)
    /// A name.
    case text(String)

    /// The value as JSON; `null` for a number that is not finite.
    var json: String {
        switch self {
        case .integer(let value): "\(value)"
        case .double(let value): JSONText.number(value)
        case .float(let value): JSONText.number(value)
        case .text(let value): JSONText.quoted(value)
        }
    }
}

/// A file of metrics: one JSON object a line, keys in the order in which they are given.
///
/// A log holds nothing that depends on the clock or the machine's load, so that two runs with one
/// seed leave equal files. Timings belong elsewhere.
public struct MetricsLog: Sendable {
    private let handle: FileHandle
    private let path: String

    /// Opens a log, or makes an empty one.
    ///
    /// - Parameter url: The file; what it holds is kept.
    /// - Throws: ``FileError`` in the system's words.
    public init(appendingTo url: URL) throws(FileError) {
        handle = FileHandle(
            fileDescriptor: try GrowingFile.open(url), closeOnDealloc: true)
        path = url.path
    }

    /// Opens a log and cuts off what was written after a moment that is gone back to.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - byteCount: Its size at that moment.
    /// - Throws: ``FileError`` when the file is shorter, or in the system's words.
    init(reopening url: URL, truncatedTo byteCount: Int) throws(FileError) {
        try self.init(appendingTo: url)
        let found = try self.byteCount()
        guard found >= byteCount else {
            throw FileError(
                .read, path: path,
                reason:
                    "it has \(found.counted("byte")) where the checkpoint knows of \(byteCount); "
                    + "it was changed since")
        }
        do {
            try handle.truncate(atOffset: UInt64(byteCount))
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }

    /// Bytes written so far, from the beginning of the file.
    ///
    /// - Throws: ``FileError`` in the system's words.
    func byteCount() throws(FileError) -> Int {
        do {
            return Int(try handle.seekToEnd())
        } catch {
            throw FileError(.read, path: path, reason: FileReason.of(error))
        }
    }

    /// Whether the file's name still leads to what is written; it does not when the file or its
    /// folder was removed or moved away.
    var hasItsName: Bool {
        var (own, named) = (stat(), stat())
        return fstat(handle.fileDescriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    /// Waits until all that was written is on the disk.
    ///
    /// - Throws: ``FileError`` in the system's words.
    func synchronize() throws(FileError) {
        do {
            try handle.synchronize()
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }

    /// Adds a line; when this returns, another process can read it.
    ///
    /// - Parameter record: Names and values, in the order in which they are to stand.
    /// - Throws: ``FileError`` in the system's words.
    public func append(_ record: KeyValuePairs<String, MetricValue>) throws(FileError) {
        try append(record.map { (key: $0.key, value: $0.value) })
    }

    /// Adds a line; when this returns, another process can read it.
    ///
    /// - Parameter record: Names and values, in the order in which they are to stand.
    /// - Throws: ``FileError`` in the system's words.
    public func append(_ record: [(key: String, value: MetricValue)]) throws(FileError) {
        let members = record.map { "\(JSONText.quoted($0.key)):\($0.value.json)" }
        do {
            try handle.write(contentsOf: Data("{\(members.joined(separator: ","))}\n".utf8))
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }
}

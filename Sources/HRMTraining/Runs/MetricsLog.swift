package import Foundation
package import HRMFiles

/// The value of a metric.
package enum MetricValue: Sendable, Hashable {
    /// A count.
    case integer(Int)
    /// A binary64 number, written with the shortest text that parses to the same number.
    case double(Double)
    /// A binary32 number, written with the shortest text that parses to the same number.
    case float(Float)
    /// A name.
    case text(String)

    /// The value as JSON; `null` for a non-finite number.
    var json: String {
        switch self {
        case .integer(let value): "\(value)"
        case .double(let value): JSONText.number(value)
        case .float(let value): JSONText.number(value)
        case .text(let value): JSONText.quoted(value)
        }
    }
}

/// A file of metrics: one JSON object per line, with keys in the given order.
///
/// A log contains nothing that depends on the clock or the machine's load, so that two runs with
/// the same seed produce identical files.
package struct MetricsLog: Sendable {
    private let handle: FileHandle
    private let path: String

    /// Opens or creates a log.
    ///
    /// - Parameter url: The file; existing content is kept.
    /// - Throws: `FileError` with the system's message.
    package init(appendingTo url: URL) throws(FileError) {
        handle = FileHandle(
            fileDescriptor: try GrowingFile.open(url), closeOnDealloc: true)
        path = url.path
    }

    /// Opens a log and truncates it to an earlier size.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - byteCount: The earlier size in bytes.
    /// - Throws: ``FileError`` if the file is shorter, or with the system's message.
    package init(reopening url: URL, truncatedTo byteCount: Int) throws(FileError) {
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

    /// Returns the size of the file in bytes.
    ///
    /// - Throws: ``FileError`` with the system's message.
    package func byteCount() throws(FileError) -> Int {
        do {
            return Int(try handle.seekToEnd())
        } catch {
            throw FileError(.read, path: path, reason: FileReason.of(error))
        }
    }

    /// True if the file's path still refers to the open file; false after the file or its folder
    /// was removed or moved.
    var hasItsName: Bool {
        var (own, named) = (stat(), stat())
        return fstat(handle.fileDescriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    /// Synchronizes the file to disk.
    ///
    /// - Throws: ``FileError`` with the system's message.
    package func synchronize() throws(FileError) {
        do {
            try handle.synchronize()
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }

    /// Appends a line, which is immediately visible to other processes.
    ///
    /// - Parameter record: Names and values in the order of output.
    /// - Throws: `FileError` with the system's message.
    package func append(_ record: KeyValuePairs<String, MetricValue>) throws(FileError) {
        try append(record.map { (key: $0.key, value: $0.value) })
    }

    /// Appends a line, which is immediately visible to other processes.
    ///
    /// - Parameter record: Names and values in the order of output.
    /// - Throws: `FileError` with the system's message.
    package func append(_ record: [(key: String, value: MetricValue)]) throws(FileError) {
        let members = record.map { "\(JSONText.quoted($0.key)):\($0.value.json)" }
        do {
            try handle.write(contentsOf: Data("{\(members.joined(separator: ","))}\n".utf8))
        } catch {
            throw FileError(.write, path: path, reason: FileReason.of(error))
        }
    }
}

extension EventFile {
    /// Adds the numbers of a step under their names, as `MetricsLog` writes them to its line.
    ///
    /// Numbers become float32, as in every event file. The member `step` and texts are left out.
    ///
    /// - Parameters:
    ///   - record: Names and values.
    ///   - step: The step.
    ///   - date: The time of the step.
    /// - Throws: ``EventFileError/file(_:)``.
    package mutating func append(
        _ record: [(key: String, value: MetricValue)], step: Int, at date: Date
    ) throws(EventFileError) {
        let scalars = record.compactMap { member in
            member.value.scalar.map { (tag: member.key, value: $0) }
        }
        try append(scalars.filter { $0.tag != "step" }, step: step, at: date)
    }
}

extension MetricValue {
    /// The value as event files hold numbers; nil for a text.
    fileprivate var scalar: Float? {
        switch self {
        case .integer(let value): Float(value)
        case .double(let value): Float(value)
        case .float(let value): value
        case .text: nil
        }
    }
}

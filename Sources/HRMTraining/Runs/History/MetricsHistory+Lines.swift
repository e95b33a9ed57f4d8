public import Foundation
import HRMData
import HRMFiles

extension MetricsHistory {
    /// Reads a file of JSON lines, as written by `MetricsLog`.
    ///
    /// - Parameters:
    ///   - url: The file; an empty file gives no series.
    ///   - pointLimit: The maximum number of points per series, at least 2; it bounds the memory.
    /// - Throws: ``MetricsHistoryError`` with the line.
    public init(
        contentsOf url: URL, pointLimit: Int = defaultPointLimit
    ) throws(MetricsHistoryError) {
        let source: ByteSource
        do {
            source = try ByteSource(url: url)
        } catch {
            throw .file(FileError(.read, path: url.path, reason: error.reason))
        }
        var reader = MetricsLinesReader(path: url.path, pointLimit: pointLimit)
        try reader.read(source)
        self = reader.history
    }

    /// Reads JSON lines in memory.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: The file's name, for messages.
    ///   - pointLimit: The maximum number of points per series, at least 2.
    /// - Throws: ``MetricsHistoryError`` with the line.
    public init(
        bytes: [UInt8], path: String, pointLimit: Int = defaultPointLimit
    ) throws(MetricsHistoryError) {
        var reader = MetricsLinesReader(path: path, pointLimit: pointLimit)
        try reader.read(ByteSource(bytes: bytes))
        self = reader.history
    }
}

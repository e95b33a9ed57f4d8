public import Foundation
import HRMData
import HRMFiles

extension MetricsHistory {
    /// Reads a file of JSON lines, as ``MetricsLog`` writes them.
    ///
    /// - Parameters:
    ///   - url: The file; one without a line gives no series.
    ///   - pointLimit: Points of a series at most, at least 2; it bounds the memory.
    /// - Throws: ``MetricsHistoryError`` that names the line.
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

    /// Reads the lines of a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: What errors call it.
    ///   - pointLimit: Points of a series at most, at least 2.
    /// - Throws: ``MetricsHistoryError`` that names the line.
    public init(
        bytes: [UInt8], path: String, pointLimit: Int = defaultPointLimit
    ) throws(MetricsHistoryError) {
        var reader = MetricsLinesReader(path: path, pointLimit: pointLimit)
        try reader.read(ByteSource(bytes: bytes))
        self = reader.history
    }
}

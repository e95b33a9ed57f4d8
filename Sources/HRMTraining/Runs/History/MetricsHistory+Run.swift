public import Foundation
import HRMFiles

extension MetricsHistory {
    /// Reads the metrics of a run from any supported source.
    ///
    /// - Parameters:
    ///   - url: A run folder, a file of JSON lines, an event file of any program, or a folder of
    ///     event files, which are read in the order of their names.
    ///   - pointLimit: The maximum number of points per series, at least 2; it bounds the memory.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)``, ``MetricsHistoryError`` or
    ///   `EventFileError`.
    public init(ofRun url: URL, pointLimit: Int = defaultPointLimit) throws {
        let files = try Self.metricsFiles(of: url)
        if Self.isEventFile(files[0].lastPathComponent) {
            try self.init(eventsOf: files, pointLimit: pointLimit)
        } else {
            try self.init(contentsOf: files[0], pointLimit: pointLimit)
        }
    }

    private static func isEventFile(_ name: String) -> Bool { name.contains("tfevents") }

    /// Returns the metrics file or, failing that, the event files, of which there is at least one.
    private static func metricsFiles(of url: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else { return [url] }
        let metrics = url.appendingPathComponent(RunFolder.metricsName)
        if FileManager.default.fileExists(atPath: metrics.path) { return [metrics] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw FileError(.read, path: url.path, reason: FileReason.of(error))
        }
        let events = names.filter(isEventFile).sorted()
        guard !events.isEmpty else {
            throw RunFolderError.notARun(path: url.path, missingFile: RunFolder.metricsName)
        }
        return events.map { url.appendingPathComponent($0) }
    }
}

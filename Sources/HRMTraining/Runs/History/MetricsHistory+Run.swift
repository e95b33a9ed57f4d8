public import Foundation

extension MetricsHistory {
    /// Reads the metrics of a run, whatever holds them.
    ///
    /// - Parameters:
    ///   - url: A run folder, a file of JSON lines, an event file of any program, or a folder that
    ///     has an event file.
    ///   - pointLimit: Points of a series at most, at least 2; it bounds the memory.
    /// - Throws: ``RunFolderError/notARun(path:missingFile:)``, ``MetricsHistoryError`` or
    ///   ``EventFileError``.
    public init(ofRun url: URL, pointLimit: Int = defaultPointLimit) throws {
        let file = try Self.metricsFile(of: url)
        if Self.isEventFile(file.lastPathComponent) {
            try self.init(eventsOf: file, pointLimit: pointLimit)
        } else {
            try self.init(contentsOf: file, pointLimit: pointLimit)
        }
    }

    private static func isEventFile(_ name: String) -> Bool { name.contains("tfevents") }

    private static func metricsFile(of url: URL) throws -> URL {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else { return url }
        let metrics = url.appendingPathComponent(RunFolder.metricsName)
        if FileManager.default.fileExists(atPath: metrics.path) { return metrics }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: url.path)
        } catch {
            throw FileError(.read, path: url.path, reason: FileReason.of(error))
        }
        let events = names.filter(isEventFile).sorted()
        guard let name = events.first else {
            throw RunFolderError.notARun(path: url.path, missingFile: RunFolder.metricsName)
        }
        guard events.count == 1 else {
            throw RunFolderError.severalEventFiles(path: url.path, names: events)
        }
        return url.appendingPathComponent(name)
    }
}

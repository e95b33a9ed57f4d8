public import Foundation
public import HRMFiles

/// Finds the runs below a folder.
public enum RunSearch {
    /// A folder with a `run.json`.
    public struct Found: Sendable {
        /// The folder.
        public var url: URL
        /// Its path from where the search began; `.` for that folder itself.
        public var name: String
        /// What there is to tell, or why nothing can be told.
        public var summary: Result<RunSummary, any Error>
    }

    /// Folders deeper than this are not looked into.
    private static let largestDepth = 16

    /// Lists the runs in the order of their names.
    ///
    /// A run's own folders are not searched, nor what symbolic links lead to, unless it is a run. A
    /// run that cannot be read is listed with the reason.
    ///
    /// - Parameter folder: Where to search.
    /// - Returns: The runs, of which there may be none.
    /// - Throws: ``FileError`` when the folder cannot be read; those below it that cannot are passed
    ///   over.
    public static func runs(below folder: URL) throws(FileError) -> [Found] {
        if isRun(folder) { return [found(folder, name: ".")] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw FileError(.read, path: folder.path, reason: FileReason.of(error))
        }
        return search(folder, names: names, prefix: "", depth: 1)
    }

    private static func search(
        _ folder: URL, names: [String], prefix: String, depth: Int
    ) -> [Found] {
        names.sorted().flatMap { name in
            let url = folder.appendingPathComponent(name)
            if isRun(url) { return [found(url, name: prefix + name)] }
            let files = FileManager.default
            let kind = try? files.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
            guard kind == .typeDirectory, depth < largestDepth,
                let names = try? files.contentsOfDirectory(atPath: url.path)
            else { return [] }
            return search(url, names: names, prefix: "\(prefix)\(name)/", depth: depth + 1)
        }
    }

    private static func isRun(_ url: URL) -> Bool {
        (try? RunFolder.openUnfinished(url)) != nil
    }

    private static func found(_ url: URL, name: String) -> Found {
        Found(
            url: url, name: name,
            summary: Result { try RunSummary(RunFolder.openUnfinished(url)) })
    }
}

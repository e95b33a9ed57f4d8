package import Foundation
package import HRMFiles

/// Finds the runs below a folder.
package enum RunSearch {
    /// A folder with a `run.json`.
    package struct Found: Sendable {
        /// The folder.
        package var url: URL
        /// The path relative to the searched folder; `.` for that folder itself.
        package var name: String
        /// The summary of the run, or the reason it cannot be read.
        package var summary: Result<RunSummary, any Error>
    }

    /// The maximum depth of the search.
    private static let largestDepth = 16

    /// Returns the runs below a folder, in the order of their names.
    ///
    /// Folders inside a run are not searched; symbolic links are followed only to runs. An
    /// unreadable run is listed with the reason.
    ///
    /// - Parameter folder: The folder to search.
    /// - Returns: The runs, possibly none.
    /// - Throws: `FileError` if the folder cannot be read; unreadable subfolders are skipped.
    package static func runs(below folder: URL) throws(FileError) -> [Found] {
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

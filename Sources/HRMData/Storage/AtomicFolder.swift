import Foundation

/// Folders and small files that appear complete or not at all.
enum AtomicFolder {
    /// Creates a folder under a temporary name beside `url`, lets `fill` write into it, and renames it.
    ///
    /// Missing parent folders are made. After a failure nothing of all this is left.
    ///
    /// - Parameters:
    ///   - url: The folder to be; it must not exist.
    ///   - failure: Makes the caller's error from one of this function's own.
    ///   - fill: Writes the content into the folder that it is given.
    /// - Returns: What `fill` returns.
    /// - Throws: What `fill` throws, or `failure` of the reason why there is no such folder.
    static func create<Result, Failure: Error>(
        _ url: URL, failure: (DatasetError) -> Failure, fill: (URL) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let files = FileManager.default
        // Also true for a link that points nowhere.
        let isTaken =
            files.fileExists(atPath: url.path)
            || (try? files.destinationOfSymbolicLink(atPath: url.path)) != nil
        guard !isTaken else { throw failure(.outputExists(path: url.path)) }
        let parent = url.deletingLastPathComponent()
        let newParents = missingFolders(above: url)
        let temporary = parent.appendingPathComponent(
            ".\(url.lastPathComponent).\(UUID().uuidString)")
        func cleanUp() {
            try? files.removeItem(at: temporary)
            for folder in newParents
            where (try? files.contentsOfDirectory(atPath: folder.path))?.isEmpty == true {
                try? files.removeItem(at: folder)
            }
        }
        do {
            try files.createDirectory(at: temporary, withIntermediateDirectories: true)
        } catch {
            cleanUp()
            throw failure(.unwritable(path: url.path, reason: FileProblem(error).reason))
        }
        let result: Result
        do {
            result = try fill(temporary)
        } catch {
            cleanUp()
            throw error
        }
        do {
            try files.moveItem(at: temporary, to: url)
        } catch {
            cleanUp()
            throw failure(.unwritable(path: url.path, reason: FileProblem(error).reason))
        }
        return result
    }

    /// Writes a small file, whole or not at all.
    static func write(_ text: String, to url: URL) throws(DatasetError) {
        func failure(_ problem: FileProblem) -> DatasetError {
            .unwritable(path: url.path, reason: problem.reason)
        }
        try FileReplacement.write(to: url, failure: failure) { file throws(DatasetError) in
            do {
                try file.write(contentsOf: Data(text.utf8))
            } catch {
                throw failure(FileProblem(error))
            }
        }
    }

    /// The folders that have to be made for `url` to have a parent, innermost first.
    private static func missingFolders(above url: URL) -> [URL] {
        var missing: [URL] = []
        var folder = url.standardizedFileURL.deletingLastPathComponent()
        while folder.pathComponents.count > 1,
            !FileManager.default.fileExists(atPath: folder.path)
        {
            missing.append(folder)
            folder.deleteLastPathComponent()
        }
        return missing
    }
}

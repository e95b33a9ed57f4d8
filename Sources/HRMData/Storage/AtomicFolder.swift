import Foundation
import Synchronization

/// Folders and small files that appear complete or not at all.
package enum AtomicFolder {
    /// A folder in the making, and what was made for it to have a place.
    private struct Unfinished: Equatable {
        var temporary: URL
        var newParents: [URL]

        /// Removes the folder, and the parents that hold nothing else.
        func remove() {
            let files = FileManager.default
            // Somebody may still be adding files to it.
            for _ in 0..<16 where files.fileExists(atPath: temporary.path) {
                try? files.removeItem(at: temporary)
            }
            for folder in newParents
            where (try? files.contentsOfDirectory(atPath: folder.path))?.isEmpty == true {
                try? files.removeItem(at: folder)
            }
        }
    }

    private static let unfinished = Mutex<[Unfinished]>([])

    /// Removes all folders that are in the making, and ends the program.
    ///
    /// Whoever makes them is not told: its next step waits until the program has ended, so that no
    /// message about missing files appears meanwhile.
    ///
    /// - Parameter end: Ends the program.
    package static func abandonAll(end: () -> Never) -> Never {
        unfinished.withLock { folders in
            for folder in folders { folder.remove() }
            end()
        }
    }

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
        let making = Unfinished(
            temporary: parent.appendingPathComponent(
                ".\(url.lastPathComponent).\(UUID().uuidString)"),
            newParents: missingFolders(above: url))
        func cleanUp() {
            unfinished.withLock { folders in
                making.remove()
                folders.removeAll { $0 == making }
            }
        }
        // Whoever abandons all folders finds this one made, or keeps it from being made.
        let obstacle: (any Error)? = unfinished.withLock { folders in
            folders.append(making)
            do {
                try files.createDirectory(at: making.temporary, withIntermediateDirectories: true)
                return nil
            } catch {
                return error
            }
        }
        if let obstacle {
            cleanUp()
            throw failure(.unwritable(path: url.path, reason: FileProblem(obstacle).reason))
        }
        let result: Result
        do {
            result = try fill(making.temporary)
        } catch {
            cleanUp()
            throw error
        }
        let problem: (any Error)? = unfinished.withLock { folders in
            do {
                try files.moveItem(at: making.temporary, to: url)
                folders.removeAll { $0 == making }
                return nil
            } catch {
                return error
            }
        }
        if let problem {
            cleanUp()
            throw failure(.unwritable(path: url.path, reason: FileProblem(problem).reason))
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

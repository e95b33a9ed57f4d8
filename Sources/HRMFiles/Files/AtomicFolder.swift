package import Foundation
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

    /// The reasons why no folder was made.
    package enum Problem: Error {
        /// The name has a file, a folder or a link already.
        case exists(path: String)
        /// The system's words.
        case unwritable(path: String, reason: String)
    }

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
    package static func create<Result, Failure: Error>(
        _ url: URL, failure: (Problem) -> Failure, fill: (URL) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let files = FileManager.default
        // Also true for a link that points nowhere.
        let isTaken =
            files.fileExists(atPath: url.path)
            || (try? files.destinationOfSymbolicLink(atPath: url.path)) != nil
        guard !isTaken else { throw failure(.exists(path: url.path)) }
        let parent = url.deletingLastPathComponent()
        let making = Unfinished(
            temporary: parent.appendingPathComponent(
                ".\(url.lastPathComponent).\(UUID().uuidString)"),
            newParents: missingFolders(above: url))
        unfinished.withLock { $0.append(making) }
        func cleanUp() {
            unfinished.withLock { folders in
                making.remove()
                folders.removeAll { $0 == making }
            }
        }
        do {
            try files.createDirectory(at: making.temporary, withIntermediateDirectories: true)
        } catch {
            cleanUp()
            throw failure(.unwritable(path: url.path, reason: FileProblem(error).reason))
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
                try synchronize(making.temporary)
                try files.moveItem(at: making.temporary, to: url)
                folders.removeAll { $0 == making }
                try synchronize(file: parent)
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

    /// Waits until a folder and everything in it are on the disk.
    private static func synchronize(_ folder: URL) throws(FileProblem) {
        let content = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = content?.nextObject() as? URL { try synchronize(file: file) }
        try synchronize(file: folder)
    }

    private static func synchronize(file: URL) throws(FileProblem) {
        // A folder may be writable but not readable.
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || FileReplacement.cannotSynchronize(errno) else {
            throw FileProblem(errorNumber: errno)
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

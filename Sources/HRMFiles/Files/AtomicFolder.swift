package import Foundation
import Synchronization

/// Creates folders and small files that appear complete or not at all.
package enum AtomicFolder {
    /// An incomplete folder, and the parent folders created for it.
    private struct Unfinished: Equatable {
        var temporary: URL
        var newParents: [URL]

        /// Removes the folder, and the created parents that are otherwise empty.
        func remove() {
            let files = FileManager.default
            // Another thread may still be adding files.
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

    package enum Problem: Error {
        case exists(path: String)
        case unwritable(path: String, reason: String)
    }

    /// Removes all incomplete folders and exits the process.
    ///
    /// The threads that fill them block until the process has exited, so that no errors about
    /// missing files are reported.
    ///
    /// - Parameter end: Exits the process.
    package static func abandonAll(end: () -> Never) -> Never {
        unfinished.withLock { folders in
            for folder in folders { folder.remove() }
            end()
        }
    }

    /// Creates a folder under a temporary name beside `url`, fills it, and renames it.
    ///
    /// Missing parent folders are created. After a failure, nothing is left behind.
    ///
    /// - Parameters:
    ///   - url: The folder to create; it must not exist.
    ///   - failure: Converts an error of this function to the caller's error type.
    ///   - fill: Writes the content into the folder passed to it.
    /// - Returns: The result of `fill`.
    /// - Throws: The error of `fill`, or `failure` of an error in creating the folder.
    package static func create<Result, Failure: Error>(
        _ url: URL, failure: (Problem) -> Failure, fill: (URL) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let files = FileManager.default
        // Also true for a dangling symbolic link.
        let isTaken =
            files.fileExists(atPath: url.path)
            || (try? files.destinationOfSymbolicLink(atPath: url.path)) != nil
        guard !isTaken else { throw failure(.exists(path: url.path)) }
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
        // The lock ensures that `abandonAll` either finds this folder or prevents its creation.
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

    /// Synchronizes a folder and everything in it to disk.
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

    /// Returns the parent folders of `url` that do not exist, innermost first.
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

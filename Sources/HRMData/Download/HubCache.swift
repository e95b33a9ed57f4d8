import Foundation
import HRMFiles

/// A repository in the hub's cache.
///
/// `blobs` has files by checksum, `snapshots` has a folder of links to blobs for each commit, and
/// `refs` has the commit of each branch.
struct HubCache {
    /// The folder of all repositories.
    let root: URL
    private let name: String

    init(root: URL, dataset: HubDataset) {
        self.root = root
        name = "datasets--\(dataset.owner)--\(dataset.name)"
    }

    private var folder: URL { root.appendingPathComponent(name) }

    /// Returns the location of a complete file's content.
    func blob(_ checksum: ContentChecksum) -> URL {
        folder.appendingPathComponent("blobs/\(checksum.text)")
    }

    /// Returns the location of an incomplete file's content.
    func incomplete(_ checksum: ContentChecksum) -> URL {
        folder.appendingPathComponent("blobs/\(checksum.text).incomplete")
    }

    /// Returns the lock file for writing the blob.
    func lock(_ checksum: ContentChecksum) -> URL {
        root.appendingPathComponent(".locks/\(name)/\(checksum.text).lock")
    }

    /// Returns the location of a commit's file under its own name.
    func snapshot(_ file: HubFilePath, commit: GitCommit) -> URL {
        file.components.reduce(folder.appendingPathComponent("snapshots/\(commit.text)")) {
            $0.appendingPathComponent($1)
        }
    }

    /// Returns the file as of the last recorded commit of the branch `main`.
    func latest(_ file: HubFilePath) -> URL? {
        guard let text = try? String(contentsOf: reference, encoding: .utf8),
            let commit = GitCommit(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        let url = snapshot(file, commit: commit)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    /// Returns the size of a file in bytes, or `nil` if it does not exist.
    func size(of url: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: url.resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// Creates the folder of a file.
    func makeFolder(for url: URL) throws(DownloadError) {
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw .cache(path: root.path, reason: FileProblem(error).reason)
        }
    }

    /// Links a blob under its name in a commit, and records the commit of the branch.
    func publish(
        _ checksum: ContentChecksum, as file: HubFilePath, commit: GitCommit
    ) throws(DownloadError) -> URL {
        let url = snapshot(file, commit: commit)
        try makeFolder(for: url)
        // Up from the file's folder to the repository's, past the commit and `snapshots`.
        let up = String(repeating: "../", count: file.components.count + 1)
        let temporary = url.deletingLastPathComponent()
            .appendingPathComponent(".\(UUID().uuidString)")
        do {
            try FileManager.default.createSymbolicLink(
                atPath: temporary.path, withDestinationPath: "\(up)blobs/\(checksum.text)")
        } catch {
            throw .cache(path: url.path, reason: FileProblem(error).reason)
        }
        guard rename(temporary.path, url.path) == 0 else {
            let reason = FileProblem(errorNumber: errno).reason
            try? FileManager.default.removeItem(at: temporary)
            throw .cache(path: url.path, reason: reason)
        }
        try remember(commit)
        return url
    }

    /// Records the commit of the branch `main`.
    func remember(_ commit: GitCommit) throws(DownloadError) {
        try makeFolder(for: reference)
        do {
            try Data(commit.text.utf8).write(to: reference, options: .atomic)
        } catch {
            throw .cache(path: reference.path, reason: FileProblem(error).reason)
        }
    }

    private var reference: URL { folder.appendingPathComponent("refs/main") }
}

/// A commit hash: 40 hexadecimal digits, safe as a folder name.
struct GitCommit: Hashable {
    let text: String

    init?(_ text: String) {
        guard text.utf8.count == 40, text.isHexadecimal else { return nil }
        self.text = text
    }
}

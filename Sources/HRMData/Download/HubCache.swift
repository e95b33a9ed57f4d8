import Foundation
import HRMFiles

/// A repository in the hub's cache: `blobs` by checksum, `snapshots` by commit, whose files are
/// links to blobs, and in `refs` the commit that a branch was at.
struct HubCache {
    /// The folder of all repositories.
    let root: URL
    private let name: String

    init(root: URL, dataset: HubDataset) {
        self.root = root
        name = "datasets--\(dataset.owner)--\(dataset.name)"
    }

    private var folder: URL { root.appendingPathComponent(name) }

    /// Where a complete file's bytes are.
    func blob(_ checksum: ContentChecksum) -> URL {
        folder.appendingPathComponent("blobs/\(checksum.text)")
    }

    /// Where the bytes of a file are that has not come to its end.
    func incomplete(_ checksum: ContentChecksum) -> URL {
        folder.appendingPathComponent("blobs/\(checksum.text).incomplete")
    }

    /// The file whose holder alone may write the blob.
    func lock(_ checksum: ContentChecksum) -> URL {
        root.appendingPathComponent(".locks/\(name)/\(checksum.text).lock")
    }

    /// Where a file of a commit is under its own name.
    func snapshot(_ file: HubFilePath, commit: GitCommit) -> URL {
        file.components.reduce(folder.appendingPathComponent("snapshots/\(commit.text)")) {
            $0.appendingPathComponent($1)
        }
    }

    /// The file as it was when the branch `main` was last asked for.
    func latest(_ file: HubFilePath) -> URL? {
        guard let text = try? String(contentsOf: reference, encoding: .utf8),
            let commit = GitCommit(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        let url = snapshot(file, commit: commit)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    /// The size of a file in bytes, or nil when there is none.
    func size(of url: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: url.resolvingSymlinksInPath().path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// Makes the folder that a file is to be in.
    func makeFolder(for url: URL) throws(DownloadError) {
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw .cache(path: root.path, reason: FileProblem(error).reason)
        }
    }

    /// Gives a blob its name in a commit, and the branch its commit.
    func publish(
        _ checksum: ContentChecksum, as file: HubFilePath, commit: GitCommit
    ) throws(DownloadError) -> URL {
        let url = snapshot(file, commit: commit)
        try makeFolder(for: url)
        // From the file's folder up to the repository's: the commit and `snapshots` lie between.
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

    /// Notes the commit that the branch `main` is at.
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

/// The name of a commit: 40 hexadecimal digits, safe as a folder's name.
struct GitCommit: Hashable {
    let text: String

    init?(_ text: String) {
        guard text.utf8.count == 40, text.isHexadecimal else { return nil }
        self.text = text
    }
}

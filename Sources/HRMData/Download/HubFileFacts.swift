import Foundation
import HRMFiles

/// The properties of a file, as stated by a hub before the download.
struct HubFileFacts: Hashable {
    /// The commit of the branch.
    var commit: GitCommit
    /// The checksum of the file's content.
    var checksum: ContentChecksum
    /// The file's size in bytes.
    var size: Int

    /// Reads the headers of a response.
    ///
    /// A large file is a redirect to a store: the headers `X-Linked-…` describe the file there,
    /// while the usual ones describe the redirect.
    ///
    /// - Throws: ``DownloadError/unexpectedAnswer(url:reason:)`` if a header is missing.
    init(_ head: HTTPExchange.Head, commit: String?, url: URL) throws(DownloadError) {
        func refuse(_ reason: String) -> DownloadError {
            .unexpectedAnswer(url: url.shown, reason: reason)
        }
        guard let commit = (head.header("X-Repo-Commit") ?? commit).flatMap(GitCommit.init) else {
            throw refuse("the header X-Repo-Commit is missing or no commit")
        }
        let tag = head.header("X-Linked-Etag") ?? head.header("ETag")
        guard let checksum = tag.flatMap(ContentChecksum.init(entityTag:)) else {
            throw refuse("the header ETag is missing or no checksum")
        }
        let size = (head.header("X-Linked-Size") ?? head.header("Content-Length")).flatMap(Int.init)
        guard let size, size >= 0 else {
            throw refuse("the headers X-Linked-Size and Content-Length are missing or no size")
        }
        self.commit = commit
        self.checksum = checksum
        self.size = size
    }
}

extension URL {
    /// The URL without its query, which may contain a store's secret signature.
    var shown: String {
        absoluteString.split(separator: "?", maxSplits: 1).first.map(String.init) ?? absoluteString
    }

    /// Returns true if both URLs have the same scheme, host and port, so that both may receive the
    /// token.
    func hasSameOrigin(as other: URL) -> Bool {
        scheme?.lowercased() == other.scheme?.lowercased()
            && host?.lowercased() == other.host?.lowercased() && port == other.port
    }
}

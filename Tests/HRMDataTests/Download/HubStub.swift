import Foundation
import HRMData
import Synchronization
import _HRMTestSupport

/// A hub of one file with configurable failures.
final class HubStub: Sendable {
    typealias Reply = LoopbackServer.Reply
    typealias Request = LoopbackServer.Request

    static let dataset = "someone/numbers"
    static let commit = String(repeating: "c0ffee12", count: 5)
    static let body = (0..<10_000).map { UInt8($0 * 7 % 251) }
    /// The checksums of ``body``, by sha256sum and by git hash-object.
    static let sha256 =
        "c3d5cea5e36f10537bb7aeb14e6740a973a9dd5b55c22347d465693f1ded4ced"
    static let gitName = "b22df9fe0e43d20c21ef89893c886477e7e0740c"

    private let server: LoopbackServer

    var address: String { server.address }
    var requests: [Request] { server.requests }
    /// The requested methods and paths.
    var log: [String] { requests.map { "\($0.method) \($0.path)" } }

    /// Creates a hub.
    ///
    /// - Parameters:
    ///   - isLarge: True if the file is a redirect to a store.
    ///   - store: The address of the store; by default the hub's own.
    ///   - change: Changes the regular response, given the number of previous requests.
    /// - Throws: An error if there is no socket.
    init(
        isLarge: Bool = false, store: String = "",
        change: @escaping @Sendable (_ index: Int, Request, Reply) -> Reply = { $2 }
    ) throws {
        let count = Mutex(0)
        server = try LoopbackServer { request in
            let index = count.withLock { count in
                defer { count += 1 }
                return count
            }
            return change(index, request, Self.reply(to: request, isLarge: isLarge, store: store))
        }
    }

    deinit { server.stop() }

    private static func reply(to request: Request, isLarge: Bool, store: String) -> Reply {
        switch request.path {
        case "/datasets/someone/numbers/resolve/main/train.csv" where isLarge:
            return Reply(
                302,
                headers: [
                    "X-Repo-Commit": commit, "X-Linked-Etag": "\"\(sha256)\"",
                    "X-Linked-Size": "\(body.count)", "ETag": "\"something-else\"",
                    "Location": "\(store)/store/numbers?signature=secret",
                ])
        case "/datasets/someone/numbers/resolve/main/train.csv":
            return part(of: request, ["X-Repo-Commit": commit, "ETag": "W/\"\(gitName)\""])
        case "/store/numbers?signature=secret":
            return part(of: request, [:])
        default:
            return Reply(404)
        }
    }

    /// Returns the requested part of the file.
    private static func part(of request: Request, _ headers: [String: String]) -> Reply {
        let range = request.headers["range"]?.dropFirst("bytes=".count).dropLast()
        guard let start = range.flatMap({ Int($0) }) else {
            return Reply(headers: headers, body: body)
        }
        var headers = headers
        headers["Content-Range"] = "bytes \(start)-\(body.count - 1)/\(body.count)"
        return Reply(206, headers: headers, body: Array(body[start...]))
    }

    /// Returns a downloader for this hub that does not pause between attempts.
    func downloader(
        cache: URL, token: String? = nil, isOffline: Bool = false, attempts: Int = 3
    ) throws -> HubDownloader {
        let settings = try HubSettings(
            endpoint: address, token: token, cache: cache, isOffline: isOffline)
        return HubDownloader(settings: settings, attempts: attempts, pause: { _ in })
    }

    /// Fetches the file.
    func fetch(
        cache: URL, token: String? = nil, isOffline: Bool = false, attempts: Int = 3
    ) throws -> URL {
        try downloader(cache: cache, token: token, isOffline: isOffline, attempts: attempts)
            .file("train.csv", of: HubDataset(Self.dataset))
    }
}

import Foundation
import HRMFiles

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests to a hub; the token is sent to the hub only, and the number of redirects is limited.
struct HubConnection {
    let settings: HubSettings

    /// A response after redirects.
    struct Answer {
        var exchange: HTTPExchange
        var url: URL
        /// The commit in a redirect's headers.
        var commit: String?
    }

    private static let mostRedirects = 5

    /// Requests a file.
    ///
    /// - Parameters:
    ///   - method: GET or HEAD.
    ///   - url: The file.
    ///   - start: The first byte to send.
    ///   - stopsAtStore: True to return a redirect to a store of large files instead of following
    ///     it.
    /// - Returns: The first response that is not a redirect.
    /// - Throws: ``HubConnection/Problem``.
    func ask(
        _ method: String, _ url: URL, from start: Int = 0, stopsAtStore: Bool = false
    ) throws(Problem) -> Answer {
        var current = url
        var commit: String?
        for _ in 0...Self.mostRedirects {
            let exchange: HTTPExchange
            do {
                exchange = try HTTPExchange(
                    request(method, current, from: start), timeout: settings.timeout)
            } catch {
                throw .lost(reason: error.reason, server: current.server)
            }
            let head = exchange.head
            commit = commit ?? head.header("X-Repo-Commit")
            let isRedirect = [301, 302, 303, 307, 308].contains(head.status)
            guard isRedirect, !(stopsAtStore && head.header("X-Linked-Etag") != nil) else {
                return Answer(exchange: exchange, url: current, commit: commit)
            }
            exchange.close()
            current = try target(of: head, from: current)
        }
        throw .final(
            .unexpectedAnswer(
                url: url.shown, reason: "more than \(Self.mostRedirects) redirects follow"))
    }

    private func request(_ method: String, _ url: URL, from start: Int) -> URLRequest {
        var request = URLRequest(url: url)
        request.httpMethod = method
        // A compressed body would differ in size from the file.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("swift-hrm", forHTTPHeaderField: "User-Agent")
        if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
        if let token = settings.token, url.hasSameOrigin(as: settings.endpoint) {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        return request
    }

    private func target(
        of head: HTTPExchange.Head, from url: URL
    ) throws(Problem) -> URL {
        func refuse(_ reason: String) -> Problem {
            .final(.unexpectedAnswer(url: url.shown, reason: reason))
        }
        guard let location = head.header("Location"), !location.isEmpty,
            let target = URL(string: location, relativeTo: url)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), ["http", "https"].contains(scheme),
            target.host?.isEmpty == false
        else { throw refuse("it redirects to no address") }
        guard scheme == "https" || url.scheme?.lowercased() == "http" else {
            throw refuse("it redirects from https to \(target.server), which is not encrypted")
        }
        return target
    }

    /// Throws if the response is an error.
    func check(_ answer: Answer) throws(Problem) {
        let url = answer.url.shown
        let hasToken = settings.token != nil
        switch answer.exchange.head.status {
        case 200..<400: return
        case 401: throw .final(.unauthorized(url: url, hasToken: hasToken))
        case 403: throw .final(.forbidden(url: url, hasToken: hasToken))
        case 404, 410: throw .final(.notFound(url: url))
        case let status where status == 408 || status == 429 || status >= 500:
            throw .busy(status: status, url: url)
        case let status: throw .final(.status(status, url: url, attempts: 1))
        }
    }

    /// The problems of a request, classified by the use of a retry.
    enum Problem: Error {
        /// The connection was lost or could not be established.
        case lost(reason: String, server: String)
        /// The server is temporarily unable to respond.
        case busy(status: Int, url: String)
        /// An error that a retry does not resolve.
        case final(DownloadError)
    }
}

extension URL {
    /// The scheme, host and port.
    var server: String {
        "\(scheme ?? "")://\(host ?? "")" + (port.map { ":\($0)" } ?? "")
    }
}

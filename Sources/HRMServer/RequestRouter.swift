import Foundation
import HRMFiles

/// Answers requests by their paths.
struct RequestRouter: Sendable {
    let routes: [Route]
    let files: PageFiles
    let links: OneTimeLinks
    let load: ServerLoad
    /// Called with a sentence about a request that failed for no reason of its own.
    let report: @Sendable (String) -> Void

    /// Answers a request; never fails.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        defer { load.countAnswer() }
        do {
            return try await response(to: request)
        } catch let error as HTTPError {
            return HTTPResponse(error)
        } catch is CancellationError {
            return HTTPResponse(
                HTTPError(
                    .serviceUnavailable, "the request was cancelled", at: "server",
                    remedy: "try again later", retryAfter: 2))
        } catch {
            report("\(error)")
            return HTTPResponse(
                HTTPError(
                    .internalServerError, "the request failed", at: "server",
                    remedy: "see the messages of the server"))
        }
    }

    private func response(to request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.head.path
        let method = request.head.method == "HEAD" ? "GET" : request.head.method
        var allowed: [String] = []
        for route in routes {
            guard let values = route.match(path) else { continue }
            guard route.method == method else {
                allowed.append(route.method)
                continue
            }
            return try await route.handler(request, values)
        }
        if let link = try link(request) { return link }
        if allowed.isEmpty, let file = files.response(path, request) {
            guard method == "GET" else { throw Self.otherMethod(["GET"]) }
            return file
        }
        guard allowed.isEmpty else {
            var response = HTTPResponse(Self.otherMethod(allowed))
            response.headers.append(("allow", allowed.joined(separator: ", ")))
            return response
        }
        throw HTTPError(
            .notFound, "there is nothing at this path", at: "path",
            remedy: "see /v1/openapi.json")
    }

    /// Answers a one-time link with the page and the cookie.
    private func link(_ request: HTTPRequest) throws -> HTTPResponse? {
        guard request.head.path == [""], let ticket = try request.query("token"),
            request.head.method == "GET", links.redeem(ticket)
        else { return nil }
        let cookie =
            "\(AccessPolicy.cookie)=\(links.session); HttpOnly; SameSite=Lax; Path=/"
        return HTTPResponse(
            status: .seeOther,
            headers: [("location", "/"), ("set-cookie", cookie), ("cache-control", "no-store")],
            body: .data(Data()))
    }

    private static func otherMethod(_ methods: [String]) -> HTTPError {
        HTTPError(
            .methodNotAllowed, "the method is not for this path", at: "request line",
            remedy: "use \(methods.joined(separator: " or "))")
    }
}

import Foundation

/// The requests that a server accepts: by host, origin and token.
struct AccessPolicy: Sendable {
    /// The name of the cookie that stands for the token.
    static let cookie = "hrm_session"

    private let address: ListeningAddress
    private let port: Int
    private let token: String?
    private let session: String

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - address: The address of the server.
    ///   - port: Its port.
    ///   - token: The token; nil if none is needed.
    ///   - session: The value of the cookie.
    init(address: ListeningAddress, port: Int, token: String?, session: String) {
        self.address = address
        self.port = port
        self.token = token
        self.session = session
    }

    /// True if requests need the token.
    var needsToken: Bool { token != nil }

    /// Refuses a request from a foreign page, for a foreign name, or without the token.
    ///
    /// A page of another origin could otherwise use the server with the rights of its visitor; and a
    /// foreign name that resolves to this machine would be an origin of its own.
    ///
    /// - Parameters:
    ///   - head: The request.
    ///   - isLink: True for the one-time link with which a browser gets the cookie.
    /// - Throws: ``HTTPError``.
    func check(_ head: RequestHead, isLink: Bool) throws(HTTPError) {
        let host = head.headers["host"] ?? ""
        guard isOwn(host) else {
            throw HTTPError(
                .forbidden, "the request is for another host", at: "Host",
                remedy: "use the address that the server printed", endsConnection: true)
        }
        if let origin = head.headers["origin"], origin.lowercased() != "http://\(host.lowercased())"
        {
            throw HTTPError(
                .forbidden, "the request is from a page of another origin", at: "Origin",
                remedy: "use the page of this server", endsConnection: true)
        }
        let site = head.headers["sec-fetch-site"] ?? "none"
        guard ["none", "same-origin"].contains(site) || isNavigation(head) else {
            throw HTTPError(
                .forbidden, "the request is from a page of another site", at: "Sec-Fetch-Site",
                remedy: "use the page of this server", endsConnection: true)
        }
        guard let token, !isLink else { return }
        guard hasToken(head, token) || hasCookie(head) else {
            throw HTTPError(
                .unauthorized, "the token is missing or wrong", at: "Authorization",
                remedy:
                    "send it as 'Authorization: Bearer', or open the link that the server printed",
                endsConnection: true)
        }
    }

    /// True for a link to the page, which any page may have.
    private func isNavigation(_ head: RequestHead) -> Bool {
        head.method == "GET" && head.path.first != "v1"
            && head.headers["sec-fetch-mode"] == "navigate"
            && head.headers["sec-fetch-dest"] == "document"
    }

    private func isOwn(_ host: String) -> Bool {
        let (name, port) = Self.split(host)
        guard let name, (port ?? 80) == self.port else { return false }
        if ["localhost", "127.0.0.1", "::1", address.host.lowercased()].contains(name) {
            return true
        }
        guard !address.isLoopback else { return false }
        // A number is no name that somebody else could point here.
        return Self.isNumeric(name) || name == ProcessInfo.processInfo.hostName.lowercased()
    }

    /// Returns the name without brackets in small letters, and the port if there is one.
    static func split(_ host: String) -> (name: String?, port: Int?) {
        let text = host.lowercased()
        let (name, rest): (Substring, Substring)
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            name = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            name = text[..<colon]
            rest = text[colon...]
        }
        guard !name.isEmpty else { return (nil, nil) }
        guard !rest.isEmpty else { return (String(name), nil) }
        guard rest.first == ":", rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = Int(rest.dropFirst())
        else { return (nil, nil) }
        return (String(name), port)
    }

    private static func isNumeric(_ name: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, name, &four) == 1 || inet_pton(AF_INET6, name, &six) == 1
    }

    private func hasToken(_ head: RequestHead, _ token: String) -> Bool {
        let parts = (head.headers["authorization"] ?? "").split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return Secret.areEqual(String(parts[1]), token)
    }

    private func hasCookie(_ head: RequestHead) -> Bool {
        (head.headers["cookie"] ?? "").split(separator: ";").contains { part in
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces }
            return pair.count == 2 && pair[0] == Self.cookie && Secret.areEqual(pair[1], session)
        }
    }
}

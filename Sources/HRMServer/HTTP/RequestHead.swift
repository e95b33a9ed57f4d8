/// The line and the headers of a request (RFC 9112).
///
/// The grammar is read strictly: what two programs could read differently is refused.
struct RequestHead: Sendable, Equatable {
    /// The method, in capital letters.
    let method: String
    /// The decoded segments of the path.
    let path: [String]
    /// The decoded parts of the query, in order.
    let query: [(name: String, value: String)]
    /// The headers by their names in small letters.
    let headers: [String: String]
    /// True for HTTP/1.0, whose connections end after an answer.
    let isOld: Bool
    /// The number of bytes of the body.
    let bodyLength: Int

    /// Headers that must not be repeated.
    private static let single: Set<String> = [
        "host", "content-length", "content-type", "authorization", "origin", "transfer-encoding",
        "last-event-id", "sec-fetch-site", "expect",
    ]

    static func == (one: RequestHead, other: RequestHead) -> Bool {
        one.method == other.method && one.path == other.path && one.headers == other.headers
            && one.query.map(\.name) == other.query.map(\.name)
            && one.query.map(\.value) == other.query.map(\.value) && one.isOld == other.isOld
    }

    /// Parses a head.
    ///
    /// - Parameters:
    ///   - bytes: Everything before the empty line, without the last line end.
    ///   - limits: The bounds.
    /// - Throws: ``HTTPError``.
    init(_ bytes: ArraySlice<UInt8>, limits: HTTPLimits) throws(HTTPError) {
        var lines = try Self.lines(of: bytes)
        (method, path, query, isOld) = try Self.requestLine(lines.removeFirst())
        guard lines.count <= limits.headerCount else {
            throw HTTPError(
                .headerFieldsTooLarge, "the request has \(lines.count) headers", at: "headers",
                remedy: "send at most \(limits.headerCount)", endsConnection: true)
        }
        var headers: [String: String] = [:]
        for line in lines {
            let (name, value) = try Self.header(line)
            if let known = headers[name] {
                guard !Self.single.contains(name) else {
                    throw Self.malformed("the header \(name) is repeated")
                }
                headers[name] = "\(known), \(value)"
            } else {
                headers[name] = value
            }
        }
        self.headers = headers
        guard isOld || headers["host"] != nil else { throw Self.malformed("there is no host") }
        bodyLength = try Self.bodyLength(headers, limits: limits)
    }

    /// True if the client keeps the connection for further requests.
    var keepsConnection: Bool {
        let tokens = (headers["connection"] ?? "").lowercased().split(separator: ",").map {
            $0.trimmingSpaces
        }
        return !isOld && !tokens.contains("close")
    }

    /// True if the client waits for a permission to send the body.
    var expectsPermission: Bool { headers["expect"]?.lowercased() == "100-continue" }

    private static func malformed(_ what: String, at place: String = "headers") -> HTTPError {
        HTTPError(
            .badRequest, what, at: place, remedy: "send a request of HTTP/1.1",
            endsConnection: true)
    }

    private static func lines(
        of bytes: ArraySlice<UInt8>
    ) throws(HTTPError) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard line.last == 0x0D else { throw malformed("a line does not end with CR LF") }
            lines.append(line.dropLast())
        }
        return lines
    }

    private static func requestLine(
        _ line: ArraySlice<UInt8>
    ) throws(HTTPError) -> (
        method: String, path: [String], query: [(name: String, value: String)], isOld: Bool
    ) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, (1...16).contains(parts[0].count),
            parts[0].allSatisfy({ (0x41...0x5A).contains($0) })
        else { throw malformed("the first line is not that of a request", at: "request line") }
        let version = String(decoding: parts[2], as: UTF8.self)
        guard ["HTTP/1.1", "HTTP/1.0"].contains(version) else {
            throw HTTPError(
                .versionNotSupported, "the version of the request is unknown", at: "request line",
                remedy: "use HTTP/1.1", endsConnection: true)
        }
        guard parts[1].first == UInt8(ascii: "/"),
            parts[1].allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw malformed("the target is not a path", at: "request line") }
        let target = parts[1].split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for segment in target[0].dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            path.append(try PercentEncoding.decodedSegment(segment))
        }
        let query = try target.count > 1 ? PercentEncoding.decodedQuery(target[1]) : []
        return (String(decoding: parts[0], as: UTF8.self), path, query, version == "HTTP/1.0")
    }

    private static func header(
        _ line: ArraySlice<UInt8>
    ) throws(HTTPError) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            throw malformed("a header has no name")
        }
        let name = line[..<colon]
        guard name.allSatisfy(isTokenCharacter) else {
            throw malformed("the name of a header is invalid")
        }
        let value = line[(colon + 1)...]
        guard value.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
            throw malformed("a header contains control characters")
        }
        return (
            String(decoding: name, as: UTF8.self).lowercased(),
            String(decoding: value, as: UTF8.self).trimmingSpaces
        )
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func bodyLength(
        _ headers: [String: String], limits: HTTPLimits
    ) throws(HTTPError) -> Int {
        guard headers["transfer-encoding"] == nil else {
            throw HTTPError(
                .lengthRequired, "the body has no length", at: "Transfer-Encoding",
                remedy: "send it with Content-Length", endsConnection: true)
        }
        guard let text = headers["content-length"] else { return 0 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw malformed("the length of the body is not a number")
        }
        guard let length = Int(text), length <= limits.bodyBytes else {
            throw HTTPError(
                .contentTooLarge, "the body has \(text.prefix(20)) bytes", at: "body",
                remedy: "send at most \(limits.bodyBytes) bytes", endsConnection: true)
        }
        return length
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isSpace)
        let count = start.reversed().prefix(while: isSpace).count
        return String(start.dropLast(count))
    }
}

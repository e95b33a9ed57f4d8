import Foundation
import Synchronization

/// A web server on 127.0.0.1 for one test, which answers one request after another with a closure.
public final class LoopbackServer: Sendable {
    /// A request of a client.
    public struct Request: Sendable, Hashable {
        /// GET or HEAD.
        public var method: String
        /// The path with its query.
        public var path: String
        /// The headers, with names in lower case.
        public var headers: [String: String]
    }

    /// A reply of the server.
    public struct Reply: Sendable {
        /// The status; 0 for no reply.
        public var status: Int
        /// The headers.
        public var headers: [String: String]
        /// The body; a HEAD request gets only its length.
        public var body: [UInt8]
        /// The number of bytes of the body after which the connection is closed; nil to send all.
        public var cut: Int?
        /// The time in seconds for which the connection stays open and silent after that.
        public var silence: Double

        /// Creates a reply; with status 0 nothing is sent.
        public init(
            _ status: Int = 200, headers: [String: String] = [:], body: [UInt8] = [],
            cut: Int? = nil, silence: Double = 0
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.cut = cut
            self.silence = silence
        }
    }

    /// The error for a system that provides no socket.
    public struct NoSocket: Error {}

    /// The port, chosen by the system.
    public let port: Int
    private let descriptor: Int32
    private let answer: @Sendable (Request) -> Reply
    private let log = Mutex<[Request]>([])

    /// The server's URL, such as `http://127.0.0.1:40123`.
    public var address: String { "http://127.0.0.1:\(port)" }
    /// All requests so far.
    public var requests: [Request] { log.withLock { $0 } }

    /// Starts a server.
    ///
    /// - Parameter answer: Returns the reply to a request.
    /// - Throws: ``NoSocket``.
    public init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        self.answer = answer
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard descriptor >= 0, isListening else { throw NoSocket() }
        port = Int(UInt16(bigEndian: place.sin_port))
        Thread.detachNewThread { [self] in serve() }
    }

    /// Ends the server.
    public func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else { break }
            // A silent client must not block the test.
            var patience = timeval(tv_sec: 5, tv_usec: 0)
            setsockopt(
                client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            if let request = Self.read(client) {
                log.withLock { $0.append(request) }
                let reply = answer(request)
                if reply.status != 0 {
                    Self.write(reply, to: client, hasBody: request.method != "HEAD")
                }
                if reply.silence > 0 { Thread.sleep(forTimeInterval: reply.silence) }
            }
            shutdown(client, Int32(SHUT_RDWR))
            close(client)
        }
        close(descriptor)
    }

    private static func read(_ client: Int32) -> Request? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let count = recv(client, &piece, piece.count, 0)
            guard count > 0, bytes.count < 1 << 16 else { return nil }
            bytes += piece[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        return Request(method: words[0], path: words[1], headers: headers)
    }

    /// A client that has closed the connection must not end the tests with a signal.
    #if canImport(Glibc)
        private static let quiet = Int32(MSG_NOSIGNAL)
    #else
        private static let quiet: Int32 = 0
    #endif

    private static func write(_ reply: Reply, to client: Int32, hasBody: Bool) {
        var headers = reply.headers
        headers["Connection"] = "close"
        headers["Content-Length"] = headers["Content-Length"] ?? String(reply.body.count)
        let head =
            ["HTTP/1.1 \(reply.status) Reply"]
            + headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + ["", ""]
        var bytes = Array(head.joined(separator: "\r\n").utf8)
        if hasBody { bytes += reply.body.prefix(reply.cut ?? reply.body.count) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, quiet)
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}

import Foundation
import HRMFiles

@testable import HRMServer

/// A connection of a client that sends any bytes.
///
/// Its calls block their thread.
final class ClientConnection {
    /// The error for a connection that fails or ends too early.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// A client that has closed the connection must not end the tests with a signal.
    #if canImport(Glibc)
        private static let quiet = Int32(MSG_NOSIGNAL)
    #else
        private static let quiet: Int32 = 0
    #endif

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - patience: The time in seconds after which a silent server is an error.
    /// - Throws: ``Failure``.
    init(port: Int, patience: Int = 60) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        place.sin_port = in_port_t(UInt16(port).bigEndian)
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard result == 0 else { throw Failure(description: "no connection: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends bytes; returns false if the server accepts no more.
    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Self.quiet)
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends a text.
    @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Ends what this side sends; the answer can still be read.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads what is available; returns false at the end.
    private func readMore() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count >= 0 else { throw Failure(description: "nothing to read: errno \(errno)") }
        buffer += piece[..<count]
        return count > 0
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try readMore() else { throw Failure(description: "the answer is incomplete") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Returns the next line without its end; nil at the end of the connection.
    private func line() throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            guard try readMore() else { return nil }
        }
    }

    /// True if the server has closed the connection, and nothing is left to be read.
    func isAtEnd() throws -> Bool { try buffer.isEmpty && !readMore() }

    /// Returns the status and the headers of the next answer.
    ///
    /// - Throws: ``Failure`` if there is none.
    func head() throws -> ClientReply {
        guard let first = try line() else { throw Failure(description: "there is no answer") }
        let words = first.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(description: "'\(first)' is no status line")
        }
        var reply = ClientReply(status: status)
        while let line = try line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else {
                throw Failure(description: "'\(line)' is no header")
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            reply.headers[line[..<colon].lowercased()] = value
        }
        return reply
    }

    /// Returns the next answer with its body.
    ///
    /// - Parameter hasBody: False for the answer to a HEAD request.
    /// - Returns: The answer.
    /// - Throws: ``Failure`` if there is none, or not all of it.
    func reply(hasBody: Bool = true) throws -> ClientReply {
        var reply = try head()
        guard hasBody else { return reply }
        if reply.headers["transfer-encoding"] == "chunked" {
            while let chunk = try chunk() { reply.body += chunk }
        } else if let text = reply.headers["content-length"], let count = Int(text) {
            reply.body = try bytes(count)
        }
        return reply
    }

    /// Returns the next chunk of a body; nil after the last one.
    func chunk() throws -> [UInt8]? {
        guard let size = try line().flatMap({ Int($0, radix: 16) }) else {
            throw Failure(description: "there is no chunk")
        }
        let chunk = try bytes(size)
        _ = try line()
        return size > 0 ? chunk : nil
    }

    /// Returns the next event of a stream; nil at its end.
    ///
    /// An event is one chunk of the server's; comments are left out.
    func event() throws -> ServerEvent? {
        while let chunk = try chunk() {
            if let event = try ServerEvent.all(in: chunk).first { return event }
        }
        return nil
    }
}

import FlyingSocks
import Foundation

/// Reads the requests of a connection, within the limits.
struct RequestReader {
    private let connection: OpenConnection
    private let limits: HTTPLimits
    private var buffer: [UInt8] = []

    private static let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    private static let chunk = 4096

    init(_ connection: OpenConnection, limits: HTTPLimits) {
        self.connection = connection
        self.limits = limits
    }

    /// Returns the next request; nil if the client has closed the connection, or sends nothing.
    ///
    /// - Parameters:
    ///   - admit: Called before the body is read; an error ends the connection.
    ///   - permit: Tells the client to send the body.
    /// - Returns: The request.
    /// - Throws: ``HTTPError``, or an error of the socket.
    mutating func next(
        admit: (RequestHead) throws -> Void, permit: () async throws -> Void
    ) async throws -> HTTPRequest? {
        connection.begin(.idle, seconds: limits.idleSeconds)
        // Some clients send an empty line after a body.
        while buffer.starts(with: [0x0D, 0x0A]) { buffer.removeFirst(2) }
        if buffer.isEmpty {
            guard try await readMore() else { return nil }
        }
        connection.begin(.reading, seconds: limits.requestSeconds)
        var searched = 0
        while true {
            if let place = headEnd(from: searched) {
                let head = try RequestHead(buffer[..<(place - 1)], limits: limits)
                buffer.removeFirst(place + 2)
                try admit(head)
                if head.bodyLength > buffer.count, head.expectsPermission { try await permit() }
                while buffer.count < head.bodyLength {
                    guard try await readMore() else { throw incomplete }
                }
                let body = Array(buffer.prefix(head.bodyLength))
                buffer.removeFirst(head.bodyLength)
                return HTTPRequest(head: head, body: body)
            }
            guard buffer.count <= limits.headBytes else {
                throw HTTPError(
                    .headerFieldsTooLarge, "the headers are too large", at: "headers",
                    remedy: "send at most \(limits.headBytes) bytes", endsConnection: true)
            }
            searched = max(0, buffer.count - Self.end.count)
            guard try await readMore() else { throw incomplete }
        }
    }

    /// Returns the number of bytes through the line end of the last header.
    private func headEnd(from start: Int) -> Int? {
        guard buffer.count >= Self.end.count else { return nil }
        for index in start...(buffer.count - Self.end.count)
        where buffer[index] == 0x0D && buffer[index..<(index + Self.end.count)] == Self.end[...] {
            return index + 2
        }
        return nil
    }

    /// Reads what is available, waiting for the first byte; returns false at the end.
    private mutating func readMore() async throws -> Bool {
        do {
            buffer += try await connection.socket.read(atMost: Self.chunk)
        } catch SocketError.disconnected {
            return false
        }
        return !connection.isOverdue
    }

    private var incomplete: any Error {
        guard connection.isOverdue else { return SocketError.disconnected }
        return HTTPError(
            .requestTimeout, "the request did not arrive in time", at: "request",
            remedy: "send it within \(Int(limits.requestSeconds)) seconds", endsConnection: true)
    }
}

import FlyingSocks
import Foundation

/// Answers the requests of one connection, one after the other.
struct ConnectionLoop {
    /// Answers a request; never fails.
    typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    let connection: OpenConnection
    let pool: any AsyncSocketPool
    let limits: HTTPLimits
    /// The headers of every answer.
    let headers: [(name: String, value: String)]
    /// Refuses a request by its head.
    let admit: @Sendable (RequestHead) throws -> Void
    let handler: Handler
    /// Returns true if no further request is accepted.
    let isStopping: @Sendable () -> Bool

    /// Runs until the client or the server ends the connection.
    func run() async {
        var reader = RequestReader(connection, limits: limits)
        do {
            while !Task.isCancelled, !isStopping() {
                let request: HTTPRequest
                do {
                    let next = try await reader.next(admit: admit) {
                        try await write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                        connection.begin(.reading, seconds: limits.requestSeconds)
                    }
                    guard let next else { return }
                    request = next
                } catch let error as HTTPError {
                    // The rest of the request is not known.
                    var error = error
                    error.endsConnection = true
                    try await send(HTTPResponse(error), to: nil)
                    await drain()
                    return
                }
                connection.begin(.working, seconds: nil)
                guard try await answer(request), request.head.keepsConnection else { return }
            }
        } catch {
            // The client has gone; nobody can be told.
        }
    }

    /// Answers a request; returns false if the connection ends.
    private func answer(_ request: HTTPRequest) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                let response = await handler(request)
                try Task.checkCancellation()
                try await send(response, to: request)
                return !response.headers.contains { $0 == ("connection", "close") }
            }
            group.addTask {
                try await waitForDisconnection()
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let keeps = result { return keeps }
            }
            return false
        }
    }

    /// Returns when the client has sent a next request.
    ///
    /// - Throws: `SocketError.disconnected` as soon as the client has closed the connection.
    private func waitForDisconnection() async throws {
        while true {
            try await pool.suspendSocket(connection.socket.socket, untilReadyFor: .read)
            switch connection.isClosedByClient() {
            case true?: throw SocketError.disconnected
            case nil: return
            case false?: continue
            }
        }
    }

    private func send(_ response: HTTPResponse, to request: HTTPRequest?) async throws {
        let closes = request.map { !$0.head.keepsConnection } ?? true
        switch response.body {
        case .data(let data):
            let head = response.head(common: headers, isChunked: false, closes: closes)
            try await write(request?.head.method == "HEAD" ? head : head + data)
        case .stream(let produce):
            let isChunked = request?.head.isOld != true
            try await write(response.head(common: headers, isChunked: isChunked, closes: closes))
            let stream = ResponseStream { data in
                guard !data.isEmpty else { return }
                let size = Data("\(String(data.count, radix: 16))\r\n".utf8)
                try await write(isChunked ? size + data + Data("\r\n".utf8) : data)
            }
            try await produce(stream)
            if isChunked { try await write(Data("0\r\n\r\n".utf8)) }
        }
    }

    private static let portion = 1 << 16

    private func write(_ data: Data) async throws {
        var rest = data[...]
        while !rest.isEmpty {
            connection.begin(.writing, seconds: limits.writeSeconds)
            try await connection.socket.write(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
        }
        connection.begin(.working, seconds: nil)
    }

    /// Reads what is on its way for a moment, since an answer is lost if its connection is closed
    /// before everything was received.
    private func drain() async {
        _ = shutdown(connection.socket.socket.file.rawValue, Int32(SHUT_WR))
        connection.begin(.writing, seconds: 1)
        var left = 16 << 20
        while left > 0, !connection.isOverdue,
            let bytes = try? await connection.socket.read(atMost: 4096)
        {
            left -= bytes.count
        }
    }
}

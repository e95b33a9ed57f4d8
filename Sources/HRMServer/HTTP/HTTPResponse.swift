import Foundation
import HRMFiles

/// An answer.
struct HTTPResponse: Sendable {
    /// The content of an answer.
    enum Body: Sendable {
        /// All bytes.
        case data(Data)
        /// Bytes that are produced while they are sent; the producer is cancelled when the client
        /// has gone.
        case stream(@Sendable (ResponseStream) async throws -> Void)
    }

    /// The status.
    var status = HTTPStatus.ok
    /// Headers beside those of every answer.
    var headers: [(name: String, value: String)] = []
    /// The content.
    var body: Body

    /// Returns an answer in JSON.
    static func json(_ value: JSONValue, status: HTTPStatus = .ok) -> HTTPResponse {
        let text = (try? value.line()) ?? "null"
        return HTTPResponse(
            status: status,
            headers: [
                ("content-type", "application/json; charset=utf-8"), ("cache-control", "no-store"),
            ],
            body: .data(Data((text + "\n").utf8)))
    }

    /// Returns the answer to a request that failed.
    init(_ error: HTTPError) {
        self = .json(error.members, status: error.status)
        if let seconds = error.retryAfter { headers.append(("retry-after", "\(seconds)")) }
        if error.endsConnection { headers.append(("connection", "close")) }
        if error.status == .unauthorized {
            headers.append(("www-authenticate", "Bearer realm=\"hrm\""))
        }
    }

    /// Creates an answer.
    init(
        status: HTTPStatus = .ok, headers: [(name: String, value: String)] = [], body: Body
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Returns a stream of server-sent events.
    ///
    /// While there is nothing to tell, a comment keeps the connection open. An error of the producer
    /// is told by an event `error`.
    ///
    /// - Parameter produce: Sends the events.
    /// - Returns: The answer.
    static func events(
        _ produce: @escaping @Sendable (EventStream) async throws -> Void
    ) -> HTTPResponse {
        HTTPResponse(
            headers: [
                ("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-store"),
                ("x-accel-buffering", "no"),
            ],
            body: .stream { stream in
                let events = EventStream(stream)
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        do {
                            try await produce(events)
                        } catch let error as HTTPError {
                            try await events.send("error", error.members)
                        }
                        return true
                    }
                    group.addTask {
                        while !Task.isCancelled {
                            try await Task.sleep(for: .seconds(10))
                            try await events.keepAlive()
                        }
                        return false
                    }
                    while let isDone = try await group.next(), !isDone {}
                    group.cancelAll()
                }
            })
    }

    /// Returns the bytes before the body.
    ///
    /// - Parameters:
    ///   - common: The headers of every answer.
    ///   - isChunked: True if the length of the body is unknown.
    ///   - closes: True if the connection ends after the answer.
    /// - Returns: The status line and the headers.
    func head(
        common: [(name: String, value: String)], isChunked: Bool, closes: Bool
    ) -> Data {
        var text = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        var all = common + headers
        if case .data(let data) = body { all.append(("content-length", "\(data.count)")) }
        if isChunked { all.append(("transfer-encoding", "chunked")) }
        if closes, !headers.contains(where: { $0.name == "connection" }) {
            all.append(("connection", "close"))
        }
        for header in all {
            // Line ends in a value would begin another header.
            let value = header.value.filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
            text += "\(header.name): \(value)\r\n"
        }
        return Data((text + "\r\n").utf8)
    }
}

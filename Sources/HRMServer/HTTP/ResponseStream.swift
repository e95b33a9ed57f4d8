import Foundation
import HRMFiles

/// The receiver of an answer's bytes; writes do not overlap.
actor ResponseStream {
    private let write: @Sendable (Data) async throws -> Void
    private var last: Task<Void, any Error>?

    /// - Parameter write: Sends bytes to the client.
    init(write: @escaping @Sendable (Data) async throws -> Void) {
        self.write = write
    }

    /// Sends bytes after all earlier ones.
    ///
    /// - Throws: An error if the client has gone or accepts nothing.
    func send(_ data: Data) async throws {
        try Task.checkCancellation()
        let (previous, write) = (last, write)
        let task = Task {
            try await previous?.value
            try await write(data)
        }
        last = task
        try await task.value
    }
}

/// A stream of server-sent events.
struct EventStream: Sendable {
    private let stream: ResponseStream

    /// Creates a stream of events.
    init(_ stream: ResponseStream) {
        self.stream = stream
    }

    /// Sends an event.
    ///
    /// - Parameters:
    ///   - name: The event's name.
    ///   - value: The data, written in one line.
    ///   - identifier: The identifier with which a client continues; nil for none.
    /// - Throws: An error if the client has gone or accepts nothing.
    func send(_ name: String, _ value: JSONValue, identifier: String? = nil) async throws {
        try await stream.send(Data(try Self.text(name, value, identifier: identifier).utf8))
    }

    /// Sends a line of data without a name.
    func send(data: String) async throws {
        try await stream.send(Data("data: \(data)\n\n".utf8))
    }

    /// Sends a comment.
    func keepAlive() async throws { try await stream.send(Data(": \n\n".utf8)) }

    private static func text(
        _ name: String, _ value: JSONValue, identifier: String?
    ) throws -> String {
        let id = identifier.map { "id: \($0)\n" } ?? ""
        return "\(id)event: \(name)\ndata: \(try value.line())\n\n"
    }
}

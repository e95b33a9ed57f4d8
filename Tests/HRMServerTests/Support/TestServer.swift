import Foundation
import HRMFiles
import HRMTensor
import _HRMTestSupport

@testable import HRMServer

/// A server on a free port of this machine.
struct TestServer: Sendable {
    let server: ModelServer

    /// Runs a server for a test.
    ///
    /// - Parameters:
    ///   - change: Changes the options; there is one worker, and no model beside those of the package.
    ///   - limits: The bounds of requests and connections.
    ///   - load: The bounds of work.
    ///   - body: The test.
    /// - Returns: The result of `body`.
    /// - Throws: The error of `body` or of the server.
    @discardableResult static func run<Value: Sendable>(
        _ change: (inout ModelServer.Options) -> Void = { _ in },
        limits: HTTPLimits = HTTPLimits(), load: LoadLimits = LoadLimits(),
        _ body: @escaping @Sendable (TestServer) async throws -> Value
    ) async throws -> Value {
        var options = ModelServer.Options()
        options.workers = Workers(count: 1)
        change(&options)
        let server = try ModelServer(options, limits: limits, load: load) { _ in }
        return try await within {
            let running = Task { try await server.run() }
            do {
                let value = try await body(TestServer(server: server))
                server.stop()
                try await running.value
                return value
            } catch {
                server.stop()
                throw error
            }
        }
    }

    /// Talks with the server on a thread of its own.
    func connect<Value: Sendable>(
        _ body: @escaping @Sendable (ClientConnection) throws -> Value
    ) async throws -> Value {
        let port = server.port
        return try await OwnThread.run { try body(ClientConnection(port: port)) }
    }

    /// Returns the text of a request.
    func request(
        _ method: String, _ path: String, headers: [String] = [], body: String? = nil
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1"]
        if !headers.contains(where: { $0.hasPrefix("Host:") }) {
            lines.append("Host: localhost:\(server.port)")
        }
        lines += headers
        if let body {
            if !headers.contains(where: { $0.hasPrefix("Content-Type:") }) {
                lines.append("Content-Type: application/json")
            }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return (lines + ["", body ?? ""]).joined(separator: "\r\n")
    }

    /// Returns the answer to a request.
    func send(
        _ method: String, _ path: String, headers: [String] = [], body: String? = nil
    ) async throws -> ClientReply {
        let text = request(method, path, headers: headers, body: body)
        return try await connect {
            $0.send(text)
            return try $0.reply(hasBody: method != "HEAD")
        }
    }

    /// Returns the answer to a request without a body.
    func get(_ path: String, headers: [String] = []) async throws -> ClientReply {
        try await send("GET", path, headers: headers)
    }

    /// Returns the answer to a request with a body in JSON.
    func post(_ path: String, _ body: String, headers: [String] = []) async throws -> ClientReply {
        try await send("POST", path, headers: headers, body: body)
    }

    /// Waits until the server does no work of a kind.
    ///
    /// - Returns: False if it still does after a time that is far longer than usual.
    func becomesIdle(_ kind: ServerLoad.Kind) async throws -> Bool {
        for _ in 0..<600 {
            let state = try await get("/v1/health").json
            if state["load"]?[kind.rawValue] == .integer(0) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}

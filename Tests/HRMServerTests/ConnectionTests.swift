import HRMFiles
import Testing

@testable import HRMServer

/// Connections: several requests, their limits, and clients that are slow.
@Suite struct ConnectionTests {
    @Test func requestsOfOneConnectionAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let health = server.request("GET", "/v1/health")
            let none = server.request("HEAD", "/none")
            let file = server.request("GET", "/icon.svg", headers: ["Connection: close"])
            try await server.connect { client throws in
                client.send(health + none + "\r\n" + file)
                #expect(try client.reply().status == 200)
                let head = try client.reply(hasBody: false)
                #expect(head.status == 404 && head.headers["content-length"] != "0")
                #expect(try client.reply().headers["content-type"] == "image/svg+xml")
                #expect(try client.isAtEnd())
            }
        }
    }

    @Test func methodsAndPathsAreChecked() async throws {
        try await TestServer.run { server in
            for (method, path, status) in [
                ("GET", "/v1/solve", 405), ("DELETE", "/v1/health", 405), ("POST", "/", 405),
                ("GET", "/none", 404), ("GET", "/.gitkeep", 404), ("GET", "//", 404),
                ("GET", "/../openapi.json", 400), ("GET", "/%2e%2e/openapi.json", 400),
                ("GET", "/Page/index.html", 404), ("GET", "/v1/runs/..%2f..", 400),
            ] {
                let reply = try await server.send(method, path)
                #expect(reply.status == status, "\(method) \(path)")
                #expect(status != 405 || path == "/" || reply.headers["allow"] != nil)
            }
        }
    }

    @Test func filesHaveTags() async throws {
        try await TestServer.run { server in
            let first = try await server.get("/")
            #expect(first.headers["content-type"] == "text/html; charset=utf-8")
            let tag = try #require(first.headers["etag"])
            let again = try await server.get("/", headers: ["If-None-Match: \"x\", \(tag)"])
            #expect(again.status == 304 && again.body.isEmpty)
        }
    }

    @Test func aClientMayWaitForPermission() async throws {
        try await TestServer.run { server in
            let body = #"{"kind": "maze", "rows": 4, "columns": 4}"#
            let text = server.request(
                "POST", "/v1/generate", headers: ["Expect: 100-continue"], body: body)
            try await server.connect { client throws in
                client.send(String(text.dropLast(body.count)))
                #expect(try client.head().status == 100)
                client.send(body)
                #expect(try client.reply().status == 200)
            }
        }
    }

    @Test func largeRequestsAreRefused() async throws {
        try await TestServer.run { server in
            let (path, host) = ("/v1/check", "Host: localhost:\(server.server.port)\r\n")
            let start = "POST \(path) HTTP/1.1\r\n\(host)Content-Type: application/json\r\n"
            for (text, status) in [
                (start + "Content-Length: 10000000\r\n\r\n", 413),
                (start + "Content-Length: 1048577\r\n\r\n", 413),
                (start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
                (start + "X: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
                (start + (0..<200).map { "X\($0): a\r\n" }.joined() + "\r\n", 431),
            ] {
                let reply = try await server.connect { client throws in
                    client.send(text)
                    let reply = try client.reply()
                    #expect(try client.isAtEnd())
                    return reply
                }
                #expect(reply.status == status)
                #expect(try InterfaceDescription.read().problems(of: reply, "POST \(path)") == [])
            }
            let largest = #"{"puzzle": "\#(String(repeating: " ", count: 99_000))"}"#
            #expect(try await server.post(path, largest).status == 200)
        }
    }

    /// A new connection takes the place of an idle one, but not that of a request.
    @Test func connectionsAreLimited() async throws {
        var limits = HTTPLimits()
        limits.connections = 3
        try await TestServer.run(limits: limits) { server in
            let health = server.request("GET", "/v1/health")
            let endless = server.request(
                "POST", "/v1/thoughts",
                body: #"{"puzzle": "3..16416..5..5.6....14...1..4....231", "#
                    + #""options": {"halt": "never", "thinking_steps": 4096}}"#)
            try await server.connect { idle throws in
                idle.send(health)
                #expect(try idle.reply().status == 200)
                let port = server.server.port
                let working = try (0..<3).map { number in
                    let client = try ClientConnection(port: port)
                    client.send(endless)
                    #expect(try client.head().status == 200)
                    // The third one is given the place of the idle one.
                    if number == 2 { #expect(try idle.isAtEnd()) }
                    return client
                }
                let refused = try ClientConnection(port: port)
                let reply = try refused.reply()
                #expect(reply.status == 503 && reply.headers["retry-after"] != nil)
                for client in working { #expect(try client.event() != nil) }
            }
            #expect(try await server.becomesIdle(.streams))
        }
    }

    @Test func slowRequestsEnd() async throws {
        var limits = HTTPLimits()
        limits.requestSeconds = 0.5
        limits.idleSeconds = 4
        try await TestServer.run(limits: limits) { server in
            let health = server.request("GET", "/v1/health")
            let post = server.request("POST", "/v1/solve", body: "{")
            for part in ["G", String(health.dropLast(2)), String(post.dropLast(1))] {
                try await server.connect { client throws in
                    client.send(part)
                    #expect(try client.reply().status == 408)
                    #expect(try client.isAtEnd())
                }
            }
            try await server.connect { client throws in
                client.send(health)
                #expect(try client.reply().status == 200)
                #expect(try client.isAtEnd())
            }
        }
    }

    @Test func workIsLimited() async throws {
        var load = LoadLimits()
        (load.puzzles, load.streams, load.learning) = (0, 0, 0)
        try await TestServer.run(load: load) { server in
            for (path, body) in SampleRequests.all where path != "/v1/check" {
                guard !path.hasPrefix("/v1/arc/check"), path != "/v1/completions" else { continue }
                let reply = try await server.post(path, body)
                guard path != "/v1/arc/solve" else { continue }
                #expect(reply.status == 503, "\(path): \(reply.text)")
                #expect(reply.headers["retry-after"] != nil)
            }
        }
    }

    @Test func longRequestsAreEnded() async throws {
        var load = LoadLimits()
        load.requestSeconds = 0.2
        try await TestServer.run(load: load) { server in
            let reply = try await server.post(
                "/v1/solve",
                #"{"puzzle": "3..16416..5..5.6....14...1..4....231", "#
                    + #""options": {"halt": "never", "thinking_steps": 4096}}"#)
            #expect(reply.status == 503 && reply.text.contains("longer than"), "\(reply.text)")
            #expect(try await server.becomesIdle(.puzzles))
        }
    }
}

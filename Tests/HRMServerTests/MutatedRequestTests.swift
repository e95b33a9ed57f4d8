import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

@testable import HRMServer

/// Damaged requests: each has an answer, and the server goes on.
@Suite struct MutatedRequestTests {
    /// A server with a model for every route, and with little time for learning.
    private static func serve(
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let (arc, text) = (
            folder.url.appendingPathComponent("arc"), folder.url.appendingPathComponent("words")
        )
        try TinyModels.writeARC(in: arc)
        try TinyModels.writeText(to: text)
        var load = LoadLimits()
        load.learningMinutes = 0.002
        load.requestSeconds = 30
        try await TestServer.run(
            {
                $0.models = [arc.appendingPathComponent("model.safetensors")]
                $0.textModel = text
            }, load: load
        ) { server in
            try await body(server)
            #expect(try await server.get("/v1/health").status == 200)
            for kind in ServerLoad.Kind.allCases { #expect(try await server.becomesIdle(kind)) }
        }
    }

    /// Returns what is wrong with an answer to any request.
    private static func problems(
        _ reply: ClientReply, _ route: String, _ interface: InterfaceDescription
    ) -> [String] {
        switch reply.status {
        case 200..<400: []
        case 400..<500, 503, 505: interface.problems(of: reply, route)
        default: ["the status is \(reply.status): \(reply.text)"]
        }
    }

    @Test func survivesMutatedBodies() async throws {
        try await Self.serve { server in
            let interface = try InterfaceDescription.read()
            for (path, body) in SampleRequests.all {
                let whole = try await server.post(path, body)
                #expect(whole.status == 200, "\(path): \(whole.text)")
                let head = server.request("POST", path, headers: ["Content-Type: application/json"])
                try await server.connect { client in
                    let mutations = Mutations(
                        path, count: 40, seed: 2, telling: #"{}[]":,\0e-.u"#.utf8, slowness: 20)
                    let valid = try mutations.run(on: [Array(body.utf8)]) { round in
                        let length = "Content-Length: \(round.bytes.count)\r\n\r\n"
                        client.send(Array(head.utf8.dropLast(2)) + Array(length.utf8) + round.bytes)
                        let reply = try client.reply()
                        let problems = Self.problems(reply, "POST \(path)", interface)
                        #expect(problems == [], "\(round.description): \(round.text)")
                        return reply.status == 200
                    }
                    #expect(valid < mutations.count)
                }
            }
        }
    }

    /// Each described member of a request, and of its options and its task, gets values of all types.
    @Test func survivesOtherValues() async throws {
        let nested = (0..<200).reduce(JSONValue.list([])) { value, _ in .list([value]) }
        let values: [JSONValue] = [
            .null, .flag(true), .integer(-1), .integer(0), .integer(1), .integer(.max),
            .number(-0.5), .number(1e300), .text(""), .text("a\u{0}\u{301}"),
            .text(String(repeating: "9", count: 3000)), .list([]), .list([.integer(.min)]),
            .list([.text("1...")]), .object([:]), .object(["kind": .text("arc")]), nested,
        ]
        try await Self.serve { server in
            let interface = try InterfaceDescription.read()
            for (path, body) in SampleRequests.all {
                let sample = try JSONText.decode(JSONValue.self, from: Array(body.utf8))
                let places = interface.members(ofRequest: "POST \(path)")
                #expect(places.count >= 2)
                try await server.connect { client in
                    for place in places {
                        for value in values {
                            let text = try sample.replacing(place, with: value).line()
                            client.send(server.request("POST", path, body: text))
                            let reply = try client.reply()
                            let problems = Self.problems(reply, "POST \(path)", interface)
                            #expect(problems == [], "\(path): \(text)")
                        }
                    }
                }
            }
        }
    }

    /// A request that has lost its end has no answer; every other one has.
    @Test func survivesMutatedHeads() async throws {
        try await TestServer.run { server in
            let interface = try InterfaceDescription.read()
            let requests = [
                server.request("GET", "/v1/runs/a%20b/metrics?after=1&points=20"),
                server.request(
                    "POST", "/v1/check",
                    headers: ["Connection: keep-alive", "Origin: http://localhost"],
                    body: #"{"puzzle": "1..."}"#),
                server.request("GET", "/", headers: ["If-None-Match: \"a\"", "Accept: */*"]),
            ].map { Array($0.utf8) }
            let port = server.server.port
            try await server.connect { _ in
                let mutations = Mutations(
                    "requests", count: 300, seed: 3, telling: "\r\n :%/?0".utf8, slowness: 10)
                let answered = try mutations.run(on: requests) { round in
                    let client = try ClientConnection(port: port)
                    client.send(round.bytes)
                    client.finishSending()
                    if try client.isAtEnd() { return false }
                    let reply = try client.reply()
                    let problems = Self.problems(reply, "POST /v1/check", interface)
                    #expect(problems == [], "\(round.description): \(round.text)")
                    return true
                }
                #expect(answered > mutations.count / 2)
            }
            #expect(try await server.get("/v1/health").status == 200)
        }
    }
}

import HRMFiles
import Testing
import _HRMTestSupport

@testable import HRMServer

/// Answers of the routes about puzzles, against their schemas and their meaning.
@Suite struct AnswerTests {
    private static let sudoku = "3..16416..5..5.6....14...1..4....231"

    /// Asks, and checks the request and the answer against the description.
    private func ask(
        _ server: TestServer, _ path: String, _ body: String, status: Int = 200
    ) async throws -> JSONValue {
        let interface = try InterfaceDescription.read()
        let reply = try await server.post(path, body)
        #expect(reply.status == status, "\(path): \(reply.text)")
        #expect(interface.problems(of: reply, "POST \(path)") == [])
        if status == 200 {
            let value = try JSONText.decode(JSONValue.self, from: Array(body.utf8))
            #expect(interface.problems(ofRequest: value, "POST \(path)") == [])
        }
        return try reply.json
    }

    @Test func modelsAreDescribed() async throws {
        try await TestServer.run { server in
            let interface = try InterfaceDescription.read()
            for (path, route) in [
                ("/v1/health", "GET /v1/health"), ("/v1/models", "GET /v1/models"),
                ("/v1/models/sudoku-6x6", "GET /v1/models/{id}"),
                ("/v1/models/none", "GET /v1/models/{id}"),
                ("/v1/openapi.json", "GET /v1/openapi.json"),
            ] {
                let reply = try await server.get(path)
                #expect(reply.status == (path.hasSuffix("none") ? 404 : 200))
                #expect(interface.problems(of: reply, route) == [])
            }
            let models = try await server.get("/v1/models").json["models"]?.list
            let names = try #require(models).compactMap { $0["id"]?.text }
            #expect(names.contains("sudoku-6x6"))
            #expect(try await server.get("/v1/openapi.json").json == interface.document)
        }
    }

    @Test func puzzlesAreSolved() async throws {
        try await TestServer.run { server in
            let one = try await ask(
                server, "/v1/solve", #"{"puzzle": "\#(Self.sudoku)", "checker": true}"#)
            #expect(one["puzzles"]?[0]?["valid"] == .flag(true))
            #expect(one["model"] == .text("sudoku-6x6"))
            let answer = try #require(one["puzzles"]?[0]?["answer"]?.text)
            // A refused puzzle does not spoil the others.
            let several = try await ask(
                server, "/v1/solve",
                #"{"puzzles": ["\#(Self.sudoku)", "33..", "\#(Self.sudoku)"], "model": "sudoku-6x6", "options": {"thinking_steps": 16}}"#
            )
            #expect(several["count"] == .integer(2) && several["errors"] == .integer(1))
            #expect(several["puzzles"]?[2]?["answer"] == .text(answer))
            let traced = try await ask(
                server, "/v1/solve",
                #"{"puzzle": "\#(Self.sudoku)", "trace": "cycles", "options": {"halt": "never", "thinking_steps": 2}}"#
            )
            #expect(traced["puzzles"]?[0]?["trace"]?.list?.count == 2)
        }
    }

    @Test func wrongRequestsAreRefused() async throws {
        try await TestServer.run { server in
            for (body, status) in [
                (#"{"puzzle": "\#(Self.sudoku)", "other": 1}"#, 400), ("{}", 400), ("[]", 400),
                ("{", 400), (#"{"puzzle": 1}"#, 400), (#"{"puzzle": "hello"}"#, 422),
                (#"{"puzzle": "\#(Self.sudoku)", "model": "none"}"#, 404),
                (#"{"puzzle": "\#(Self.sudoku)", "options": {"votes": 0}}"#, 400),
                (#"{"puzzle": "\#(Self.sudoku)", "options": {"halt": "later"}}"#, 400),
                (#"{"puzzle": "\#(Self.sudoku)", "task": {"kind": "chess"}}"#, 400),
            ] {
                for path in ["/v1/solve", "/v1/thoughts", "/v1/hint"] {
                    _ = try await ask(server, path, body, status: status)
                }
            }
            let reply = try await server.post(
                "/v1/solve", "a=1", headers: ["Content-Type: application/x-www-form-urlencoded"])
            #expect(reply.status == 415)
        }
    }

    @Test func boardsAreChecked() async throws {
        try await TestServer.run { server in
            let sound = try await ask(server, "/v1/check", #"{"puzzle": "\#(Self.sudoku)"}"#)
            #expect(sound["conflicts"]?.list == [] && sound["solutions"] == .text("one"))
            let twice = "33" + Self.sudoku.dropFirst(2)
            let wrong = try await ask(server, "/v1/check", #"{"puzzle": "\#(twice)"}"#)
            #expect(wrong["conflicts"]?[0]?["cells"] == .list([.integer(0), .integer(1)]))
            #expect(wrong["conflicts"]?[0]?["unit"] == .text("row"))
            let nothing = try await ask(server, "/v1/check", #"{"puzzle": "hello"}"#)
            #expect(nothing["board"] == .null)
        }
    }

    @Test(arguments: [
        #""sudoku", "box_rows": 2, "box_columns": 3, "difficulty": "hard""#,
        #""sudoku", "box_rows": 2, "box_columns": 2, "givens": 7"#, #""maze", "rows": 5"#,
        #""binary", "size": 4"#, #""futoshiki", "size": 4"#, #""skyscrapers", "size": 4"#,
    ])
    func puzzlesAreGenerated(_ kind: String) async throws {
        try await TestServer.run { server in
            let body = #"{"count": 2, "seed": 5, "kind": \#(kind)}"#
            let first = try await ask(server, "/v1/generate", body)
            #expect(first["puzzles"]?.list?.count == 2)
            #expect(try await ask(server, "/v1/generate", body) == first)
            let other = body.replacing("5", with: "6", maxReplacements: 1)
            #expect(try await ask(server, "/v1/generate", other) != first)
        }
    }

    @Test func impossiblePuzzlesAreNotGenerated() async throws {
        try await TestServer.run { server in
            for (body, status) in [
                (#"{"kind": "chess"}"#, 400), (#"{"kind": "maze", "difficulty": "easy"}"#, 400),
                (#"{"kind": "sudoku", "givens": 30, "difficulty": "easy"}"#, 400),
                (#"{"kind": "maze", "rows": 2, "columns": 2, "path_length": 4000}"#, 422),
            ] {
                _ = try await ask(server, "/v1/generate", body, status: status)
            }
        }
    }

    @Test(arguments: [
        ("svg", "<svg"), ("png", "PNG"), ("gif", "GIF89a"), ("json", "{"),
    ])
    func answersAreExported(format: String, start: String) async throws {
        try await TestServer.run { server in
            let reply = try await server.post(
                "/v1/export",
                #"{"puzzle": "\#(Self.sudoku)", "format": "\#(format)", "options": {"thinking_steps": 2}}"#
            )
            #expect(reply.status == 200, "\(reply.text.prefix(300))")
            #expect(String(decoding: reply.body.prefix(60), as: UTF8.self).contains(start))
            #expect(reply.headers["content-disposition"]?.contains("hrm.\(format)") == true)
        }
    }
}

import Foundation
import HRMFiles
import Testing

@testable import HRMServer

/// Completions with a text model.
@Suite struct CompletionTests {
    private static let route = "POST /v1/completions"

    private static func serve(
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let model = folder.url.appendingPathComponent("words")
        try TinyModels.writeText(to: model)
        try await TestServer.run({ $0.textModel = model }, body)
    }

    private func complete(
        _ server: TestServer, _ body: String, status: Int = 200
    ) async throws -> JSONValue {
        let interface = try InterfaceDescription.read()
        let reply = try await server.post("/v1/completions", body)
        #expect(reply.status == status, "\(body): \(reply.text)")
        #expect(interface.problems(of: reply, Self.route) == [])
        return try reply.json
    }

    @Test func textsAreCompletedWholeAndInParts() async throws {
        try await Self.serve { server in
            let models = try await server.get("/v1/models").json
            #expect(models["text_model"] == .text("words"))
            let body = #"{"model": "words", "prompt": ["one", "two"], "max_tokens": 12"#
            let whole = try await complete(server, body + "}")
            let choices = try #require(whole["choices"]?.list)
            #expect(choices.compactMap { $0["index"]?.integer } == [0, 1])
            let usage = try #require(whole["usage"])
            #expect(
                usage["total_tokens"]?.integer
                    == (usage["prompt_tokens"]?.integer ?? 0)
                    + (usage["completion_tokens"]?.integer ?? 0))
            #expect(try await complete(server, body + "}")["choices"] == whole["choices"])

            let stream = try await server.post("/v1/completions", body + #", "stream": true}"#)
            var events = try stream.events
            #expect(events.popLast()?.data == "[DONE]")
            var texts = ["", ""]
            var reasons: [JSONValue] = [.null, .null]
            let interface = try InterfaceDescription.read()
            let completion = JSONValue.object(["$ref": .text("#/components/schemas/Completion")])
            for event in events {
                let value = try event.json
                #expect(interface.problems(of: value, completion, at: "event") == [])
                let choice = try #require(value["choices"]?[0])
                let index = try #require(choice["index"]?.integer)
                texts[index] += choice["text"]?.text ?? ""
                reasons[index] = choice["finish_reason"] ?? .null
            }
            #expect(texts == choices.compactMap { $0["text"]?.text })
            #expect(reasons == choices.compactMap { $0["finish_reason"] })
        }
    }

    @Test func temperaturesAndSeedsMatter() async throws {
        try await Self.serve { server in
            func text(_ seed: Int) async throws -> JSONValue? {
                try await complete(
                    server,
                    #"{"prompt": "one", "max_tokens": 20, "temperature": 2, "seed": \#(seed)}"#
                )["choices"]
            }
            let first = try await text(1)
            #expect(try await text(1) == first)
            #expect(try await text(2) != first)
        }
    }

    @Test func unknownMembersAndValuesAreRefused() async throws {
        try await Self.serve { server in
            for (body, status) in [
                (#"{"prompt": "a", "best_of": 2}"#, 400), (#"{"prompt": "a", "n": 2}"#, 400),
                (#"{"prompt": "a", "echo": true}"#, 400), ("{}", 400),
                (#"{"prompt": "a", "max_tokens": 0}"#, 400),
                (#"{"prompt": "a", "temperature": 3}"#, 400),
                (#"{"prompt": "a", "model": "other"}"#, 404), (#"{"prompt": []}"#, 400),
            ] { _ = try await complete(server, body, status: status) }
        }
    }

    @Test func aServerWithoutATextModelSaysSo() async throws {
        try await TestServer.run { server in
            let answer = try await complete(server, #"{"prompt": "a"}"#, status: 404)
            #expect(answer["error"]?["remedy"]?.text?.contains("--text-model") == true)
        }
    }
}

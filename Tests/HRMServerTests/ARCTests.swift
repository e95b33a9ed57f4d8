import Foundation
import HRMFiles
import Testing

@testable import HRMServer

/// ARC tasks: reading, solving and learning.
@Suite struct ARCTests {
    private static let task =
        #"{"name": "tiny", "train": [{"input": [[0, 1], [1, 0]], "output": [[1, 0], [0, 1]]}, "#
        + #"{"input": [[1, 1], [0, 0]], "output": [[0, 0], [1, 1]]}], "#
        + #""test": [{"input": [[1, 0], [1, 0]], "output": [[0, 1], [0, 1]]}]}"#

    private func ask(
        _ server: TestServer, _ path: String, _ body: String, status: Int = 200
    ) async throws -> JSONValue {
        let interface = try InterfaceDescription.read()
        let reply = try await server.post(path, body)
        #expect(reply.status == status, "\(path): \(reply.text)")
        #expect(interface.problems(of: reply, "POST \(path)") == [])
        return try reply.json
    }

    @Test func tasksAreRead() async throws {
        try await TestServer.run { server in
            let text = try JSONValue.text(Self.task).line()
            let read = try await ask(server, "/v1/arc/check", #"{"text": \#(text)}"#)
            let task = try JSONText.decode(JSONValue.self, from: Array(Self.task.utf8))
            #expect(read["task"] == task && read["problem"] == .null)
            for (wrong, place) in [
                ("[]", "body.text"), ("{", "body.text"), (#"{\"train\": []}"#, "body.text.train"),
                (
                    #"{\"train\": [{\"input\": [[0]], \"output\": [[10]]}]}"#,
                    "body.text.train[0].output"
                ),
            ] {
                let answer = try await ask(server, "/v1/arc/check", #"{"text": "\#(wrong)"}"#)
                #expect(answer["task"] == .null)
                #expect(answer["problem"]?["where"] == .text(place))
            }
        }
    }

    @Test func tasksOfTheTrainingAreSolved() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let run = folder.url.appendingPathComponent("arc")
        try TinyModels.writeARC(in: run)
        try await TestServer.run({
            $0.models = [run.appendingPathComponent("model.safetensors")]
        }) { server in
            let models = try await server.get("/v1/models").json["models"]?.list
            let model = try #require(models?.first { $0["id"] == .text("file:model.safetensors") })
            #expect(model["task"]?["kind"] == .text("arc"), "\(model)")
            let body = #"{"model": "file:model.safetensors", "task": \#(Self.task)}"#
            let solved = try await ask(server, "/v1/arc/solve", body)
            #expect(solved["tests"]?.list?.count == 1 && solved["votes"] == .integer(1))
            let attempts = try #require(solved["tests"]?[0]?["attempts"]?.list)
            #expect(attempts.allSatisfy { $0["right"] != .null })
            // Other tasks and other models are refused.
            let other = body.replacing("tiny", with: "other")
            _ = try await ask(server, "/v1/arc/solve", other, status: 422)
            let sudoku = body.replacing("file:model.safetensors", with: "sudoku-4x4")
            _ = try await ask(server, "/v1/arc/solve", sudoku, status: 422)
        }
    }

    @Test func aTaskIsLearned() async throws {
        try await TestServer.run { server in
            let interface = try InterfaceDescription.read()
            let body = #"{"task": \#(Self.task), "steps": 3, "seed": 1}"#
            let reply = try await server.post("/v1/arc/learn", body)
            let value = try JSONText.decode(JSONValue.self, from: Array(body.utf8))
            #expect(interface.problems(ofRequest: value, "POST /v1/arc/learn") == [])
            let events = try reply.events
            for event in events {
                #expect(interface.problems(of: event, "POST /v1/arc/learn") == [])
            }
            #expect(events.first?.name == "begin" && events.last?.name == "result")
            let progress = try events.filter { $0.name == "progress" }.map { try $0.json }
            // Each step is told once.
            let curve = progress.flatMap { $0["curve"]?.list ?? [] }
            #expect(curve.compactMap { $0[0]?.integer } == [1, 2, 3])
            #expect(progress.last?["step"] == .integer(3))
            #expect(try await server.becomesIdle(.learning))
        }
    }

    /// The work ends long before the last step, and the next task gets its turn.
    @Test func aClosedConnectionEndsTheLearning() async throws {
        try await TestServer.run { server in
            let long = #"{"task": \#(Self.task), "steps": 20000, "stable_steps": 0}"#
            let request = server.request("POST", "/v1/arc/learn", body: long)
            try await server.connect { client throws in
                client.send(request)
                _ = try client.head()
                #expect(try client.event()?.name == "begin")
                #expect(try client.event()?.name == "progress")
            }
            #expect(try await server.becomesIdle(.learning))
            let next = try await server.post(
                "/v1/arc/learn", #"{"task": \#(Self.task), "steps": 1}"#)
            #expect(try next.events.last?.name == "result")
        }
    }

    @Test func wrongTasksAreNotLearned() async throws {
        try await TestServer.run { server in
            for (body, status) in [
                ("{}", 422), (#"{"task": {"train": [], "test": []}}"#, 422),
                (#"{"task": \#(Self.task), "steps": 0}"#, 400),
                (#"{"task": \#(Self.task), "other": 0}"#, 400),
            ] { _ = try await ask(server, "/v1/arc/learn", body, status: status) }
        }
    }
}

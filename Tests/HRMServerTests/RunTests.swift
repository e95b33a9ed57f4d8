import Foundation
import HRMFiles
import HRMTraining
import Testing

@testable import HRMServer

/// Trainings as the interface tells them.
@Suite struct RunTests {
    /// Returns the event of a stream after a check of its data.
    private static func next(_ client: ClientConnection) throws -> ServerEvent {
        guard let event = try client.event() else {
            throw ClientConnection.Failure(description: "the stream has ended")
        }
        let problems = try InterfaceDescription.read().problems(
            of: event, "GET /v1/runs/{id}/events")
        #expect(problems == [])
        return event
    }

    private static func steps(_ events: [ServerEvent]) throws -> [Int] {
        try events.filter { $0.name == "metrics" }.flatMap { event in
            try event.json["lines"]?.list?.compactMap { $0["step"]?.integer } ?? []
        }
    }

    private func get(
        _ server: TestServer, _ path: String, _ route: String, status: Int = 200
    ) async throws -> JSONValue {
        let reply = try await server.get(path)
        #expect(reply.status == status, "\(path): \(reply.text)")
        #expect(try InterfaceDescription.read().problems(of: reply, "GET \(route)") == [])
        return try reply.json
    }

    @Test func finishedRunsAreTold() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try TinyRuns.train(["a", "b c"], in: folder.url)
        try await TestServer.run({ $0.runs = folder.url }) { server in
            let runs = try await get(server, "/v1/runs", "/v1/runs")["runs"]?.list
            #expect(runs?.map { $0["id"]?.text } == ["a", "b~20c"])
            #expect(runs?.map { $0["state"]?.text } == ["done", "done"])
            let detail = try await get(server, "/v1/runs/a", "/v1/runs/{id}")
            #expect(detail["steps"] == .integer(6) && detail["total_steps"] == .integer(6))
            let metrics = try await get(server, "/v1/runs/a/metrics", "/v1/runs/{id}/metrics")
            let names = try #require(detail["metrics"]?.list).compactMap(\.text)
            #expect(!names.isEmpty)
            for name in names { #expect(metrics["series"]?[name]?["steps"] != nil) }
            let name = try #require(names.first { $0.hasPrefix("train/") })
            let some = try await get(
                server, "/v1/runs/a/metrics?after=4&names=\(name)", "/v1/runs/{id}/metrics")
            #expect(some["series"]?[name]?["steps"] == .list([.integer(5), .integer(6)]))
            // The runs differ in their seeds alone.
            let differences = try await get(
                server, "/v1/differences?runs=a,b~20c", "/v1/differences")
            let setting = try #require(differences["settings"]?.list)
            #expect(setting.count == 1, "\(setting)")
            #expect(setting.first?["values"] == .list([.text("0"), .text("1")]))
            // A run's model solves.
            let model = try #require(detail["model"]?.text)
            let solved = try await server.post(
                "/v1/solve", #"{"puzzle": "1...........4..2", "model": "\#(model)"}"#)
            #expect(solved.status == 200, "\(solved.text)")
            for (path, route) in [
                ("/v1/runs/none", "/v1/runs/{id}"),
                ("/v1/runs/none/metrics", "/v1/runs/{id}/metrics"),
                ("/v1/runs/none/events", "/v1/runs/{id}/events"),
                ("/v1/runs/a/samples/5", "/v1/runs/{id}/samples/{step}"),
                ("/v1/differences?runs=a,none", "/v1/differences"),
            ] { _ = try await get(server, path, route, status: 404) }
            _ = try await get(server, "/v1/differences?runs=a", "/v1/differences", status: 400)
        }
    }

    @Test func eventsContinueWithoutAGapOrARepeat() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        try TinyRuns.train(["a"], in: folder.url)
        try await TestServer.run({ $0.runs = folder.url }) { server in
            let reply = try await server.get("/v1/runs/a/events")
            let events = try reply.events
            for event in events {
                #expect(
                    try InterfaceDescription.read().problems(of: event, "GET /v1/runs/{id}/events")
                        == [])
            }
            #expect(events.first?.name == "state" && events.last?.name == "end")
            let all = try Self.steps(events)
            #expect(Set(all) == Set(1...6))
            let samples = events.filter { $0.name == "sample" }
            #expect(try samples.map { try $0.json["step"]?.integer } == [3, 6])
            let path = try #require(samples.last.flatMap { try? $0.json["url"]?.text })
            let picture = try await server.get(path)
            #expect(picture.headers["content-type"] == "image/png")
            #expect(picture.body == TinyRuns.picture.bytes)
            // Whatever was read before, the rest is all that follows.
            let lines = try String(
                contentsOf: folder.url.appendingPathComponent("a/metrics.jsonl"), encoding: .utf8
            ).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            var offset = 0
            for (index, line) in lines.enumerated() {
                offset += line.utf8.count + 1
                let rest = try await server.get(
                    "/v1/runs/a/events", headers: ["Last-Event-ID: \(offset)"]
                ).events
                #expect(try Self.steps(rest) == Array(all.dropFirst(index + 1)))
                let after = try await server.get("/v1/runs/a/events?after=\(offset)").events
                #expect(try Self.steps(after) == Array(all.dropFirst(index + 1)))
            }
            let metrics = try await server.get("/v1/runs/a/metrics").json
            #expect(metrics["offset"] == .text("\(offset)"))
            let wrong = try await server.get(
                "/v1/runs/a/events", headers: ["Last-Event-ID: x"])
            #expect(wrong.status == 400)
        }
    }

    /// A process trains, its lines arrive as they are written, and its end is told.
    @Test func aGrowingRunIsFollowedUntilItIsKilled() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let run = try TinyRuns.begin("a", in: folder.url)
        try TinyRuns.append(1...3, to: run)
        try await TestServer.run({ $0.runs = folder.url }) { server in
            let request = server.request("GET", "/v1/runs/a/events")
            let last = try await server.connect { client throws in
                client.send(request)
                _ = try client.head()
                return try run.whileLocked {
                    #expect(try Self.next(client).json["state"] == .text("running"))
                    let first = try Self.next(client)
                    #expect(try Self.steps([first]) == [1, 2, 3])
                    // Half a line is no line yet.
                    try TinyRuns.append(4...5, to: run)
                    let file = try FileHandle(forWritingTo: run.metricsURL)
                    try file.seekToEnd()
                    try file.write(contentsOf: Data("{\"step\":6,\"tr".utf8))
                    let second = try Self.next(client)
                    #expect(try Self.steps([second]) == [4, 5])
                    try file.write(contentsOf: Data("ain/loss\":1}\n".utf8))
                    #expect(try Self.steps([Self.next(client)]) == [6])
                    // A resumed training cuts the file to its last checkpoint.
                    try file.truncate(
                        atOffset: UInt64(try #require(first.identifier.flatMap { Int($0) })))
                    try file.close()
                    let rewind = try Self.next(client)
                    #expect(rewind.name == "rewind")
                    #expect(try rewind.json["step"] == .integer(3))
                    #expect(rewind.identifier == first.identifier)
                    try TinyRuns.append(4...7, to: run)
                    let again = try Self.next(client)
                    #expect(try Self.steps([again]) == [4, 5, 6, 7])
                    return second.identifier
                }
            }
            // The connection above was lost at an id that is still valid.
            let identifier = try #require(last)
            let rest = try await server.get(
                "/v1/runs/a/events", headers: ["Last-Event-ID: \(identifier)"]
            ).events
            #expect(try Self.steps(rest) == [6, 7])
            #expect(rest.last?.name == "end")
            #expect(try rest.last?.json["state"] == .text("killed"))
            let state = try await get(server, "/v1/runs/a", "/v1/runs/{id}")
            #expect(state["state"] == .text("killed"))
            #expect(state["reason"]?.text?.contains("no process") == true)
        }
    }

    /// The end of a process is told to those who follow it.
    @Test func aKilledRunSaysSo() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let run = try TinyRuns.begin("a", in: folder.url)
        try await TestServer.run({ $0.runs = folder.url }) { server in
            let request = server.request("GET", "/v1/runs/a/events")
            try await server.connect { client throws in
                client.send(request)
                _ = try client.head()
                try run.whileLocked { () throws in
                    #expect(try Self.next(client).json["state"] == .text("running"))
                }
                var event = try Self.next(client)
                while event.name != "end" { event = try Self.next(client) }
                #expect(try event.json["state"] == .text("killed"))
                #expect(try client.event() == nil)
            }
            #expect(try await server.becomesIdle(.streams))
        }
    }

    @Test func brokenRunsAreListed() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        let run = try TinyRuns.begin("a", in: folder.url)
        try Data("{".utf8).write(to: run.descriptionURL)
        try await TestServer.run({ $0.runs = folder.url }) { server in
            let runs = try await get(server, "/v1/runs", "/v1/runs")["runs"]?.list
            #expect(runs?.map { $0["state"]?.text } == ["broken"])
            #expect(runs?.first?["reason"]?.text?.contains(folder.url.path) == false)
            _ = try await get(server, "/v1/runs/a", "/v1/runs/{id}")
            let events = try await server.get("/v1/runs/a/events").events
            #expect(events.last?.name == "end")
        }
    }

    @Test func aServerWithoutRunsHasNone() async throws {
        try await TestServer.run { server in
            let runs = try await get(server, "/v1/runs", "/v1/runs")
            #expect(runs["runs"] == .list([]) && runs["folder"] == .null)
        }
    }
}

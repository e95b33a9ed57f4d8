import Foundation
import HRMFiles
import Testing
import _HRMTestSupport

@testable import HRMServer

/// The events of a puzzle's thinking.
@Suite struct ThoughtsTests {
    private static let route = "POST /v1/thoughts"
    private static let small = "1...........4..2"

    private func thoughts(_ server: TestServer, _ body: String) async throws -> [ServerEvent] {
        let reply = try await server.post("/v1/thoughts", body)
        #expect(reply.status == 200, "\(reply.text)")
        let events = try reply.events
        let interface = try InterfaceDescription.read()
        for event in events { #expect(interface.problems(of: event, Self.route) == []) }
        #expect(events.first?.name == "begin" && events.last?.name == "result")
        #expect(events.dropFirst().dropLast().allSatisfy { $0.name == "step" })
        return events
    }

    @Test func stepsLeadToTheAnswer() async throws {
        try await TestServer.run { server in
            let puzzle = "3..16416..5..5.6....14...1..4....231"
            let events = try await thoughts(server, #"{"puzzle": "\#(puzzle)"}"#)
            let steps = try events.dropFirst().dropLast().map { try $0.json }
            let result = try #require(events.last).json
            #expect(result["valid"] == .flag(true))
            #expect(result["steps"] == .integer(steps.count))
            #expect(steps.last?["cells"] == result["cells"])
            // The changed cells are those in which a board differs from the one before.
            var cells = try events[0].json["puzzle"]?["cells"]?.list ?? []
            for step in steps {
                let next = try #require(step["cells"]?.list)
                let changed = next.indices.filter { next[$0] != cells[$0] }
                #expect(step["changed"] == .list(changed.map { .integer($0) }))
                cells = next
            }
            let solved = try await server.post("/v1/solve", #"{"puzzle": "\#(puzzle)"}"#).json
            #expect(solved["puzzles"]?[0]?["answer"] == result["answer"])
        }
    }

    /// The candidates after each step follow from those before and from what the event tells.
    @Test func searchesTellEveryChange() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        var names: [String] = []
        for seed in 0..<4 {
            let url = folder.url.appendingPathComponent("search\(seed).safetensors")
            try TinyModels.writeSearch(to: url, seed: UInt64(seed))
            names.append("file:search\(seed).safetensors")
        }
        let identifiers = names
        try await TestServer.run({ $0.models = folder.models }) { server in
            var kinds: Set<String> = []
            for name in identifiers {
                for pin in ["random", "fewest", "surest"] {
                    let events = try await thoughts(
                        server,
                        #"{"puzzle": "\#(Self.small)", "model": "\#(name)", "options": {"pin": "\#(pin)"}}"#
                    )
                    #expect(try events[0].json["search"] == .flag(true))
                    kinds.formUnion(try Self.replay(events.filter { $0.name == "step" }))
                }
            }
            #expect(kinds.isSuperset(of: ["thought", "strikes", "pin", "contradiction", "check"]))
        }
    }

    /// Follows the candidates, and returns the kinds of events.
    private static func replay(_ steps: [ServerEvent]) throws -> Set<String> {
        var kinds: Set<String> = []
        var sets = small.map { $0.wholeNumberValue.map { 1 << ($0 - 1) } ?? 15 }
        let initial = sets
        var attempt = JSONValue.integer(0)
        for event in steps {
            let step = try event.json
            let search = try #require(step["search"])
            if let next = step["attempt"], next != attempt { (attempt, sets) = (next, initial) }
            let kind = try #require(search["kind"]?.text)
            kinds.insert(kind)
            for pair in search["returned"]?.list ?? [] {
                let (cell, symbol) = try pairOf(pair)
                sets[cell] |= 1 << symbol
            }
            for pair in search["struck"]?.list ?? [] {
                let (cell, symbol) = try pairOf(pair)
                sets[cell] &= ~(1 << symbol)
            }
            if let pinned = search["pinned"], pinned != .null {
                let (cell, symbol) = try pairOf(pinned)
                #expect(sets[cell] & 1 << symbol != 0)
                sets[cell] = 1 << symbol
            }
            #expect((kind == "pin") == (search["pinned"] != .null))
            #expect(kind == "contradiction" || search["returned"] == .list([]))
            #expect(search["candidates"] == .list(sets.map { .integer($0) }), "\(kind)")
        }
        return kinds
    }

    private static func pairOf(_ value: JSONValue) throws -> (cell: Int, symbol: Int) {
        (try #require(value[0]?.integer), try #require(value[1]?.integer))
    }

    /// The work ends long before the last step, although nobody asks for its result.
    @Test func aClosedConnectionEndsTheThinking() async throws {
        try await TestServer.run { server in
            let request = server.request(
                "POST", "/v1/thoughts",
                body: #"{"puzzle": "3..16416..5..5.6....14...1..4....231", "#
                    + #""options": {"halt": "never", "thinking_steps": 4096}}"#)
            try await server.connect { client throws in
                client.send(request)
                #expect(try client.head().status == 200)
                #expect(try client.event()?.name == "begin")
                #expect(try client.event()?.name == "step")
            }
            #expect(try await server.becomesIdle(.streams))
            #expect(try await server.becomesIdle(.puzzles))
        }
    }

    @Test func thoughtsOfSeveralAttemptsAreRefused() async throws {
        try await TestServer.run { server in
            let reply = try await server.post(
                "/v1/thoughts",
                #"{"puzzle": "3..16416..5..5.6....14...1..4....231", "options": {"votes": 2}}"#)
            #expect(reply.status == 400)
            #expect(try InterfaceDescription.read().problems(of: reply, Self.route) == [])
        }
    }
}

import Foundation
import HRMFiles
import Testing

@testable import HRMServer

/// Hints for a partly played board.
@Suite struct HintTests {
    private static let route = "POST /v1/hint"

    private func hints(_ server: TestServer, _ body: String) async throws -> JSONValue {
        let interface = try InterfaceDescription.read()
        let reply = try await server.post("/v1/hint", body)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(interface.problems(of: reply, Self.route) == [])
        let value = try JSONText.decode(JSONValue.self, from: Array(body.utf8))
        #expect(interface.problems(ofRequest: value, Self.route) == [])
        return try reply.json
    }

    @Test func blankCellsAreFilledAsTheModelSolves() async throws {
        try await TestServer.run { server in
            let puzzle = "3..16416..5..5.6....14...1..4....231"
            let solved = try await server.post("/v1/solve", #"{"puzzle": "\#(puzzle)"}"#).json
            let answer = Array(try #require(solved["puzzles"]?[0]?["answer"]?.text))
            let given = Array(puzzle)
            let list = try #require(
                try await hints(server, #"{"puzzle": "\#(puzzle)"}"#)["hints"]?.list)
            #expect((1...8).contains(list.count))
            var surest = 1.0
            for hint in list {
                let cell = try #require(hint["cell"]?.integer)
                #expect(given[cell] == ".")
                #expect(hint["kind"] == .text("fill"))
                #expect(hint["symbol"] == .text(String(answer[cell])))
                #expect(hint["row"] == .integer(cell / 6) && hint["column"] == .integer(cell % 6))
                let sureness = try #require(hint["confidence"]?.double)
                #expect(sureness <= surest)
                surest = sureness
            }
        }
    }

    @Test func boardsThatBreakTheRulesHaveConflictsInstead() async throws {
        try await TestServer.run { server in
            let answer = try await hints(
                server, #"{"puzzle": "33.16416..5..5.6....14...1..4....231"}"#)
            #expect(answer["hints"] == .list([]))
            #expect(answer["conflicts"]?.list?.isEmpty == false)
        }
    }

    /// A search strikes candidates, and none that the player has already struck.
    @Test func searchModelsStrikeCandidates() async throws {
        let folder = try Scratch()
        defer { folder.remove() }
        for seed in 0..<8 {
            try TinyModels.writeSearch(
                to: folder.url.appendingPathComponent("\(seed).safetensors"), seed: UInt64(seed))
        }
        try await TestServer.run({ $0.models = folder.models }) { server in
            // Not every random model strikes something at once.
            var start = ""
            var first = JSONValue.null
            for seed in 0..<8 where first["hints"]?[0] == nil {
                start = #"{"puzzle": "12..3....1...32.", "model": "file:\#(seed).safetensors""#
                first = try await hints(server, start + "}")
            }
            let hint = try #require(first["hints"]?[0])
            #expect(hint["kind"] == .text("strike"))
            let cell = try #require(hint["cell"]?.integer)
            let symbol = try #require(hint["symbol"]?.text.flatMap { Int($0) })
            var marks = Array(repeating: 0, count: 16)
            marks[cell] = 15 & ~(1 << (symbol - 1))
            let next = try await hints(server, start + #", "candidates": \#(marks)}"#)
            for other in next["hints"]?.list ?? [] {
                #expect(other["cell"] != hint["cell"] || other["symbol"] != hint["symbol"])
            }
            for list in ["[1, 2]", "\(marks.map { _ in -1 })"] {
                let wrong = try await server.post(
                    "/v1/hint", start + #", "candidates": \#(list)}"#)
                #expect(wrong.status == 400)
            }
        }
    }
}

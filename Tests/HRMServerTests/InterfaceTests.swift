import HRMFiles
import Testing

@testable import HRMServer

/// The description of the interface against the routes.
@Suite struct InterfaceTests {
    @Test func everyRouteIsDescribedAndTheReverse() throws {
        let server = try ModelServer(ModelServer.Options())
        defer { server.stop() }
        let described = try InterfaceDescription.read().routes
        #expect(described == Set(server.routes.map { "\($0.method) \($0.pattern)" }))
        #expect(described.count == server.routes.count)
    }

    /// A check that finds nothing would let every answer pass.
    @Test func theCheckOfSchemasFindsProblems() throws {
        let interface = try InterfaceDescription.read()
        func count(_ value: JSONValue, _ schema: JSONValue) -> Int {
            interface.problems(of: value, schema, at: "value").count
        }
        let board: JSONValue = .object(["$ref": .text("#/components/schemas/Board")])
        let right: [String: JSONValue] = [
            "text": .text("1."), "rows": .integer(1), "columns": .integer(2),
            "cells": .list([.text("1"), .text(".")]),
        ]
        #expect(count(.object(right), board) == 0)
        for (name, value) in [
            ("rows", JSONValue.integer(0)), ("columns", .text("2")), ("other", .null),
            ("cells", .list([.integer(1)])),
        ] {
            #expect(count(.object(right.merging([name: value]) { $1 }), board) == 1)
        }
        #expect(count(.object(right.filter { $0.key != "text" }), board) == 1)
        #expect(count(.null, .object(["type": .list([.text("string"), .text("null")])])) == 0)
        #expect(count(.text("a"), .object(["multipleOf": .integer(2)])) == 1)
        #expect(count(.text("a"), .object(["pattern": .text("^b$")])) == 1)
        #expect(count(.text("a"), .object(["enum": .list([.text("b")])])) == 1)
        #expect(count(.text("a"), .object(["$ref": .text("#/components/schemas/None")])) == 1)
    }

    @Test func aTokenIsNeededForOtherMachines() {
        var options = ModelServer.Options()
        options.host = "0.0.0.0"
        #expect(throws: ModelServerError.tokenNeeded(host: "0.0.0.0")) {
            try ModelServer(options)
        }
    }
}

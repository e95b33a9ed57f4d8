import Foundation
import HRMFiles
import Testing

@testable import HRMServer

/// The description of the interface against the routes.
@Suite struct InterfaceTests {
    @Test func everyRouteIsDescribedAndTheReverse() throws {
        let server = try ModelServer(ModelServer.Options())
        defer { server.stop() }
        let value = try JSONText.decode(
            JSONValue.self, from: Array(try PageFiles().description))
        guard case .object(let members) = value, case .object(let paths)? = members["paths"] else {
            Issue.record("there are no paths")
            return
        }
        var described: Set<String> = []
        for (path, item) in paths {
            guard case .object(let methods) = item else { continue }
            for method in methods.keys { described.insert("\(method.uppercased()) \(path)") }
        }
        #expect(described == Set(server.routes.map { "\($0.method) \($0.pattern)" }))
    }

    @Test func aTokenIsNeededForOtherMachines() {
        var options = ModelServer.Options()
        options.host = "0.0.0.0"
        #expect(throws: ModelServerError.tokenNeeded(host: "0.0.0.0")) {
            try ModelServer(options)
        }
    }
}

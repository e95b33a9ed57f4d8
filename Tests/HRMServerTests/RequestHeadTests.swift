import Testing
import _HRMTestSupport

@testable import HRMServer

/// The grammar of requests.
@Suite struct RequestHeadTests {
    private func head(_ text: String) throws -> RequestHead {
        try RequestHead(ArraySlice(text.utf8), limits: HTTPLimits())
    }

    private static let plain = "GET /v1/runs/a%20b?x=1+2 HTTP/1.1\r\nHost: localhost\r"

    @Test func aPlainHeadIsRead() throws {
        let head = try head(Self.plain)
        #expect(head.method == "GET")
        #expect(head.path == ["v1", "runs", "a b"])
        #expect(head.query.map(\.name) == ["x"])
        #expect(head.query.map(\.value) == ["1 2"])
        #expect(head.headers == ["host": "localhost"])
        #expect(head.keepsConnection)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\nX: b\r", "GET / HTTP/1.1\r\r", "get / HTTP/1.1\r\nHost: a\r",
        "GET http://a/ HTTP/1.1\r\nHost: a\r", "GET /../x HTTP/1.1\r\nHost: a\r",
        "GET /%2e%2e/x HTTP/1.1\r\nHost: a\r", "GET /a%2fb HTTP/1.1\r\nHost: a\r",
        "GET /%zz HTTP/1.1\r\nHost: a\r", "GET / HTTP/2\r\nHost: a\r",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r", "GET / HTTP/1.1\r\nHost: a\r\n folded\r",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r",
    ])
    func ambiguousHeadsAreRefused(_ text: String) {
        #expect(throws: HTTPError.self) { try head(text) }
    }

    @Test func survivesMutation() {
        let mutations = Mutations("heads", count: 5000, seed: 1, telling: "\r\n :%/?".utf8)
        mutations.run(on: [Array(Self.plain.utf8)]) { round in
            (try? RequestHead(ArraySlice(round.bytes), limits: HTTPLimits())) != nil
        }
    }
}

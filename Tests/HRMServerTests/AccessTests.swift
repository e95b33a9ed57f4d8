import HRMFiles
import Testing

@testable import HRMServer

/// Requests that are refused by their host, their origin or their token.
@Suite struct AccessTests {
    private func status(
        _ server: TestServer, _ path: String = "/v1/health", _ headers: String...
    ) async throws -> Int {
        let reply = try await server.get(path, headers: headers)
        if reply.status >= 400 {
            let problems = try InterfaceDescription.read().problems(of: reply, "GET /v1/health")
            #expect(problems == [])
        }
        return reply.status
    }

    @Test func theTokenIsNeeded() async throws {
        try await TestServer.run({ $0.token = "right" }) { server in
            #expect(try await status(server) == 401)
            #expect(try await status(server, "/") == 401)
            #expect(try await status(server, "/v1/health", "Authorization: Bearer wrong") == 401)
            #expect(try await status(server, "/v1/health", "Authorization: Basic right") == 401)
            #expect(try await status(server, "/v1/health?token=right") == 401)
            #expect(try await status(server, "/v1/health", "Cookie: hrm_session=right") == 401)
            #expect(try await status(server, "/v1/health", "Authorization: Bearer right") == 200)
            #expect(try await status(server, "/", "authorization: bearer right") == 200)
            let refused = try await server.get("/v1/health")
            #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    @Test func aLinkWorksOnce() async throws {
        try await TestServer.run({ $0.token = "right" }) { server in
            let link = try #require(server.server.address.firstRange(of: "/?token="))
            let path = String(server.server.address[link.lowerBound...])
            #expect(try await status(server, path.replacing("/?", with: "/v1/health?")) == 401)
            let answer = try await server.get(path)
            #expect(answer.status == 303 && answer.headers["location"] == "/")
            let cookie = try #require(answer.headers["set-cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite"))
            let session = try #require(cookie.split(separator: ";").first)
            #expect(try await status(server, "/", "Cookie: a=b; \(session)") == 200)
            #expect(try await status(server, path) == 401)
            // The next link is another one.
            #expect(server.server.address.hasSuffix(path) == false)
        }
    }

    @Test func foreignHostsAndOriginsAreRefused() async throws {
        try await TestServer.run { server in
            let port = server.server.port
            for host in [
                "example.com", "example.com:\(port)", "localhost:\(port + 1)", "localhost",
                "127.0.0.1.example.com:\(port)", "localhost:\(port)x", "10.0.0.1:\(port)", "",
            ] {
                #expect(try await status(server, "/v1/health", "Host: \(host)") == 403, "\(host)")
            }
            for host in ["localhost:\(port)", "127.0.0.1:\(port)", "LOCALHOST:\(port)"] {
                #expect(try await status(server, "/v1/health", "Host: \(host)") == 200, "\(host)")
            }
            let own = "http://localhost:\(port)"
            for origin in ["http://example.com", "null", "https://localhost:\(port)", own + "0"] {
                let found = try await status(server, "/v1/health", "Origin: \(origin)")
                #expect(found == 403, "\(origin)")
            }
            #expect(try await status(server, "/v1/health", "Origin: \(own)") == 200)
            for site in ["cross-site", "same-site"] {
                let found = try await status(server, "/v1/health", "Sec-Fetch-Site: \(site)")
                #expect(found == 403)
            }
            #expect(try await status(server, "/v1/health", "Sec-Fetch-Site: same-origin") == 200)
            // A link from another page to this one is followed, but not one to the interface.
            for (path, expected) in [("/", 200), ("/v1/health", 403)] {
                let found = try await status(
                    server, path, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: document")
                #expect(found == expected)
            }
        }
    }

    @Test func everyAnswerHasAPolicy() async throws {
        try await TestServer.run { server in
            for path in ["/", "/style.css", "/v1/health", "/none"] {
                let headers = try await server.get(path).headers
                let policy = try #require(headers["content-security-policy"])
                #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["access-control-allow-origin"] == nil)
            }
        }
    }
}

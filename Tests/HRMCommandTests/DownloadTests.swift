import Foundation
import Testing
import _HRMTestSupport

/// `--download` from a hub on 127.0.0.1.
@Suite struct DownloadTests {
    typealias Reply = LoopbackServer.Reply

    private static let commit = String(repeating: "0123456789", count: 4)
    private static let csv =
        "source,question,answer,rating\na,1...3..2.1..4..1,1234341221434321,0\n"
    /// The checksums of ``csv``, by sha256sum and by git hash-object.
    private static let sha256 = "2566a601602650ad4f1974289fc3bc99a9b661e53362a3ced74e4d827d9c538b"
    private static let gitName = "a4d097bf3456c6455c5fb25652f1b0444fd89655"

    private static let mazes = "source,question,answer,rating\na,S #  ## G,S #oo##oG,5\n"
    /// The checksum of ``mazes``.
    private static let mazesSHA256 =
        "96311cb5dd27d682fc2ce68ed5a9fbb2919aed6a570d8613dc50986328a020f7"
    private static let mazesGitName = "d068e1d40ac3bcfc675e45169156836a16ab79d4"

    /// Returns a published data set with one puzzle: the training file in a store, the test file in
    /// git.
    private static func hub(
        of name: String = "sudoku-extreme", _ text: String = csv, sha256: String = sha256,
        gitName: String = gitName,
        _ change: @escaping @Sendable (LoopbackServer.Request, Reply) -> Reply = { $1 }
    ) throws -> LoopbackServer {
        try LoopbackServer { request in
            let page = "/datasets/sapientinc/\(name)/resolve/main/"
            let body = Array(text.utf8)
            let reply =
                switch request.path {
                case page + "train.csv":
                    Reply(
                        302,
                        headers: [
                            "X-Repo-Commit": commit, "X-Linked-Etag": "\"\(sha256)\"",
                            "X-Linked-Size": "\(body.count)", "Location": "/store",
                        ])
                case page + "test.csv":
                    Reply(
                        headers: ["X-Repo-Commit": commit, "ETag": "\"\(gitName)\""], body: body)
                case "/store": Reply(body: body)
                default: Reply(404)
                }
            return change(request, reply)
        }
    }

    private func prepare(
        _ bench: Workbench, _ address: String, to output: String, token: String = "",
        task: String = "sudoku", _ more: String...
    ) throws -> Program.Result {
        try Program.run(
            ["prepare", task, "--download", "--output", output] + more,
            environment: [
                "HF_ENDPOINT": address, "HF_HOME": bench.url("cache").path, "HF_TOKEN": token,
                "HF_HUB_CACHE": "", "HF_HUB_OFFLINE": "",
            ], in: bench.folder)
    }

    @Test func filesBecomeADataSet() throws {
        try Workbench.use { bench in
            let hub = try Self.hub()
            defer { hub.stop() }
            let first = try prepare(bench, hub.address, to: "data", token: "hf_x")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("data: 1 training puzzle of 4×4"))
            #expect(first.errors.contains("sapientinc/sudoku-extreme/train.csv"))
            #expect(first.errors.contains("100 %"))
            #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_x" })
            #expect(hub.requests.count == 5)
            let repository = "cache/hub/datasets--sapientinc--sudoku-extreme"
            let files = try bench.listing()
            #expect(files.contains("\(repository)/snapshots/\(Self.commit)/train.csv"))
            #expect(files.contains("\(repository)/blobs/\(Self.sha256)"))
            #expect(files.contains("\(repository)/blobs/\(Self.gitName)"))

            let second = try prepare(bench, hub.address, to: "again")
            #expect(second.status == 0, "\(second.errors)")
            #expect(hub.requests.dropFirst(5).map(\.method) == ["HEAD", "HEAD"])
            #expect(
                try bench.bytes("again/train/all__inputs.npy")
                    == bench.bytes("data/train/all__inputs.npy"))
            let inspected = try bench.hrm("inspect", "data")
            #expect(inspected.status == 0, "\(inspected.output)")
        }
    }

    @Test func mazesBecomeADataSet() throws {
        try Workbench.use { bench in
            let hub = try Self.hub(
                of: "maze-30x30-hard-1k", Self.mazes, sha256: Self.mazesSHA256,
                gitName: Self.mazesGitName)
            defer { hub.stop() }
            let first = try prepare(
                bench, hub.address, to: "data", token: "hf_x", task: "maze", "--augment")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("data: 1 training maze of 3×3, 8 examples"))
            #expect(first.errors.contains("sapientinc/maze-30x30-hard-1k/test.csv"))
            #expect(!first.errors.contains("hf_x"))
            #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_x" })
            let inspected = try bench.hrm("inspect", "data")
            #expect(inspected.status == 0, "\(inspected.output)")

            let mixed = try prepare(bench, hub.address, to: "other", task: "maze", "--size", "5")
            #expect(mixed.status == 2, "\(mixed.errors)")
        }
    }

    @Test func tokensOfALogin() throws {
        try Workbench.use { bench in
            let hub = try Self.hub()
            defer { hub.stop() }
            try FileManager.default.createDirectory(
                at: bench.url("cache"), withIntermediateDirectories: true)
            try bench.write("hf_login\n", to: "cache/token")
            let result = try prepare(bench, hub.address, to: "data")
            #expect(result.status == 0, "\(result.errors)")
            #expect(!(result.errors + result.output).contains("hf_login"))
            #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_login" })
        }
    }

    @Test func brokenConnectionsAreContinued() throws {
        try Workbench.use { bench in
            let hub = try Self.hub { request, reply in
                guard request.method == "GET", reply.status == 200 else { return reply }
                guard request.headers["range"] == "bytes=30-" else {
                    return Reply(headers: reply.headers, body: reply.body, cut: 30)
                }
                return Reply(
                    206, headers: ["Content-Range": "bytes 30-67/68"],
                    body: Array(reply.body[30...]))
            }
            defer { hub.stop() }
            let result = try prepare(bench, hub.address, to: "data")
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test(arguments: [
        (404, "does not exist"), (401, "set HF_TOKEN"), (403, "accept the terms"),
    ])
    func refusals(status: Int, words: String) throws {
        try Workbench.use { bench in
            let hub = try Self.hub { _, _ in Reply(status) }
            defer { hub.stop() }
            let result = try prepare(bench, hub.address, to: "data")
            #expect(result.status == 1)
            #expect(result.output.isEmpty)
            let last = result.errors.split(separator: "\n").last ?? ""
            #expect(last.hasPrefix("Error: ") && last.contains(words), "\(result.errors)")
            #expect(try bench.listing().isEmpty)
        }
    }

    @Test func nobodyThere() throws {
        try Workbench.use { bench in
            // Port 1 is reserved for a service that is never running.
            let result = try prepare(bench, "http://127.0.0.1:1", to: "data")
            #expect(result.status == 1)
            #expect(result.errors.contains("http://127.0.0.1:1 cannot be reached"))
            #expect(try bench.listing().isEmpty)
        }
    }

    @Test func damagedFilesAreNotUsed() throws {
        try Workbench.use { bench in
            let hub = try Self.hub { request, reply in
                var reply = reply
                if request.method == "GET", reply.status == 200 { reply.body[40] ^= 1 }
                return reply
            }
            defer { hub.stop() }
            let result = try prepare(bench, hub.address, to: "data")
            #expect(result.status == 1)
            #expect(result.errors.contains("has arrived damaged"))
            #expect(try !bench.listing().contains { $0.hasPrefix("data") || $0.contains("blobs/") })
        }
    }

    @Test func oneSourceAtATime() throws {
        try Workbench.use { bench in
            for more in [["--train", "a.csv"], ["--generate", "4"], ["--size", "4"]] {
                let result = try Program.run(
                    ["prepare", "sudoku", "--download", "--output", "data"] + more,
                    in: bench.folder)
                #expect(result.status == 2, "\(more)")
            }
        }
    }
}

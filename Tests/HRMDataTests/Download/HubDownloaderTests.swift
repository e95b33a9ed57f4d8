import Foundation
import HRMData
import Synchronization
import Testing
import _HRMTestSupport

/// All requests go to 127.0.0.1.
@Suite struct HubDownloaderTests {
    typealias Reply = LoopbackServer.Reply

    static let repository = "datasets--someone--numbers"
    static let snapshot = "\(repository)/snapshots/\(HubStub.commit)/train.csv"

    /// Returns the files of the cache, including links and hidden ones, but not locks.
    private func listing(_ cache: URL) throws -> [String] {
        guard FileManager.default.fileExists(atPath: cache.path) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: cache.appendingPathComponent($0).path, isDirectory: &isFolder)
            return exists && !isFolder.boolValue && !$0.hasPrefix(".locks")
        }.sorted()
    }

    private func expectError(
        _ expected: String..., sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> URL
    ) {
        do {
            let url = try body()
            Issue.record("no error, but \(url.path)", sourceLocation: sourceLocation)
        } catch {
            for word in expected {
                #expect(
                    "\(error)".contains(word), "\(error) lacks \(word)",
                    sourceLocation: sourceLocation)
            }
            #expect(error is DownloadError, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [true, false])
    func layoutIsThatOfTheHub(isLarge: Bool) throws {
        try withScratchFolder { cache in
            let hub = try HubStub(isLarge: isLarge)
            let url = try hub.fetch(cache: cache)
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
            let blob = isLarge ? HubStub.sha256 : HubStub.gitName
            #expect(
                try listing(cache) == [
                    "\(Self.repository)/blobs/\(blob)", "\(Self.repository)/refs/main",
                    Self.snapshot,
                ])
            let link = cache.appendingPathComponent(Self.snapshot).path
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: link)
                    == "../../blobs/\(blob)")
            let reference = cache.appendingPathComponent("\(Self.repository)/refs/main")
            #expect(try String(contentsOf: reference, encoding: .utf8) == HubStub.commit)
            let page = "/datasets/someone/numbers/resolve/main/train.csv"
            let store = isLarge ? ["GET /store/numbers?signature=secret"] : []
            #expect(hub.log == ["HEAD \(page)", "GET \(page)"] + store)
            #expect(hub.requests.allSatisfy { $0.headers["accept-encoding"] == "identity" })
        }
    }

    @Test func cachedFilesAreNotFetchedAgain() throws {
        try withScratchFolder { cache in
            let hub = try HubStub()
            let first = try hub.fetch(cache: cache)
            let second = try hub.fetch(cache: cache)
            #expect(first == second)
            #expect(hub.requests.map(\.method) == ["HEAD", "GET", "HEAD"])
            #expect(try hub.fetch(cache: cache, isOffline: true) == first)
            #expect(hub.requests.count == 3)
        }
    }

    /// On file systems without links, `huggingface_hub` stores a plain file in the snapshot.
    @Test func filesOfOtherProgramsAreFound() throws {
        try withScratchFolder { cache in
            let url = cache.appendingPathComponent(Self.snapshot)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(HubStub.body).write(to: url)
            let hub = try HubStub()
            #expect(try hub.fetch(cache: cache).path == url.path)
            #expect(hub.requests.map(\.method) == ["HEAD"])
        }
    }

    @Test func blobOfAnotherCommitIsLinked() throws {
        try withScratchFolder { cache in
            let blob = cache.appendingPathComponent("\(Self.repository)/blobs/\(HubStub.gitName)")
            try FileManager.default.createDirectory(
                at: blob.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(HubStub.body).write(to: blob)
            let hub = try HubStub()
            let url = try hub.fetch(cache: cache)
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
            #expect(hub.requests.map(\.method) == ["HEAD"])
        }
    }

    @Test(arguments: [true, false])
    func brokenOffFilesAreContinued(isLarge: Bool) throws {
        try withScratchFolder { cache in
            let bodies = Mutex(0)
            let hub = try HubStub(isLarge: isLarge) { _, request, reply in
                guard request.method == "GET", reply.status != 302 else { return reply }
                let isFirst = bodies.withLock { count in
                    defer { count += 1 }
                    return count == 0
                }
                var reply = reply
                reply.cut = isFirst ? 4321 : nil
                return reply
            }
            let reports = Mutex<[Int]>([])
            let url = try hub.downloader(cache: cache).file(
                "train.csv", of: HubDataset(HubStub.dataset)
            ) { progress in
                #expect(progress.total == HubStub.body.count)
                reports.withLock { $0.append(progress.received) }
            }
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
            #expect(hub.requests.compactMap { $0.headers["range"] }.last == "bytes=4321-")
            let received = reports.withLock { $0 }
            #expect(received == received.sorted())
            #expect(received.last == HubStub.body.count && received.contains(4321))
        }
    }

    @Test func laterRunsContinue() throws {
        try withScratchFolder { cache in
            let cutting = try HubStub { _, request, reply in
                var reply = reply
                reply.cut = 1000
                return reply
            }
            expectError("broke off after 3000 of 10000 bytes", "3 times") {
                try cutting.fetch(cache: cache)
            }
            let incomplete = "\(Self.repository)/blobs/\(HubStub.gitName).incomplete"
            #expect(try listing(cache) == [incomplete])
            let hub = try HubStub()
            let url = try hub.fetch(cache: cache)
            #expect(hub.requests.last?.headers["range"] == "bytes=3000-")
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
            #expect(try !listing(cache).contains(incomplete))
        }
    }

    @Test func serversThatIgnoreRangesAreEndured() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { index, request, reply in
                guard request.method == "GET" else { return reply }
                return Reply(
                    headers: reply.headers, body: HubStub.body, cut: index == 1 ? 5000 : nil)
            }
            let url = try hub.fetch(cache: cache)
            #expect(hub.requests.last?.headers["range"] == "bytes=5000-")
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
        }
    }

    @Test(arguments: [416, 206])
    func wrongPartsAreFetchedAnew(status: Int) throws {
        try withScratchFolder { cache in
            let hub = try HubStub { index, request, reply in
                switch index {
                case 1:
                    return Reply(headers: reply.headers, body: HubStub.body, cut: 5000)
                case 2:
                    let headers = ["Content-Range": "bytes 4000-9999/10000"]
                    return Reply(status, headers: headers, body: Array(HubStub.body[4000...]))
                default: return reply
                }
            }
            let url = try hub.fetch(cache: cache)
            #expect(hub.requests.count == 4)
            #expect(hub.requests.last?.headers["range"] == nil)
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
        }
    }

    @Test func staleBytesAreThrownAway() throws {
        try withScratchFolder { cache in
            let blobs = cache.appendingPathComponent("\(Self.repository)/blobs")
            try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
            let incomplete = blobs.appendingPathComponent("\(HubStub.gitName).incomplete")
            for stale in [HubStub.body.prefix(100).map { ~$0 }, HubStub.body + [1]] {
                try Data(stale).write(to: incomplete)
                let hub = try HubStub()
                let url = try hub.fetch(cache: cache)
                #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
                #expect(hub.requests.last?.headers["range"] == nil)
                try FileManager.default.removeItem(
                    at: cache.appendingPathComponent(Self.repository))
                try FileManager.default.createDirectory(
                    at: blobs, withIntermediateDirectories: true)
            }
        }
    }

    @Test func wrongBytesAreRefused() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, request, reply in
                var reply = reply
                if request.method == "GET" { reply.body[7] ^= 1 }
                return reply
            }
            expectError("checksum", HubStub.gitName, "nothing was kept") {
                try hub.fetch(cache: cache)
            }
            #expect(try listing(cache).isEmpty)
            #expect(hub.requests.count == 2)
        }
    }

    @Test func endlessBodiesAreCut() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, request, reply in
                var reply = reply
                if request.method == "GET" { reply.body += HubStub.body }
                return reply
            }
            expectError("more than the 10000 bytes") { try hub.fetch(cache: cache) }
            #expect(try listing(cache).isEmpty)
        }
    }

    @Test func serversInTroubleAreAskedAgain() throws {
        try withScratchFolder { cache in
            let pauses = Mutex<[Double]>([])
            let hub = try HubStub { index, _, reply in
                [0, 1, 3].contains(index) ? Reply(index == 1 ? 429 : 503) : reply
            }
            let settings = try HubSettings(endpoint: hub.address, cache: cache)
            let downloader = HubDownloader(settings: settings) { seconds in
                pauses.withLock { $0.append(seconds) }
            }
            _ = try downloader.file("train.csv", of: HubDataset(HubStub.dataset))
            #expect(hub.requests.map(\.method) == ["HEAD", "HEAD", "HEAD", "GET", "GET"])
            #expect(pauses.withLock { $0 } == [1, 2, 1])
        }
    }

    @Test func attemptsAreBounded() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, _, _ in Reply(503) }
            expectError("status 503 4 times") { try hub.fetch(cache: cache, attempts: 4) }
            #expect(hub.requests.count == 4)
            let broken = try HubStub { _, request, reply in
                request.method == "GET" ? Reply(500) : reply
            }
            expectError("status 500 2 times") { try broken.fetch(cache: cache, attempts: 2) }
            #expect(broken.requests.count == 3)
        }
    }

    @Test func refusalsAreFinal() throws {
        try withScratchFolder { cache in
            for (status, token, words) in [
                (401, nil, ["status 401", "set HF_TOKEN"]),
                (401, "hf_x", ["the token is not accepted"]),
                (403, "hf_x", ["status 403", "accept the terms"]),
                (404, nil, ["does not exist", "train.csv"]), (400, nil, ["status 400 once"]),
            ] as [(Int, String?, [String])] {
                let hub = try HubStub { _, _, _ in Reply(status) }
                for word in words {
                    expectError(word) { try hub.fetch(cache: cache, token: token) }
                }
                #expect(hub.requests.count == words.count)
                #expect(try listing(cache).isEmpty)
            }
        }
    }

    @Test func answersThatAreNotAHubsAreRefused() throws {
        try withScratchFolder { cache in
            for (header, value, word) in [
                ("X-Repo-Commit", "../../../etc", "X-Repo-Commit"),
                ("X-Repo-Commit", String(repeating: "g", count: 40), "X-Repo-Commit"),
                ("ETag", "\"../../../../evil\"", "ETag"), ("ETag", "", "ETag"),
                ("ETag", "\"abc\"", "ETag"), ("X-Linked-Size", "-1", "size"),
                ("X-Linked-Size", "99999999999999999999", "size"),
            ] {
                let hub = try HubStub { _, _, reply in
                    var reply = reply
                    reply.headers[header] = value
                    return reply
                }
                expectError("not answered as a hub does", word) { try hub.fetch(cache: cache) }
                #expect(try listing(cache).isEmpty)
            }
        }
    }

    @Test func nobodyThere() throws {
        try withScratchFolder { cache in
            // Port 1 is reserved for a service that is never running.
            let address = "http://127.0.0.1:1"
            let settings = try HubSettings(endpoint: address, cache: cache)
            let downloader = HubDownloader(settings: settings, pause: { _ in })
            let dataset = try HubDataset(HubStub.dataset)
            expectError("\(address) cannot be reached", "HF_ENDPOINT") {
                try downloader.file("train.csv", of: dataset)
            }
            #expect(try listing(cache).isEmpty)
            let hub = try HubStub()
            let url = try hub.fetch(cache: cache)
            #expect(try downloader.file("train.csv", of: dataset) == url)
        }
    }

    @Test func silentServersAreNotWaitedFor() throws {
        try withScratchFolder { cache in
            let dataset = try HubDataset(HubStub.dataset)
            func fetch(_ hub: HubStub) throws -> URL {
                var settings = try HubSettings(endpoint: hub.address, cache: cache)
                settings.timeout = 1
                return try HubDownloader(settings: settings, attempts: 1, pause: { _ in })
                    .file("train.csv", of: dataset)
            }
            let mute = try HubStub { _, _, _ in Reply(0, silence: 3) }
            expectError("cannot be reached") { try fetch(mute) }
            let tired = try HubStub { _, request, reply in
                var reply = reply
                if request.method == "GET" { (reply.cut, reply.silence) = (1000, 3) }
                return reply
            }
            expectError("broke off after 1000 of 10000 bytes, once") { try fetch(tired) }
        }
    }

    @Test func offlineMeansNoRequest() throws {
        try withScratchFolder { cache in
            let hub = try HubStub()
            expectError("HF_HUB_OFFLINE", "someone/numbers/train.csv", cache.path) {
                try hub.fetch(cache: cache, isOffline: true)
            }
            #expect(hub.requests.isEmpty)
        }
    }

    @Test func theTokenStaysWithTheHub() throws {
        try withScratchFolder { cache in
            let store = try HubStub()
            let hub = try HubStub(isLarge: true, store: store.address)
            _ = try hub.fetch(cache: cache, token: "hf_secret")
            #expect(hub.requests.count == 2)
            #expect(hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
            #expect(store.log == ["GET /store/numbers?signature=secret"])
            #expect(store.requests.allSatisfy { $0.headers["authorization"] == nil })
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"])
    func redirectsLeadToTheWebOnly(location: String) throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, _, reply in
                Reply(302, headers: ["Location": location])
            }
            expectError("redirects to no address") { try hub.fetch(cache: cache) }
            #expect(try listing(cache).isEmpty)
        }
    }

    @Test(arguments: [nil, ""])
    func redirectsWithoutAddressEnd(location: String?) throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, _, reply in
                Reply(302, headers: location.map { ["Location": $0] } ?? [:])
            }
            expectError(hub.address) { try hub.fetch(cache: cache) }
            #expect(try listing(cache).isEmpty)
        }
    }

    @Test func circlesEnd() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, request, _ in
                Reply(307, headers: ["Location": request.path])
            }
            expectError("more than 5 redirects") { try hub.fetch(cache: cache) }
            #expect(hub.requests.count == 6)
        }
    }

    @Test func renamedRepositoriesAreFollowed() throws {
        try withScratchFolder { cache in
            let hub = try HubStub { _, request, reply in
                request.path.contains("/old/")
                    ? Reply(
                        307,
                        headers: [
                            "Location": request.path.replacingOccurrences(of: "/old/", with: "/")
                        ]) : reply
            }
            var settings = try HubSettings(endpoint: hub.address, cache: cache)
            settings.endpoint = settings.endpoint.appendingPathComponent("old")
            let url = try HubDownloader(settings: settings).file(
                "train.csv", of: HubDataset(HubStub.dataset))
            #expect(try bytes(of: url.resolvingSymlinksInPath()) == HubStub.body)
        }
    }

    @Test func oneProgramAtATime() throws {
        try withScratchFolder { cache in
            let locks = cache.appendingPathComponent(".locks/\(Self.repository)")
            try FileManager.default.createDirectory(at: locks, withIntermediateDirectories: true)
            let lock = locks.appendingPathComponent("\(HubStub.gitName).lock")
            let descriptor = open(lock.path, O_RDWR | O_CREAT, 0o644)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            let hub = try HubStub()
            expectError("another program", lock.path) { try hub.fetch(cache: cache) }
            close(descriptor)
            _ = try hub.fetch(cache: cache)
        }
    }

    @Test func cachesThatCannotBeWritten() throws {
        try withScratchFolder { folder in
            let file = folder.appendingPathComponent("file")
            try write("", to: file)
            let hub = try HubStub()
            expectError("HF_HOME", file.path) {
                try hub.fetch(cache: file.appendingPathComponent("hub"))
            }
        }
    }
}

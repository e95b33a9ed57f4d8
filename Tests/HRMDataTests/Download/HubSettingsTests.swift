import Foundation
import HRMData
import Testing

@Suite struct HubSettingsTests {
    @Test func theEnvironmentDecides() throws {
        let home = NSHomeDirectory()
        let plain = try HubSettings(environment: [:])
        #expect(plain.endpoint.absoluteString == "https://huggingface.co")
        #expect(plain.cache.path == "\(home)/.cache/huggingface/hub")
        #expect(plain.token == nil && !plain.isOffline)

        let chosen = try HubSettings(environment: [
            "HF_ENDPOINT": "http://127.0.0.1:8080/mirror/", "HF_TOKEN": " hf_x\n", "HF_HOME": "/h",
            "HF_HUB_OFFLINE": "1",
        ])
        #expect(chosen.endpoint.absoluteString == "http://127.0.0.1:8080/mirror")
        #expect(chosen.cache.path == "/h/hub")
        #expect(chosen.token == "hf_x" && chosen.isOffline)

        func cache(_ environment: [String: String]) throws -> String {
            try HubSettings(environment: environment).cache.path
        }
        #expect(try cache(["HF_HOME": "/h", "HF_HUB_CACHE": "/c"]) == "/c")
        #expect(try cache(["XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
        #expect(try cache(["HF_HOME": "~/h"]) == "\(home)/h/hub")
        #expect(try cache(["HF_HOME": ""]) == "\(home)/.cache/huggingface/hub")
    }

    @Test(arguments: [
        "huggingface.co", "ftp://x", "https://", "http://x/?a=b", "http://u:p@x", "\u{1}",
    ])
    func strangeEndpointsAreRefused(endpoint: String) {
        #expect {
            try HubSettings(environment: ["HF_ENDPOINT": endpoint])
        } throws: { "\($0)".contains("HF_ENDPOINT") }
    }

    @Test func tokensCannotAddHeaders() {
        #expect {
            try HubSettings(environment: ["HF_TOKEN": "secret\r\nX-Evil: 1"])
        } throws: { "\($0)".contains("HF_TOKEN") && !"\($0)".contains("secret") }
    }

    @Test(arguments: [
        "", "a", "a/b/c", "/b", "a/", "../b", "a/..", "a/.b", "a--b/c", "a/b c", "a/b?c", "a\\b/c",
        "ä/b",
    ])
    func strangeRepositoriesAreRefused(id: String) {
        #expect(throws: DownloadError.invalidName(id)) { try HubDataset(id) }
    }

    @Test(arguments: [
        "", "..", "../x", "a/../b", "/etc/passwd", "a//b", ".hidden", "a/", "a\\b", "a\nb",
    ])
    func filesCannotLeaveTheirFolder(path: String) throws {
        try withScratchFolder { folder in
            let settings = try HubSettings(
                endpoint: "http://127.0.0.1:1", cache: folder, isOffline: true)
            let downloader = HubDownloader(settings: settings)
            #expect(throws: DownloadError.invalidName(path)) {
                try downloader.file(path, of: .sudokuExtreme)
            }
            #expect(try names(in: folder).isEmpty)
        }
    }

    @Test func publishedDataSets() throws {
        #expect(try HubDataset("sapientinc/sudoku-extreme") == .sudokuExtreme)
        #expect(try HubDataset("sapientinc/maze-30x30-hard-1k") == .mazeHard)
        #expect(HubDataset.mazeHard.id == "sapientinc/maze-30x30-hard-1k")
    }
}

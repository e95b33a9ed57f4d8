import Foundation
import HRMData
import Testing
import _HRMTestSupport

@Suite struct HubSettingsTests {
    @Test func theEnvironmentDecides() throws {
        let home = NSHomeDirectory()
        // A token from a login in the home folder must not affect this test.
        let plain = try HubSettings(environment: ["HF_TOKEN_PATH": "/none"])
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
            try HubSettings(environment: environment.merging(["HF_TOKEN_PATH": "/none"]) { $1 })
                .cache.path
        }
        #expect(try cache(["HF_HOME": "/h", "HF_HUB_CACHE": "/c"]) == "/c")
        #expect(try cache(["XDG_CACHE_HOME": "/x"]) == "/x/huggingface/hub")
        #expect(try cache(["HF_HOME": "~/h"]) == "\(home)/h/hub")
        #expect(try cache(["HF_HOME": ""]) == "\(home)/.cache/huggingface/hub")
    }

    /// The cache and the flag that `huggingface_hub` 2.4 derives from each environment, with
    /// HOME=/home/me.
    @Test(
        arguments: [
            ([:], "/home/me/.cache/huggingface/hub", false),
            (["HF_HOME": "~/y"], "/home/me/y/hub", false),
            (["HF_HOME": "$FOO/z", "FOO": "/foo"], "/foo/z/hub", false),
            (["HF_HOME": "${FOO}/z", "FOO": "/foo"], "/foo/z/hub", false),
            (["HUGGINGFACE_HUB_CACHE": "/h"], "/h", false),
            (["HUGGINGFACE_HUB_CACHE": "~/h"], "/home/me/h", false),
            (["HUGGINGFACE_HUB_CACHE": "$FOO/h", "FOO": "/foo"], "/foo/h", false),
            (["HF_HUB_CACHE": "/a", "HUGGINGFACE_HUB_CACHE": "/b"], "/a", false),
            (["HF_HOME": "/x", "HUGGINGFACE_HUB_CACHE": "/b"], "/b", false),
            (["HF_HUB_CACHE": "/ a /b"], "/ a /b", false),
            (["XDG_CACHE_HOME": "/c"], "/c/huggingface/hub", false),
            (["XDG_CACHE_HOME": "~/c"], "/home/me/c/huggingface/hub", false),
            (["XDG_CACHE_HOME": "$FOO", "FOO": "/foo"], "/foo/huggingface/hub", false),
            (["HF_HUB_CACHE": "/q$FOO$FOO/${FOO}x$FOOx", "FOO": "/f"], "/q/f/f//fx$FOOx", false),
            (["HF_HUB_CACHE": "/$$FOO", "FOO": "f"], "/$f", false),
            (["HF_HUB_CACHE": "/${FOO", "FOO": "f"], "/${FOO", false),
            (["HF_HUB_CACHE": "/$1/$-x", "1": "one"], "/one/$-x", false),
            (["HF_HUB_CACHE": "/${FO O}", "FO O": "f"], "/f", false),
            (["HF_HUB_CACHE": "/$É/x", "É": "e"], "/$É/x", false),
            (["HF_HUB_CACHE": "$FOO/b", "FOO": "/$BAR", "BAR": "bar"], "/$BAR/b", false),
            (["HF_HUB_CACHE": "/a~/b"], "/a~/b", false),
            (["TRANSFORMERS_OFFLINE": "1"], "/home/me/.cache/huggingface/hub", true),
            (["TRANSFORMERS_OFFLINE": "yes"], "/home/me/.cache/huggingface/hub", true),
            (["TRANSFORMERS_OFFLINE": "TRUE"], "/home/me/.cache/huggingface/hub", true),
            (["HF_HUB_OFFLINE": "on"], "/home/me/.cache/huggingface/hub", true),
            (
                ["HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "1"],
                "/home/me/.cache/huggingface/hub",
                true
            ),
            (
                ["HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "1"],
                "/home/me/.cache/huggingface/hub",
                false
            ),
            (["HF_HUB_OFFLINE": " 1 "], "/home/me/.cache/huggingface/hub", false),
            (["HF_HUB_OFFLINE": "y"], "/home/me/.cache/huggingface/hub", false),
        ] as [([String: String], String, Bool)])
    func theLibrarysVariables(
        _ environment: [String: String], _ cache: String, _ isOffline: Bool
    ) throws {
        let settings = try HubSettings(
            environment: environment.merging(["HOME": "/home/me", "HF_TOKEN": "t"]) { first, _ in
                first
            })
        // The path of a URL has no double slashes.
        let standard = cache.replacingOccurrences(of: "//", with: "/")
        #expect(settings.cache.path.replacingOccurrences(of: "//", with: "/") == standard)
        #expect(settings.isOffline == isOffline)
    }

    @Test func theLibrarysTokens() throws {
        func token(_ environment: [String: String]) throws -> String? {
            try HubSettings(environment: environment.merging(["HF_TOKEN_PATH": "/none"]) { $1 })
                .token
        }
        #expect(try token(["HUGGING_FACE_HUB_TOKEN": "old"]) == "old")
        #expect(try token(["HF_TOKEN": "new", "HUGGING_FACE_HUB_TOKEN": "old"]) == "new")
        #expect(try token(["HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": "old"]) == "old")
        #expect(try token(["HF_TOKEN": "new", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"]) == nil)
        try withScratchFolder { folder in
            try write("hf_y", to: folder.appendingPathComponent("token"))
            let path = "$FOLDER/token"
            let settings = try HubSettings(environment: [
                "HF_TOKEN_PATH": path, "FOLDER": folder.path,
            ])
            #expect(settings.token == "hf_y")
        }
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

    /// The Python library stores the token there at login.
    @Test func tokensFromFiles() throws {
        try withScratchFolder { folder in
            func token(_ more: [String: String] = [:]) throws -> String? {
                let home = ["HF_HOME": folder.path]
                return try HubSettings(environment: home.merging(more) { $1 }).token
            }
            #expect(try token() == nil)
            try write("hf_y\n", to: folder.appendingPathComponent("token"))
            #expect(try token() == "hf_y")
            #expect(try token(["HF_TOKEN": " "]) == "hf_y")
            #expect(try token(["HF_TOKEN": "hf_x"]) == "hf_x")
            #expect(try token(["HF_HUB_OFFLINE": "1"]) == nil)
            let other = folder.appendingPathComponent("other")
            try write(" \n", to: other)
            #expect(try token(["HF_TOKEN_PATH": other.path]) == nil)

            for bad in ["secret\r\nX-Evil: 1", String(repeating: "secret", count: 1 << 16), "ä"] {
                try write(bad, to: other)
                #expect {
                    try token(["HF_TOKEN_PATH": other.path])
                } throws: { error in
                    let text = "\(error)"
                    return text.contains(other.path) && !text.contains("secret")
                }
            }
            #expect(throws: DownloadError.self) { try token(["HF_TOKEN_PATH": folder.path]) }
        }
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

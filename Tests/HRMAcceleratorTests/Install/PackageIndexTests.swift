import Foundation
import HRMData
import Testing
import _HRMTestSupport

@testable import HRMAccelerator

/// Names, versions, platforms, settings and pages of a package index.
@Suite struct PackageIndexTests {
    @Test func versionsAreOrdered() throws {
        let ordered = [
            "0.9", "1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.9",
            "1.10",
            "2026.6.23", "1!0.1",
        ]
        let versions = try ordered.map { try #require(PackageVersion($0)) }
        for (first, second) in zip(versions, versions.dropFirst()) { #expect(first < second) }
        #expect(PackageVersion("1.0") == PackageVersion("1.0.0"))
        #expect(PackageVersion("0.0.0.dev0")?.isPreRelease == true)
        #expect(PackageVersion("0.9.2b1")?.isPreRelease == true)
        #expect(PackageVersion("0.9.2.post1")?.isPreRelease == false)
        for text in ["", "x", "1..2", "1.0-", "../1"] { #expect(PackageVersion(text) == nil) }
    }

    @Test func platforms() {
        let linux = PlatformTags(system: "linux", machine: "x86_64", major: 2, minor: 28)
        for tag in [
            "manylinux_2_28_x86_64", "manylinux_2_5_x86_64", "manylinux2014_x86_64", "linux_x86_64",
        ] { #expect(linux.accepts(tag), "\(tag)") }
        for tag in [
            "manylinux_2_29_x86_64", "manylinux_2_27_aarch64", "manylinux_3_0_x86_64", "any",
            "musllinux_1_2_x86_64", "macosx_11_0_x86_64", "win_amd64", "", "manylinux_x_y_x86_64",
        ] { #expect(!linux.accepts(tag), "\(tag)") }
        let mac = PlatformTags(system: "macosx", machine: "arm64", major: 15, minor: 1)
        #expect(mac.accepts("macosx_11_0_arm64") && mac.accepts("macosx_15_0_universal2"))
        #expect(!mac.accepts("macosx_15_2_arm64") && !mac.accepts("manylinux_2_17_aarch64"))
    }

    @Test func settingsOfPip() throws {
        let error = #expect(throws: InstallError.self) {
            try IndexSettings(environment: ["HOME": "/nowhere"], systemFile: "/nowhere/pip.conf")
        }
        #expect(error?.description.contains("PIP_INDEX_URL is not set") == true)
        let named = try IndexSettings(environment: [
            "PIP_INDEX_URL": "https://user:secret@example.org/simple/"
        ])
        #expect(named.url.absoluteString == "https://example.org/simple")
        #expect(named.authorization == "Basic dXNlcjpzZWNyZXQ=")
        #expect(throws: InstallError.self) { try IndexSettings(environment: ["PIP_NO_INDEX": "1"]) }
        for text in ["ftp://a/b", "file:///etc", "nothing", ""] {
            #expect(throws: InstallError.self) { try IndexSettings(text) }
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("pip-\(UUID().uuidString).conf")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("# a\n[global]\nindex-url = https://a.example/simple\n[install]\nx = y\n".utf8)
            .write(to: file)
        let configured = try IndexSettings(environment: ["PIP_CONFIG_FILE": file.path])
        #expect(configured.url.absoluteString == "https://a.example/simple")
        let system = try IndexSettings(environment: [:], systemFile: file.path)
        #expect(system == configured)
    }

    private static let digest = String(repeating: "0a", count: 32)
    private static let page = URL(string: "https://example.org/simple/xla-cpu-pjrt/")

    private func files(_ text: String, isJSON: Bool) throws -> [IndexFile] {
        try IndexPage.files(Array(text.utf8), isJSON: isJSON, url: #require(Self.page))
    }

    @Test func pagesInBothForms() throws {
        let json = """
            {"meta": {"api-version": "1.1"}, "name": "xla-cpu-pjrt", "files": [
              {"filename": "a-1-py3-none-any.whl", "url": "https://f.example/a.whl", "size": 7,
               "hashes": {"sha256": "\(Self.digest)"}, "yanked": false},
              {"filename": "b.whl", "url": "../../b.whl", "hashes": {}, "yanked": "broken"}]}
            """
        let html = """
            <!DOCTYPE html><html><body>
            <a href="https://f.example/a.whl#sha256=\(Self.digest)">a</a><br/>
            <A data-yanked="broken" HREF='../../b.whl?x=1&amp;y=2#md5=0'>b</A>
            </body></html>
            """
        let first = try files(json, isJSON: true)
        #expect(first.map(\.sha256) == [Self.digest, nil])
        #expect(first.map(\.isYanked) == [false, true])
        #expect(first.map(\.byteCount) == [7, nil])
        #expect(first[1].url.absoluteString == "https://example.org/b.whl")
        let second = try files(html, isJSON: false)
        #expect(second.map(\.name) == ["a.whl", "b.whl"])
        #expect(second.map(\.sha256) == [Self.digest, nil])
        #expect(second.map(\.isYanked) == [false, true])
        #expect(second[1].url.absoluteString == "https://example.org/b.whl?x=1&y=2")
        #expect(throws: InstallError.self) { try files("{\"files\": 1}", isJSON: true) }
        #expect(throws: InstallError.self) { try files("{", isJSON: true) }
        #expect(try files("<a href=", isJSON: false).isEmpty)
    }

    @Test func twoInstallationsAtOnceAreRefused() throws {
        try withScratchFolder { folder in
            let installer = PluginInstaller(
                settings: try IndexSettings("https://example.org/simple"), folder: folder)
            let name = "libtpu-1-py3-none-any.whl"
            let choice = PluginInstaller.Choice(
                wheel: name, version: "1", byteCount: nil,
                file: IndexFile(
                    name: name, url: try #require(Self.page), sha256: nil, byteCount: nil,
                    isYanked: false))
            let package = try #require(PluginPackage(text: "libtpu"))
            let lock = try FileLock(folder.appendingPathComponent(".lock"))
            #expect(throws: InstallError.busy(path: folder.path)) {
                _ = try installer.install(choice, of: package) { _, _ in }
            }
            _ = consume lock
        }
    }

    @Test func theNewestWheelForThisMachineIsChosen() throws {
        var installer = PluginInstaller(
            settings: try IndexSettings("https://example.org/simple"),
            folder: URL(fileURLWithPath: "/nowhere"))
        installer.platform = PlatformTags(
            system: "linux", machine: "x86_64", major: 2, minor: 27)
        let page = try #require(Self.page)
        let files = [
            "libtpu-0.0.9-py3-none-manylinux_2_27_x86_64.whl",
            "libtpu-0.0.10-py3-none-manylinux_2_27_x86_64.whl",
            "libtpu-0.0.10-py3-none-manylinux_2_27_aarch64.whl",
            "libtpu-0.0.11-py3-none-manylinux_2_31_x86_64.whl",
            "libtpu-0.0.12rc1-py3-none-manylinux_2_27_x86_64.whl",
            "other-9-py3-none-manylinux_2_27_x86_64.whl", "libtpu-1.tar.gz",
        ].map { IndexFile(name: $0, url: page, sha256: nil, byteCount: nil, isYanked: false) }
        func version(_ text: String) throws -> String {
            try installer.choice(of: #require(PluginPackage(text: text)), among: files).version
        }
        #expect(try version("libtpu") == "0.0.10")
        #expect(try version("tpu") == "0.0.10")
        #expect(try version("libtpu==0.0.9") == "0.0.9")
        #expect(try version("libtpu==0.0.12rc1") == "0.0.12rc1")
        #expect(throws: InstallError.self) { try version("libtpu==0.0.11") }
        #expect(throws: InstallError.self) { try version("libtpu==7") }
        #expect(throws: InstallError.self) { try version("missing") }
        for text in ["", "../x", "a b", "a=1", "a==", "a==x"] {
            #expect(PluginPackage(text: text) == nil, "\(text)")
        }
    }
}

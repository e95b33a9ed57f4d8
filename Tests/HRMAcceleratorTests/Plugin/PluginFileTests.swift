import Foundation
import Testing

@testable import HRMAccelerator

/// Files that are no plug-ins, and places where plug-ins are looked for.
@Suite struct PluginFileTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-plugins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func otherFilesAreRefused() throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("a.so")
            #expect(throws: AcceleratorError.self) { try AcceleratorPlugin.load(at: file) }
            #expect(throws: AcceleratorError.self) { try AcceleratorPlugin.load(at: folder) }
            for content in [Data(), Data("no library".utf8), Data(repeating: 0, count: 1000)] {
                try content.write(to: file)
                #expect(throws: AcceleratorError.self) { try AcceleratorPlugin.load(at: file) }
            }
        }
    }

    #if os(Linux)
        /// A library of the system, whole and cut off.
        @Test func librariesThatAreCutOffAreRefused() throws {
            let paths = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"]
            guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) })
            else { return }
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let head = Array(whole.prefix(1 << 16))
            #expect(LibraryFile.elfRefusal(head, byteCount: whole.count) == nil)
            #expect(LibraryFile.elfRefusal(head, byteCount: whole.count / 2) != nil)
            try withFolder { folder in
                let file = folder.appendingPathComponent("libm.so")
                try whole.write(to: file)
                let error = #expect(throws: AcceleratorError.self) {
                    try AcceleratorPlugin.load(at: file)
                }
                #expect("\(error as Any)".contains("GetPjrtApi"))
                // Another file: the first one stays open, and must not be shortened.
                let half = folder.appendingPathComponent("half.so")
                try whole.prefix(whole.count / 2).write(to: half)
                let refusal = #expect(throws: AcceleratorError.self) {
                    try AcceleratorPlugin.load(at: half)
                }
                #expect("\(refusal as Any)".contains("cut off"))
            }
        }
    #endif

    @Test func pluginsAreFoundInTheirPlaces() throws {
        try withFolder { folder in
            func make(_ path: String) throws -> URL {
                let url = folder.appendingPathComponent(path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("x".utf8).write(to: url)
                return url
            }
            let named = try make("named/my_cuda_plugin.so")
            let installed = try make("installed/xla-cpu-pjrt-0.0.1/xla_cpu_pjrt.so")
            _ = try make("installed/xla-cpu-pjrt-0.0.1/METADATA")
            let python = try make(
                "environment/lib/python3.12/site-packages/jax_plugins/xla_rocm7/plugin.so")
            let search = PluginSearch(environment: [
                "HRM_PJRT_PLUGINS": folder.appendingPathComponent("named").path,
                "HRM_PLUGINS": folder.appendingPathComponent("installed").path,
                "VIRTUAL_ENV": folder.appendingPathComponent("environment").path,
            ])
            let found = search.all()
            #expect(
                found.prefix(3).map(\.url.path) == [named.path, installed.path, python.path])
            #expect(found.prefix(3).map(\.platform) == ["cuda", "cpu", "rocm"])
            #expect(try search.plugin(named: "cpu").url.path == installed.path)
            #expect(throws: AcceleratorError.self) { try search.plugin(named: "metal") }
        }
    }
}

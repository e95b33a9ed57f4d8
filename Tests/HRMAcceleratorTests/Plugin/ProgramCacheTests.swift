import Foundation
import HRMAccelerator
import Testing

/// Compiled programs on disk.
@Suite(.needsPlugin, .serialized) struct ProgramCacheTests {
    let client: AcceleratorClient

    init() throws {
        client = try AvailablePlugin.client.get()
    }

    private func withCache(_ body: (ProgramCache) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-programs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(ProgramCache(folder: folder))
    }

    private func files(of cache: ProgramCache) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: cache.folder, includingPropertiesForKeys: nil)
    }

    private func sum(_ program: AcceleratorProgram) throws -> [Float] {
        let values = try client.buffer(
            copying: [Float](repeating: 3, count: 6), type: .float32, shape: [2, 3])
        return try program.run([values, values])[0].read(as: Float.self)
    }

    @Test func storedProgramsRun() throws {
        try withCache { cache in
            let first = try client.program(ProgramText.addition, cache: cache)
            guard client.canStorePrograms, first.origin == .stored else {
                if case .notStored(let reason) = first.origin { #expect(!reason.isEmpty) }
                return
            }
            #expect(try sum(first.program) == [Float](repeating: 6, count: 6))
            let second = try client.program(ProgramText.addition, cache: cache)
            #expect(second.origin == .cached)
            #expect(try sum(second.program) == [Float](repeating: 6, count: 6))
            let other = CompileOptions(overrides: [:])
            #expect(
                try client.program(ProgramText.addition, options: other, cache: cache).origin
                    == .stored)
            #expect(try files(of: cache).count == 2)
        }
    }

    @Test func damagedProgramsAreCompiledAgain() throws {
        try withCache { cache in
            guard try client.program(ProgramText.addition, cache: cache).origin == .stored else {
                return
            }
            let file = try #require(files(of: cache).first)
            let whole = try Data(contentsOf: file)
            var generator = SystemRandomNumberGenerator()
            for round in 0..<40 {
                var bytes = whole
                if round % 4 == 0 {
                    bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator))
                } else {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8(
                        1 << (round % 8))
                }
                try bytes.write(to: file)
                let (program, origin) = try client.program(ProgramText.addition, cache: cache)
                #expect(origin == .stored)
                #expect(try sum(program)[0] == 6)
            }
        }
    }

    @Test func foldersOfOthersAreNotUsed() throws {
        try withCache { cache in
            try FileManager.default.createDirectory(
                at: cache.folder, withIntermediateDirectories: true)
            #expect(chmod(cache.folder.path, 0o777) == 0)
            let origin = try client.program(ProgramText.addition, cache: cache).origin
            guard case .notStored(let reason) = origin else {
                Issue.record("\(origin)")
                return
            }
            #expect(client.canStorePrograms == reason.contains("other users"))
        }
    }

    @Test func theOldestProgramsAreRemoved() throws {
        try withCache { cache in
            var cache = cache
            cache.limit = 1
            for size in 2..<5 {
                let text = ProgramText.addition.replacing("2x3", with: "\(size)x3")
                guard try client.program(text, cache: cache).origin == .stored else { return }
            }
            #expect(try files(of: cache).count == 1)
        }
    }
}

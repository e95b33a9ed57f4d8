import Foundation

/// A folder for one asynchronous test, which removes it at its end.
struct Scratch: Sendable {
    let url: URL

    /// Creates an empty folder.
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Removes the folder.
    func remove() { try? FileManager.default.removeItem(at: url) }

    /// The weights files in the folder, by name.
    var models: [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0.hasSuffix(".safetensors") }.sorted()
            .map { url.appendingPathComponent($0) }
    }
}

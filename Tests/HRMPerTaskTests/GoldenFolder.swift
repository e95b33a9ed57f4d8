import Foundation
import HRMData
import HRMFiles
import Testing

/// A recorded case of the published implementation.
struct GoldenFolder {
    let url: URL

    /// The recorded cases: those of `HRM_ARC_GOLDENS`, or the ones beside these tests.
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["HRM_ARC_GOLDENS"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures", isDirectory: true)
    }()

    /// The names of the cases that begin with a prefix.
    static func names(_ prefix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.sorted()
    }

    init(_ name: String) {
        url = Self.root.appendingPathComponent(name, isDirectory: true)
    }

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(
            type, from: Data(contentsOf: url.appendingPathComponent("case.json")))
    }

    func tensors(_ file: String) throws -> SafetensorsFile {
        try SafetensorsFile(contentsOf: url.appendingPathComponent(file + ".safetensors"))
    }
}

/// Grids of recorded cases are lists of rows.
extension PuzzleGrid {
    init(rows: [[UInt8]]) {
        self.init(
            rows: rows.count, columns: rows.first?.count ?? 0, cells: rows.flatMap { $0 })
    }
}

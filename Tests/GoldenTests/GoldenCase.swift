import Foundation
import HRMFiles
import HRMTraining
import Testing

/// One folder of recorded numbers: `case.json` and tensors beside it.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    /// The folder's name.
    let name: String
    /// Which computation it records; cases of one kind have the same files.
    let kind: String
    /// Where it lies.
    let folder: URL

    var testDescription: String { name }

    /// The content of `case.json`.
    func json<T: Decodable>(_ type: T.Type) throws -> T {
        let data = try Data(contentsOf: folder.appendingPathComponent("case.json"))
        return try JSONDecoder().decode(type, from: data)
    }

    /// True if the case records a model with activations in bfloat16.
    ///
    /// A case that cannot be read counts as one without rounding, so that it fails.
    var isRounded: Bool {
        struct Case: Decodable {
            struct Configuration: Decodable { var forward_dtype: String? }
            struct Difference: Decodable {}
            var config: Configuration?
            var bfloat16_vs_float32: Difference?
        }
        let stored = try? json(Case.self)
        return stored?.bfloat16_vs_float32 != nil || stored?.config?.forward_dtype == "bfloat16"
    }

    /// The tensors of one file.
    func tensors(_ file: String = "tensors.safetensors") throws -> GoldenTensors {
        GoldenTensors(file: try SafetensorsFile(contentsOf: folder.appendingPathComponent(file)))
    }
}

extension GoldenCase {
    /// All cases, by name: those in the folder that `HRM_GOLDENS` names, or the repository's own.
    static let all: [GoldenCase] = {
        let folder = root
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { GoldenCase(folder: folder.appendingPathComponent($0)) }
    }()

    /// Where cases are looked for.
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["HRM_GOLDENS"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return fixtures
    }()

    /// The repository's own cases.
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures", isDirectory: true)

    /// Another case to which one refers: it lies beside it, or is one of the repository's own.
    static func beside(_ golden: GoldenCase, named name: String) throws -> GoldenCase {
        let folders = [golden.folder.deletingLastPathComponent(), fixtures]
        let found = folders.lazy.compactMap { GoldenCase(folder: $0.appendingPathComponent(name)) }
        return try #require(found.first, "\(golden.name) refers to a case \(name)")
    }

    /// The part of `case.json` that all kinds have.
    struct Header: Decodable {
        var kind: String
    }

    /// A case; nil when the folder has no `case.json`.
    ///
    /// One that cannot be read is a case without a kind, so that it fails and is not passed over.
    private init?(folder: URL) {
        let file = folder.appendingPathComponent("case.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let header = try? JSONDecoder().decode(Header.self, from: Data(contentsOf: file))
        name = folder.lastPathComponent
        kind = header?.kind ?? ""
        self.folder = folder
    }
}

/// The tensors of one file of a case.
struct GoldenTensors {
    fileprivate let file: SafetensorsFile

    /// The tensors' names, sorted.
    var names: [String] { file.names }

    /// The tensor of a name; an error names one that is not there.
    subscript(_ name: String) -> GoldenTensor {
        get throws { GoldenTensor(name: name, tensor: try file.tensor(name)) }
    }
}

/// One recorded tensor, row-major.
struct GoldenTensor {
    fileprivate let name: String
    fileprivate let tensor: SafetensorsTensor

    /// Extents, outermost first.
    var shape: [Int] { tensor.shape }
    /// The elements as float32.
    var floats: [Float] { tensor.floats() }
    /// The elements as float64.
    var doubles: [Double] { tensor.doubles() }
    /// The elements of an integer or boolean tensor; the test fails for any other.
    var integers: [Int] {
        if let integers = tensor.integers() { return integers }
        Issue.record("'\(name)' holds \(tensor.elementType.rawValue), not integers")
        return []
    }
}

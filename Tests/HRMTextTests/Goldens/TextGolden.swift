import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing

/// One folder of recorded numbers: a model, `case.json` and `io.safetensors`.
struct TextGolden: Sendable, CustomTestStringConvertible {
    /// A member of a variant's inputs.
    enum Input: Decodable, Sendable {
        case tensor(String)
        case number(Int)
        case numbers([Int])
        case pairs([[Int]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                self = .tensor(name)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let numbers = try? container.decode([Int].self) {
                self = .numbers(numbers)
            } else {
                self = .pairs(try container.decode([[Int]].self))
            }
        }
    }

    struct Output: Decodable, Sendable {
        var tensor: String
        var tolerance: Float?
        var errorReference: Float?
        var meanReference: Float?
        var meanTolerance: Float?
    }

    struct Variant: Decodable, Sendable {
        var name: String
        var inputs: [String: Input]
        var outputs: [Output]
        var ids: String?
    }

    private struct Content: Decodable {
        var kind: String
        var variants: [Variant]?
    }

    let name: String
    let kind: String
    let folder: URL
    let variants: [Variant]
    let file: SafetensorsFile

    var testDescription: String { name }

    /// Reads a case by its folder's name.
    init(_ name: String) throws {
        folder = Self.root.appendingPathComponent(name)
        let content = try JSONDecoder().decode(
            Content.self, from: Data(contentsOf: folder.appendingPathComponent("case.json")))
        self.name = name
        kind = content.kind
        variants = content.variants ?? []
        file = try SafetensorsFile(contentsOf: folder.appendingPathComponent("io.safetensors"))
    }

    /// The folder that `HRM_TEXT_GOLDENS` names, or the repository's own cases.
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["HRM_TEXT_GOLDENS"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures", isDirectory: true)
    }()

    /// The names of all cases of some kinds, sorted.
    static func names(_ kinds: String...) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return all.sorted().filter { name in
            guard let golden = try? TextGolden(name) else { return false }
            return kinds.contains(golden.kind)
        }
    }

    /// Loads the case's model.
    func model(
        _ arithmetic: TextModelOptions.Arithmetic = .float32, workers: Int = 2
    ) throws -> TextModel {
        try TextModel.load(
            folder: folder,
            options: TextModelOptions(arithmetic: arithmetic, workers: Workers(count: workers)))
    }

    /// The rows of an integer input; nil if the variant lacks it.
    func rows(_ variant: Variant, _ input: String) throws -> [[Int32]]? {
        guard case .tensor(let name)? = variant.inputs[input] else { return nil }
        return try rows(name)
    }

    /// The rows of an integer tensor.
    func rows(_ name: String) throws -> [[Int32]] {
        let tensor = try file.tensor(name)
        let values = try #require(tensor.integers()).map { Int32($0) }
        let width = try #require(tensor.shape.last)
        return stride(from: 0, to: values.count, by: max(1, width)).map {
            Array(values[$0..<($0 + width)])
        }
    }

    /// The elements of a tensor.
    func floats(_ name: String) throws -> [Float] { try file.tensor(name).floats() }

    /// The rows that a variant gives to the model.
    func textRows(_ variant: Variant) throws -> [TextRow] {
        let ids = try #require(try rows(variant, "ids"))
        let types = try rows(variant, "types"), masks = try rows(variant, "mask")
        let positions = try rows(variant, "positions")
        return ids.indices.map {
            TextRow(
                ids: ids[$0], types: types?[$0] ?? [], positions: positions?[$0],
                mask: masks?[$0])
        }
    }
}

/// The largest distance of two lists, where `mask` is not 0.
func largestDistance(_ a: [Float], _ b: [Float], mask: [Int32]? = nil) -> Float {
    guard a.count == b.count, !a.isEmpty else { return .infinity }
    var largest: Float = 0
    let width = mask.map { a.count / $0.count } ?? 1
    for index in a.indices where mask?[index / width] != 0 {
        let distance = abs(a[index] - b[index])
        if !(distance <= largest) { largest = distance }
    }
    return largest
}

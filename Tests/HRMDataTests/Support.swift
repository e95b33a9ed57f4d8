import Foundation
import HRMData
import HRMFiles
import Testing

/// Returns the bytes of a file.
func bytes(of url: URL) throws -> [UInt8] {
    Array(try Data(contentsOf: url))
}

func write(_ text: String, to url: URL) throws {
    try Data(text.utf8).write(to: url)
}

/// Third-party data beside the repository; tests that need it are skipped without it.
enum SharedData {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data")

    static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path)
    }

    /// Returns the lines of a list that are not comments.
    static func lines(_ path: String) throws -> [String] {
        try String(contentsOf: url(path), encoding: .utf8)
            .split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.isEmpty }
    }
}

/// Two sets: "a" with three groups of 1, 2 and 1 puzzles, "b" with one group of one puzzle.
///
/// Sequence length 2, vocabulary 6; input tokens are (1 + example % 5, 2), labels (0, 3), of which 0
/// is ignored.
enum SampleDataset {
    static func set(
        name: String, identifiers: [Int32], puzzles: [Int32], groups: [Int32]
    ) -> PuzzleArrays {
        let examples = Int(puzzles.last ?? 0)
        return PuzzleArrays(
            name: name,
            inputs: CompactIntegers((0..<examples).flatMap { [UInt8(1 + $0 % 5), 2] }),
            labels: CompactIntegers((0..<examples).flatMap { _ in [UInt8(0), 3] }),
            puzzleIdentifiers: identifiers, puzzleIndices: puzzles, groupIndices: groups)
    }

    static let sets = [
        set(
            name: "a", identifiers: [1, 2, 3, 1], puzzles: [0, 3, 4, 6, 10], groups: [0, 1, 3, 4]),
        set(name: "b", identifiers: [3], puzzles: [0, 5], groups: [0, 1]),
    ]

    static let metadata = DatasetMetadata(
        vocabularySize: 6, sequenceLength: 2, puzzleIdentifierCount: 4, groupCount: 4,
        meanExamplesPerPuzzle: 3, sets: ["a", "b"])

    static func make() throws -> PuzzleDataset {
        try PuzzleDataset(
            metadata: metadata, sets: sets, identifiers: ["<blank>", "x", "y", "é\n\"😀"])
    }
}

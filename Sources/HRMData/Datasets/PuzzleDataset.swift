public import Foundation
import HRMFiles

/// One split (such as `train` or `test`) of a data set in the reference's folder format.
///
/// Values of this type are validated: offsets are ordered, tokens are in the vocabulary,
/// identifiers exist.
public struct PuzzleDataset: Sendable, Hashable {
    /// The content of `dataset.json`.
    package let metadata: DatasetMetadata
    /// The sets, in the order of the metadata.
    package let sets: [PuzzleArrays]
    /// The name of each puzzle identifier, from `identifiers.json`; `nil` if there is no such file.
    public let identifiers: [String]?
    /// The puzzles' task, from `task.json` or, failing that, derived from vocabulary and sequence
    /// length; `nil` if unknown.
    public let task: PuzzleTask?

    /// Creates a data set from arrays in memory.
    ///
    /// - Throws: ``DatasetError`` if the parts contradict each other; it names the file that would
    ///   hold the part.
    package init(
        metadata: DatasetMetadata, sets: [PuzzleArrays], identifiers: [String]? = nil,
        task: PuzzleTask? = nil
    ) throws(DatasetError) {
        try self.init(
            checking: metadata, sets, identifiers, task, at: DatasetLocation(splitFolder: nil))
    }

    /// Reads `folder/split/dataset.json`, the arrays beside it, and `folder/identifiers.json` and
    /// `folder/task.json` if they exist.
    ///
    /// - Throws: ``DatasetError`` with the file and the problem.
    public init(folder: URL, split: String) throws(DatasetError) {
        let location = DatasetLocation(splitFolder: folder.appendingPathComponent(split))
        try DataFolder.require(split, in: folder)
        let metadata = try DatasetFiles.decode(
            DatasetMetadata.self, from: location.url("dataset.json"), atMost: 1 << 24)
        try metadata.validate(path: location.path("dataset.json"))
        var sets: [PuzzleArrays] = []
        for name in metadata.sets {
            sets.append(try PuzzleArrays(name: name, metadata: metadata, location: location))
        }
        let names = folder.appendingPathComponent("identifiers.json")
        let identifiers =
            FileManager.default.fileExists(atPath: names.path)
            ? try DatasetFiles.decode([String].self, from: names, atMost: 1 << 30) : nil
        let task = try PuzzleTask(folder: folder, metadata: metadata)
        try self.init(checking: metadata, sets, identifiers, task, at: location)
    }

    private init(
        checking metadata: DatasetMetadata, _ sets: [PuzzleArrays], _ identifiers: [String]?,
        _ task: PuzzleTask?, at location: DatasetLocation
    ) throws(DatasetError) {
        try metadata.validate(path: location.path("dataset.json"))
        let path = location.path("dataset.json")
        guard metadata.sets == sets.map(\.name) else {
            throw .invalidMetadata(
                path: path, key: "sets", value: PythonJSON.text(metadata.sets),
                requirement: "must name the sets that there are: "
                    + PythonJSON.text(sets.map(\.name)))
        }
        for set in sets { try set.validate(metadata: metadata, location: location) }
        let contradictions = metadata.contradictions(
            groupCount: sets.reduce(0) { $0 + $1.groupCount },
            puzzleCount: sets.reduce(0) { $0 + $1.puzzleCount },
            exampleCount: sets.reduce(0) { $0 + $1.exampleCount }, path: path)
        if let contradiction = contradictions.first { throw contradiction }
        if let identifiers, identifiers.count != metadata.puzzleIdentifierCount {
            throw .wrongIdentifierCount(
                path: location.identifiersPath, found: identifiers.count,
                expected: metadata.puzzleIdentifierCount)
        }
        self.metadata = metadata
        self.sets = sets
        self.identifiers = identifiers
        self.task =
            task
            ?? PuzzleTask(
                vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength)
    }

    /// The name of the file with the identifiers' names in a data folder.
    public static let identifiersFileName = "identifiers.json"

    /// Reads a file of identifiers' names.
    ///
    /// - Parameter url: An `identifiers.json`.
    /// - Returns: The names in the order of the identifiers.
    /// - Throws: ``DatasetError`` with the file.
    public static func identifiers(contentsOf url: URL) throws(DatasetError) -> [String] {
        try DatasetFiles.decode([String].self, from: url, atMost: 1 << 30)
    }

    /// The number of examples in all sets.
    public var exampleCount: Int { sets.reduce(0) { $0 + $1.exampleCount } }
}

/// The location of a split's files, and their names in error messages.
struct DatasetLocation {
    /// The split's folder, or `nil` for a data set in memory.
    var splitFolder: URL?

    func url(_ file: String) -> URL {
        splitFolder?.appendingPathComponent(file) ?? URL(fileURLWithPath: file)
    }

    func path(_ file: String) -> String {
        splitFolder?.appendingPathComponent(file).path ?? file
    }

    var identifiersPath: String {
        splitFolder?.deletingLastPathComponent().appendingPathComponent("identifiers.json").path
            ?? "identifiers.json"
    }
}

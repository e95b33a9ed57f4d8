public import Foundation

/// One split (such as `train` or `test`) of a data set in the reference's folder format.
///
/// A value of this type has been checked: offsets are in order, tokens are in the vocabulary,
/// identifiers exist.
public struct PuzzleDataset: Sendable, Hashable {
    /// What `dataset.json` says.
    public let metadata: DatasetMetadata
    /// The sets, in the order of the metadata.
    public let sets: [PuzzleArrays]
    /// The name of each puzzle identifier, from `identifiers.json`; `nil` when there is no such file.
    public let identifiers: [String]?
    /// Which puzzle it is, from `task.json` or, where there is none, from the vocabulary and the
    /// length; `nil` when neither tells.
    public let task: PuzzleTask?

    /// A data set from arrays in memory.
    ///
    /// - Throws: ``DatasetError`` when the parts contradict each other; it names the file that the
    ///   part would be.
    public init(
        metadata: DatasetMetadata, sets: [PuzzleArrays], identifiers: [String]? = nil,
        task: PuzzleTask? = nil
    ) throws(DatasetError) {
        try self.init(
            checking: metadata, sets, identifiers, task, at: DatasetLocation(splitFolder: nil))
    }

    /// Reads `folder/split/dataset.json`, the arrays beside it, and `folder/identifiers.json` and
    /// `folder/task.json` if they exist.
    ///
    /// - Throws: ``DatasetError`` naming the file and what is wrong with it.
    public init(folder: URL, split: String) throws(DatasetError) {
        let location = DatasetLocation(splitFolder: folder.appendingPathComponent(split))
        try DataFolder.require(split, in: folder)
        let metadata = try PythonJSON.decode(
            DatasetMetadata.self, from: location.url("dataset.json"), atMost: 1 << 24)
        try metadata.validate(path: location.path("dataset.json"))
        var sets: [PuzzleArrays] = []
        for name in metadata.sets {
            sets.append(try PuzzleArrays(name: name, metadata: metadata, location: location))
        }
        let names = folder.appendingPathComponent("identifiers.json")
        let identifiers =
            FileManager.default.fileExists(atPath: names.path)
            ? try PythonJSON.decode([String].self, from: names, atMost: 1 << 30) : nil
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

    /// The file of the identifiers' names in a data folder.
    public static let identifiersFileName = "identifiers.json"

    /// Reads a file of identifiers' names.
    ///
    /// - Parameter url: An `identifiers.json`.
    /// - Returns: Names in the order of the identifiers.
    /// - Throws: ``DatasetError`` naming the file.
    public static func identifiers(contentsOf url: URL) throws(DatasetError) -> [String] {
        try PythonJSON.decode([String].self, from: url, atMost: 1 << 30)
    }

    /// Examples in all sets together.
    public var exampleCount: Int { sets.reduce(0) { $0 + $1.exampleCount } }
}

/// Where the files of a split are, and what errors call them.
struct DatasetLocation {
    /// The split's folder, or `nil` for a data set that is only in memory.
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

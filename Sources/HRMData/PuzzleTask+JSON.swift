import Foundation

extension PuzzleTask: Codable {
    private enum CodingKeys: String, CodingKey {
        case task, size
    }

    /// Reads a description as this package writes it.
    ///
    /// - Throws: An error when a member is missing or impossible, or the task is unknown.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        switch try members.decode(String.self, forKey: .task) {
        case "sudoku":
            let size = try members.wholeNumber(forKey: .size)
            guard let geometry = try? SudokuGeometry(size: size) else {
                throw TaskDescriptionError("there is no Sudoku of \(size) rows")
            }
            self = .sudoku(geometry)
        case "maze":
            let size = try members.wholeNumber(forKey: .size)
            guard Maze.sizes.contains(size) else {
                throw TaskDescriptionError(MazeError.size(size).description)
            }
            self = .maze(size: size)
        case "grid": self = .grid(try GridTask(from: decoder))
        case let other: throw TaskDescriptionError("the task \(other.quoted) is unknown")
        }
    }

    /// Writes the task's name and what its tokens mean.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .sudoku(let geometry):
            try members.encode("sudoku", forKey: .task)
            try members.encode(geometry.size, forKey: .size)
        case .maze(let size):
            try members.encode("maze", forKey: .task)
            try members.encode(size, forKey: .size)
        case .grid(let task):
            try members.encode("grid", forKey: .task)
            try task.encode(to: encoder)
        }
    }

    /// The description as JSON text, the same bytes for equal tasks.
    ///
    /// - Throws: `EncodingError`.
    public func jsonText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A task from its JSON text.
    ///
    /// - Throws: ``DatasetError/malformedJSON(path:reason:)``.
    public init(jsonText: String, path: String) throws(DatasetError) {
        do {
            self = try JSONText.decode(PuzzleTask.self, from: Array(jsonText.utf8))
        } catch {
            throw .malformedJSON(path: path, reason: error.explanation())
        }
    }

    /// The file of a data folder that says which puzzle it holds.
    static let fileName = "task.json"

    private static let largestFile = 1 << 28

    /// Writes `task.json` into a data folder.
    func write(into folder: URL) throws(DatasetError) {
        let url = folder.appendingPathComponent(Self.fileName)
        let text: String
        do {
            text = try jsonText()
        } catch {
            throw .unwritable(path: url.path, reason: error.localizedDescription)
        }
        try AtomicFolder.write(text, to: url)
    }

    /// Reads `task.json` of a data folder; nil where there is none.
    ///
    /// - Throws: ``DatasetError`` when it cannot be read, or does not fit the metadata.
    init?(folder: URL, metadata: DatasetMetadata) throws(DatasetError) {
        let url = folder.appendingPathComponent(Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        self = try PythonJSON.decode(PuzzleTask.self, from: url, atMost: Self.largestFile)
        guard
            vocabularySize == metadata.vocabularySize, sequenceLength == metadata.sequenceLength
        else {
            throw .wrongTask(
                path: url.path, tokens: vocabularySize, length: sequenceLength,
                vocabularySize: metadata.vocabularySize, sequenceLength: metadata.sequenceLength)
        }
        guard leastIdentifierCount <= metadata.puzzleIdentifierCount else {
            throw .tooManyTaskNames(
                path: url.path, names: leastIdentifierCount - 1,
                identifierCount: metadata.puzzleIdentifierCount)
        }
    }

    /// The puzzle identifiers that the task needs at least: one for each name, and the blank one.
    public var leastIdentifierCount: Int {
        if case .grid(let task) = self { task.names.count + 1 } else { 1 }
    }
}

/// What is wrong with the description of a task.
struct TaskDescriptionError: LocalizedError {
    let errorDescription: String?

    init(_ reason: String) {
        errorDescription = reason
    }
}

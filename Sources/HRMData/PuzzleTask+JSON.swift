import Foundation

extension PuzzleTask: Codable {
    private enum CodingKeys: String, CodingKey {
        case task, size, rows, columns
        case boxRows = "box_rows"
        case boxColumns = "box_columns"
    }

    /// Reads a description as this package writes it.
    ///
    /// - Throws: An error when a member is missing or impossible, or the task is unknown.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        switch try members.decode(String.self, forKey: .task) {
        case "sudoku":
            self = .sudoku(try Self.geometry(members))
        case "maze":
            let side = try members.wholeNumberIfPresent(forKey: .size)
            let size =
                try side.map { MazeSize.square($0) }
                ?? MazeSize(
                    rows: members.wholeNumber(forKey: .rows),
                    columns: members.wholeNumber(forKey: .columns))
            for (key, value) in [(CodingKeys.rows, size.rows), (.columns, size.columns)] {
                let other = try members.wholeNumberIfPresent(forKey: key)
                guard other ?? value == value else {
                    throw TaskDescriptionError(
                        "its maze has \(value) \(key.rawValue) by its size, and \(other ?? 0) by its "
                            + "own key")
                }
            }
            guard size.isAccepted else {
                throw TaskDescriptionError(MazeError.size(size).description)
            }
            self = .maze(size: size)
        case "grid": self = .grid(try GridTask(from: decoder))
        case let other: throw TaskDescriptionError("the task \(other.quoted) is unknown")
        }
    }

    /// A Sudoku's boxes are told where its size alone means others.
    private static func geometry(
        _ members: KeyedDecodingContainer<CodingKeys>
    ) throws -> SudokuGeometry {
        let size = try members.wholeNumber(forKey: .size)
        guard let usual = try? SudokuGeometry(size: size) else {
            throw TaskDescriptionError("there is no Sudoku of \(size.counted("row"))")
        }
        let rows = try members.wholeNumberIfPresent(forKey: .boxRows) ?? usual.boxRows
        let columns = try members.wholeNumberIfPresent(forKey: .boxColumns) ?? usual.boxColumns
        guard let geometry = try? SudokuGeometry(boxRows: rows, boxColumns: columns),
            geometry.size == size
        else {
            throw TaskDescriptionError(
                "a Sudoku of \(size.counted("row")) has no \(SudokuGeometry.boxes(rows: rows, columns: columns))"
            )
        }
        return geometry
    }

    /// Writes the task's name and what its tokens mean.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .sudoku(let geometry):
            try members.encode("sudoku", forKey: .task)
            try members.encode(geometry.size, forKey: .size)
            if !geometry.isUsual {
                try members.encode(geometry.boxRows, forKey: .boxRows)
                try members.encode(geometry.boxColumns, forKey: .boxColumns)
            }
        case .maze(let size):
            try members.encode("maze", forKey: .task)
            if size.isSquare {
                try members.encode(size.rows, forKey: .size)
            } else {
                try members.encode(size.rows, forKey: .rows)
                try members.encode(size.columns, forKey: .columns)
            }
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
            throw .unwritable(path: url.path, reason: FileProblem(error).reason)
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

import Foundation
import HRMFiles

extension PuzzleTask: Codable {
    private enum CodingKeys: String, CodingKey {
        case task, size, rows, columns
        case boxRows = "box_rows"
        case boxColumns = "box_columns"
    }

    /// Reads a task description in this package's format.
    ///
    /// - Throws: An error if a member is missing or invalid, or the task is unknown.
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

    /// Reads the geometry; boxes are stated only if they differ from the default for the size.
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

    /// Writes the task's name and the meaning of its tokens.
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

    /// The minimum number of puzzle identifiers: one for each name, and the blank one.
    public var leastIdentifierCount: Int {
        if case .grid(let task) = self { task.names.count + 1 } else { 1 }
    }
}

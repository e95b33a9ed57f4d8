/// A text table whose columns line up.
///
/// ```
/// metric          value
/// ───────────────────────
/// accuracy        0.8123
/// ```
public struct Table: Sendable, Hashable {
    /// On which side of its column a cell stands.
    public enum Alignment: Sendable, Hashable {
        /// Text.
        case left
        /// Numbers.
        case right
    }

    /// A column's title and alignment.
    public struct Column: Sendable, Hashable {
        /// The header of the column.
        public var title: String
        /// Where title and cells stand.
        public var alignment: Alignment

        /// A column.
        ///
        /// - Parameters:
        ///   - title: What stands above it.
        ///   - alignment: Where title and cells stand.
        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// The columns, from left to right.
    public let columns: [Column]
    /// The cells, row by row.
    public private(set) var rows: [[String]] = []

    /// A table without rows.
    ///
    /// - Parameter columns: At least one column; when no title has any text, no heading is drawn.
    public init(columns: [Column]) {
        precondition(!columns.isEmpty, "a table needs at least one column")
        self.columns = columns
    }

    /// Adds a row below the others.
    ///
    /// - Parameter cells: As many cells as there are columns.
    public mutating func append(_ cells: [String]) {
        precondition(
            cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// The table line by line, without spaces at the ends of lines.
    public var lines: [String] {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { column in
            rows.reduce(titles[column].count) { max($0, $1[column].count) }
        }
        func line(_ cells: [String]) -> String {
            let padded = columns.indices.map { column in
                columns[column].alignment == .left
                    ? cells[column].rightPadded(to: widths[column])
                    : cells[column].leftPadded(to: widths[column])
            }
            return padded.joined(separator: "  ").withoutTrailingSpaces
        }
        guard titles.contains(where: { !$0.isEmpty }) else { return rows.map(line) }
        let total = widths.reduce(2 * (columns.count - 1), +)
        return [line(titles), String(repeating: "─", count: total)] + rows.map(line)
    }

    /// The table as one text; every line ends with a line feed.
    public var text: String { lines.map { $0 + "\n" }.joined() }
}

/// A text table with aligned columns.
///
/// ```
/// metric          value
/// ───────────────────────
/// accuracy        0.8123
/// ```
package struct Table: Sendable, Hashable {
    /// The alignment of a column.
    package enum Alignment: Sendable, Hashable {
        /// For text.
        case left
        /// For numbers.
        case right
    }

    /// A column's title and alignment.
    package struct Column: Sendable, Hashable {
        /// The header of the column.
        package var title: String
        /// The alignment of title and cells.
        package var alignment: Alignment

        /// Creates a column.
        ///
        /// - Parameters:
        ///   - title: The header of the column.
        ///   - alignment: The alignment of title and cells.
        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// The columns, from left to right.
    package let columns: [Column]
    /// The cells, row by row.
    package private(set) var rows: [[String]] = []

    /// Creates a table without rows.
    ///
    /// - Parameter columns: At least one column; if all titles are empty, no heading is drawn.
    package init(columns: [Column]) {
        precondition(!columns.isEmpty, "a table needs at least one column")
        self.columns = columns
    }

    /// Appends a row.
    ///
    /// - Parameter cells: As many cells as there are columns.
    package mutating func append(_ cells: [String]) {
        precondition(
            cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// The table line by line, without trailing spaces.
    package var lines: [String] {
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
    package var text: String { lines.map { $0 + "\n" }.joined() }
}

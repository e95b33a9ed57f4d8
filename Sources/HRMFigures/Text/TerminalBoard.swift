/// A grid puzzle for terminals, with the borders of its boxes.
///
/// With colours, a changed cell is bold and reversed and a wrong one red. Without, a changed cell
/// is written `[5]`, a wrong one `!5!`, and one that is both `[5!`. Shades are shown only with
/// colours, and not in wrong cells.
package struct TerminalBoard: Sendable, Hashable {
    /// The number of rows.
    package let rows: Int
    /// The number of columns.
    package let columns: Int
    /// The number of rows of a box.
    package let boxRows: Int
    /// The number of columns of a box.
    package let boxColumns: Int
    /// The texts of the cells, row by row.
    package let cells: [String]
    /// Indices of the cells marked as changed.
    package var changed: Set<Int>
    /// Indices of the cells marked as wrong.
    package var wrong: Set<Int>
    /// The width of the widest cell text in columns.
    private let cellWidth: Int
    /// The shade of each cell, 0 through 1, row by row; empty for a board without shades.
    package var shades: [Double] = []

    /// Creates a square board.
    ///
    /// - Parameters:
    ///   - size: The number of rows and of columns.
    ///   - boxRows: The number of rows of a box; `size` without boxes.
    ///   - boxColumns: The number of columns of a box; `size` without boxes.
    ///   - cells: The `size · size` short texts of the cells, row by row.
    ///   - changed: Indices of the cells marked as changed.
    ///   - wrong: Indices of the cells marked as wrong.
    package init(
        size: Int, boxRows: Int, boxColumns: Int, cells: [String], changed: Set<Int> = [],
        wrong: Set<Int> = []
    ) {
        self.init(
            rows: size, columns: size, boxRows: boxRows, boxColumns: boxColumns, cells: cells,
            changed: changed, wrong: wrong)
    }

    /// Creates a board without boxes.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - columns: The number of columns.
    ///   - cells: The `rows · columns` short texts of the cells, row by row.
    ///   - changed: Indices of the cells marked as changed.
    ///   - wrong: Indices of the cells marked as wrong.
    package init(
        rows: Int, columns: Int, cells: [String], changed: Set<Int> = [], wrong: Set<Int> = []
    ) {
        self.init(
            rows: rows, columns: columns, boxRows: max(1, rows), boxColumns: max(1, columns),
            cells: cells, changed: changed, wrong: wrong)
    }

    private init(
        rows: Int, columns: Int, boxRows: Int, boxColumns: Int, cells: [String],
        changed: Set<Int>, wrong: Set<Int>
    ) {
        precondition(
            rows >= 1 && columns >= 1 && boxRows >= 1 && boxColumns >= 1,
            "a board needs rows and columns")
        precondition(
            cells.count == rows * columns, "\(cells.count) cells do not fill \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.boxRows = boxRows
        self.boxColumns = boxColumns
        self.cells = cells
        cellWidth = cells.reduce(1) { max($0, $1.count) }
        self.changed = changed
        self.wrong = wrong
    }

    /// The width of the board in terminal columns.
    package var width: Int {
        columns * (cellWidth + 2) + 1 + (columns + boxColumns - 1) / boxColumns
    }

    /// Returns the board line by line.
    ///
    /// - Parameter color: True for ANSI colours, false for plain characters.
    /// - Returns: Lines without line feeds, each `width` columns wide.
    package func lines(color: Bool) -> [String] {
        var lines = [border("┌", "┬", "┐")]
        for row in 0..<rows {
            if row > 0, row.isMultiple(of: boxRows) { lines.append(border("├", "┼", "┤")) }
            var line = ""
            for column in 0..<columns {
                if column.isMultiple(of: boxColumns) { line += "│" }
                line += drawn(row * columns + column, color: color)
            }
            lines.append(line + "│")
        }
        return lines + [border("└", "┴", "┘")]
    }

    /// Returns the board as one text; every line ends with a line feed.
    ///
    /// - Parameter color: True for ANSI colours, false for plain characters.
    /// - Returns: The lines of the board.
    package func text(color: Bool) -> String {
        lines(color: color).map { $0 + "\n" }.joined()
    }

    private func border(_ left: String, _ middle: String, _ right: String) -> String {
        let boxes = stride(from: 0, to: columns, by: boxColumns).map { start in
            String(repeating: "─", count: min(boxColumns, columns - start) * (cellWidth + 2))
        }
        return left + boxes.joined(separator: middle) + right
    }

    private func drawn(_ index: Int, color: Bool) -> String {
        let text = cells[index].leftPadded(to: cellWidth)
        let isChanged = changed.contains(index)
        let isWrong = wrong.contains(index)
        // Red letters would be unreadable on a shade.
        let isShaded = color && !isWrong && index < shades.count
        let shade = isShaded ? HeatScale.code(of: shades[index]) : nil
        guard isChanged || isWrong || shade != nil else { return " \(text) " }
        if color {
            let codes =
                [shade].compactMap(\.self) + (isChanged ? ["1", "7"] : []) + (isWrong ? ["31"] : [])
            return "\u{1B}[\(codes.joined(separator: ";"))m \(text) \u{1B}[0m"
        }
        return (isChanged ? "[" : "!") + text + (isWrong ? "!" : "]")
    }
}

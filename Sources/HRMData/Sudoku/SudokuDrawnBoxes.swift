import HRMFiles

/// The boxes separated by the bars and rules of a drawing.
public enum SudokuDrawnBoxes: Sendable, Hashable {
    /// Boxes with these numbers of rows and columns.
    case boxes(rows: Int, columns: Int)
    /// Bars after these numbers of cells, which do not form boxes.
    case bars(after: [Int])
    /// Rules after these numbers of rows, which do not form boxes.
    case rules(after: [Int])

    /// Returns the boxes of a drawing if they contradict a geometry, otherwise `nil`.
    ///
    /// Bars or rules around every cell, or only at some of the borders of boxes, are no
    /// contradiction.
    ///
    /// - Parameters:
    ///   - geometry: The expected geometry.
    ///   - bars: For each row, the numbers of cells before its bars.
    ///   - rules: The numbers of rows before the rules.
    ///   - gaps: The numbers of rows before empty lines.
    init?(contradicting geometry: SudokuGeometry, bars: [[Int]], rules: [Int], gaps: [Int]) {
        let size = geometry.size
        func inner(_ cuts: [Int]) -> Set<Int> {
            let inner = Set(cuts).filter { (1..<size).contains($0) }
            return inner.count == size - 1 ? [] : inner
        }
        func step(_ cuts: Set<Int>) -> Int? {
            (2..<size).first {
                size.isMultiple(of: $0) && cuts == Set(stride(from: $0, to: size, by: $0))
            }
        }
        var columns: Int?
        for cuts in bars.map(inner) where !cuts.isEmpty {
            let drawn = step(cuts)
            if drawn == nil, !cuts.allSatisfy({ $0.isMultiple(of: geometry.boxColumns) }) {
                self = .bars(after: cuts.sorted())
                return
            }
            if columns == nil || drawn != geometry.boxColumns { columns = drawn ?? columns }
        }
        let ruled = inner(rules)
        var rows = step(ruled)
        if rows == nil, !ruled.allSatisfy({ $0.isMultiple(of: geometry.boxRows) }) {
            self = .rules(after: ruled.sorted())
            return
        }
        if ruled.isEmpty { rows = step(inner(gaps)) }
        guard
            columns ?? geometry.boxColumns != geometry.boxColumns
                || rows ?? geometry.boxRows != geometry.boxRows
        else { return nil }
        self = .boxes(
            rows: rows ?? size / (columns ?? geometry.boxColumns),
            columns: columns ?? size / (rows ?? geometry.boxRows))
    }
}

extension SudokuDrawnBoxes: CustomStringConvertible {
    /// A short text, such as "boxes of 3 rows and 2 columns".
    public var description: String {
        // "after 1 row", but "after 1, 3 rows".
        func list(_ numbers: [Int], _ noun: String) -> String {
            numbers.map(String.init).joined(separator: ", ") + " "
                + (numbers.count == 1 ? numbers[0] : numbers.count).word(noun)
        }
        return switch self {
        case .boxes(let rows, let columns): SudokuGeometry.boxes(rows: rows, columns: columns)
        case .bars(let cells): "bars after \(list(cells, "cell")) of a row"
        case .rules(let rows): "rules after \(list(rows, "row"))"
        }
    }
}

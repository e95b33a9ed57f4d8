/// A digit that occurs twice in a row, column or box of a board.
public struct SudokuContradiction: Sendable, Hashable {
    /// A set of cells that may hold every digit only once.
    public enum Unit: Sendable, Hashable {
        /// A row, counting from 0.
        case row(Int)
        /// A column, counting from 0.
        case column(Int)
        /// A box, counting from 0 in reading order.
        case box(Int)
    }

    /// The geometry of the board.
    public let geometry: SudokuGeometry
    /// The digit.
    public let digit: UInt8
    /// The row, column or box with the repeated digit.
    public let unit: Unit
    /// The first cell with the digit, counting from 0 in reading order.
    public let first: Int
    /// The second cell with the digit.
    public let second: Int
}

extension SudokuContradiction: CustomStringConvertible {
    /// A clause that names the cells, such as "8 occurs twice in row 1 (columns 1 and 3)".
    public var description: String {
        func row(_ cell: Int) -> Int { geometry.row(ofCell: cell) + 1 }
        func column(_ cell: Int) -> Int { geometry.column(ofCell: cell) + 1 }
        switch unit {
        case .row(let index):
            return "\(digit) occurs twice in row \(index + 1) "
                + "(columns \(column(first)) and \(column(second)))"
        case .column(let index):
            return "\(digit) occurs twice in column \(index + 1) "
                + "(rows \(row(first)) and \(row(second)))"
        case .box(let index):
            let top = index / geometry.stackCount * geometry.boxRows + 1
            let left = index % geometry.stackCount * geometry.boxColumns + 1
            return
                "\(digit) occurs twice in the box of rows \(top) to \(top + geometry.boxRows - 1) "
                + "and columns \(left) to \(left + geometry.boxColumns - 1) "
                + "(row \(row(first)), column \(column(first)) and row \(row(second)), "
                + "column \(column(second)))"
        }
    }
}

extension SudokuBoard {
    /// The first digit in reading order that repeats an earlier one of its row, column or box;
    /// `nil` if there is none.
    public var contradiction: SudokuContradiction? {
        guard !isConsistent else { return nil }
        let size = geometry.size
        // For every row, column and box, the cell of each digit.
        var places = [Int](repeating: -1, count: 3 * size * (size + 1))
        for (cell, digit) in cells.enumerated() where digit != 0 {
            let (row, column) = (geometry.row(ofCell: cell), geometry.column(ofCell: cell))
            let box = geometry.box(ofCell: cell)
            let units: [(number: Int, unit: SudokuContradiction.Unit)] = [
                (row, .row(row)), (size + column, .column(column)), (2 * size + box, .box(box)),
            ]
            for (number, unit) in units {
                let place = number * (size + 1) + Int(digit)
                guard places[place] < 0 else {
                    return SudokuContradiction(
                        geometry: geometry, digit: digit, unit: unit, first: places[place],
                        second: cell)
                }
                places[place] = cell
            }
        }
        return nil
    }
}

extension SudokuBoard {
    /// All digits that repeat an earlier one of their row, column or box, unit by unit.
    package var contradictions: [SudokuContradiction] {
        guard !isConsistent else { return [] }
        let size = geometry.size
        return geometry.units.enumerated().flatMap { number, unit in
            var first: [UInt8: Int] = [:]
            return unit.compactMap { cell -> SudokuContradiction? in
                let digit = cells[cell]
                guard digit != 0 else { return nil }
                guard let known = first[digit] else {
                    first[digit] = cell
                    return nil
                }
                let index = number % size
                return SudokuContradiction(
                    geometry: geometry, digit: digit,
                    unit: number < size
                        ? .row(index) : number < 2 * size ? .column(index) : .box(index),
                    first: known, second: cell)
            }
        }
    }
}

/// The sizes of a Sudoku: boxes of a few rows and columns, as many digits as a box has cells.
public struct SudokuGeometry: Sendable, Hashable, Codable {
    /// Rows of a box, which are the rows of a band.
    public let boxRows: Int
    /// Columns of a box, which are the columns of a stack.
    public let boxColumns: Int

    /// 4×4 with boxes of 2×2.
    public static let four = SudokuGeometry(boxRows: 2, boxColumns: 2)
    /// 6×6 with boxes of 2 rows and 3 columns.
    public static let six = SudokuGeometry(boxRows: 2, boxColumns: 3)
    /// 9×9 with boxes of 3×3.
    public static let nine = SudokuGeometry(boxRows: 3, boxColumns: 3)
    /// The geometries that puzzles are read, generated and solved in.
    public static let all = [four, six, nine]

    private init(boxRows: Int, boxColumns: Int) {
        self.boxRows = boxRows
        self.boxColumns = boxColumns
    }

    /// The geometry with boards of `size` rows.
    ///
    /// - Throws: ``SudokuError/unknownSize(_:)`` for sizes other than 4, 6 and 9.
    public init(size: Int) throws(SudokuError) {
        guard let geometry = Self.all.first(where: { $0.size == size }) else {
            throw .unknownSize(size)
        }
        self = geometry
    }

    /// The geometry with boards of `cellCount` cells.
    ///
    /// - Throws: ``SudokuError/unknownLength(_:)`` for numbers other than 16, 36 and 81.
    public init(cellCount: Int) throws(SudokuError) {
        guard let geometry = Self.all.first(where: { $0.cellCount == cellCount }) else {
            throw .unknownLength(cellCount)
        }
        self = geometry
    }

    /// Reads a geometry back from its size.
    ///
    /// - Throws: An error of the decoder when it is none of ``all``.
    public init(from decoder: any Decoder) throws {
        self = try Self(size: decoder.singleValueContainer().decode(Int.self))
    }

    /// Stores the size.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(size)
    }

    /// Rows, columns, boxes and digits: 4, 6 or 9.
    public var size: Int { boxRows * boxColumns }
    /// Cells of a board, `size²`.
    public var cellCount: Int { size * size }
    /// Bands of boxes, from top to bottom.
    public var bandCount: Int { boxColumns }
    /// Stacks of boxes, from left to right.
    public var stackCount: Int { boxRows }
    /// Whether transposing a board keeps its boxes.
    public var isSquare: Bool { boxRows == boxColumns }

    /// The row of a cell, counting from 0; cells are numbered in reading order.
    public func row(ofCell cell: Int) -> Int { cell / size }
    /// The column of a cell.
    public func column(ofCell cell: Int) -> Int { cell % size }
    /// The box of a cell; boxes are numbered in reading order.
    public func box(ofCell cell: Int) -> Int {
        row(ofCell: cell) / boxRows * stackCount + column(ofCell: cell) / boxColumns
    }

    /// The digit that an ASCII character stands for, 0 for a blank, `nil` if it has no place.
    func digit(ascii: UInt8) -> UInt8? {
        if ascii == 0x2E { return 0 }
        return ascii >= 0x30 && Int(ascii) - 0x30 <= size ? ascii - 0x30 : nil
    }

    /// The cells of every unit: the rows, then the columns, then the boxes.
    public var units: [[Int]] {
        let cells = 0..<cellCount
        return (0..<size).map { unit in cells.filter { row(ofCell: $0) == unit } }
            + (0..<size).map { unit in cells.filter { column(ofCell: $0) == unit } }
            + (0..<size).map { unit in cells.filter { box(ofCell: $0) == unit } }
    }
}

extension SudokuGeometry: CustomStringConvertible {
    /// Such as "9×9".
    public var description: String { "\(size)×\(size)" }
}

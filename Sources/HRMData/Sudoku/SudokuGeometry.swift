import HRMFiles

/// The shape of a Sudoku's boxes, which determines its size: there are as many digits as cells in a
/// box.
public struct SudokuGeometry: Sendable, Hashable, Codable {
    /// The number of rows of a box, and of a band.
    public let boxRows: Int
    /// The number of columns of a box, and of a stack.
    public let boxColumns: Int

    /// 4×4 with boxes of 2×2.
    public static let four = SudokuGeometry(rows: 2, columns: 2)
    /// 6×6 with boxes of 2 rows and 3 columns.
    public static let six = SudokuGeometry(rows: 2, columns: 3)
    /// 6×6 with boxes of 3 rows and 2 columns.
    public static let tallSix = SudokuGeometry(rows: 3, columns: 2)
    /// 8×8 with boxes of 2 rows and 4 columns.
    public static let eight = SudokuGeometry(rows: 2, columns: 4)
    /// 8×8 with boxes of 4 rows and 2 columns.
    public static let tallEight = SudokuGeometry(rows: 4, columns: 2)
    /// 9×9 with boxes of 3×3.
    public static let nine = SudokuGeometry(rows: 3, columns: 3)
    /// The supported geometries: those whose digits are single characters.
    public static let all = [four, six, tallSix, eight, tallEight, nine]

    private init(rows: Int, columns: Int) {
        boxRows = rows
        boxColumns = columns
    }

    /// Creates the geometry with boxes of the given shape.
    ///
    /// - Throws: ``SudokuError/unknownBoxes(rows:columns:)`` for boxes of no geometry in ``all``.
    public init(boxRows: Int, boxColumns: Int) throws(SudokuError) {
        guard
            let geometry = Self.all.first(where: {
                $0.boxRows == boxRows && $0.boxColumns == boxColumns
            })
        else { throw .unknownBoxes(rows: boxRows, columns: boxColumns) }
        self = geometry
    }

    /// Creates the geometry of boards with `size` rows; of two, the one with the wider boxes.
    ///
    /// - Throws: ``SudokuError/unknownSize(_:)`` for sizes other than 4, 6, 8 and 9.
    public init(size: Int) throws(SudokuError) {
        guard let geometry = Self.all.first(where: { $0.size == size }) else {
            throw .unknownSize(size)
        }
        self = geometry
    }

    /// Creates the geometry of boards with `cellCount` cells; of two, the one with the wider boxes.
    ///
    /// - Throws: ``SudokuError/unknownLength(_:)`` for numbers other than 16, 36, 64 and 81.
    public init(cellCount: Int) throws(SudokuError) {
        guard let geometry = Self.all.first(where: { $0.cellCount == cellCount }) else {
            throw .unknownLength(cellCount)
        }
        self = geometry
    }

    private enum CodingKeys: String, CodingKey {
        case boxRows = "box_rows"
        case boxColumns = "box_columns"
    }

    /// Decodes a geometry from its size, or from the rows and columns of its boxes.
    ///
    /// - Throws: A decoding error if it is not in ``all``.
    public init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: CodingKeys.self) {
            try self.init(
                boxRows: members.decode(Int.self, forKey: .boxRows),
                boxColumns: members.decode(Int.self, forKey: .boxColumns))
        } else {
            try self.init(size: decoder.singleValueContainer().decode(Int.self))
        }
    }

    /// Encodes the size if it determines the boxes, else the rows and columns of a box.
    public func encode(to encoder: any Encoder) throws {
        guard !isUsual else {
            var container = encoder.singleValueContainer()
            try container.encode(size)
            return
        }
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(boxRows, forKey: .boxRows)
        try members.encode(boxColumns, forKey: .boxColumns)
    }

    /// True if ``init(size:)`` creates this geometry.
    public var isUsual: Bool { boxRows <= boxColumns }
    /// All geometries of the same size, this one first.
    public var alternatives: [SudokuGeometry] {
        [self] + Self.all.filter { $0.size == size && $0 != self }
    }
    /// The shape of the boxes, such as "boxes of 2 rows and 3 columns".
    public var boxes: String { Self.boxes(rows: boxRows, columns: boxColumns) }
    /// The size, and the shape of the boxes if the size does not determine it.
    public var fullName: String { isSquare ? description : "\(description) with \(boxes)" }

    static func boxes(rows: Int, columns: Int) -> String {
        "boxes of \(rows.counted("row")) and \(columns.counted("column"))"
    }

    /// The number of rows, columns, boxes and digits: 4, 6, 8 or 9.
    public var size: Int { boxRows * boxColumns }
    /// The number of cells of a board, `size²`.
    public var cellCount: Int { size * size }
    /// The number of bands of boxes, from top to bottom.
    public var bandCount: Int { boxColumns }
    /// The number of stacks of boxes, from left to right.
    public var stackCount: Int { boxRows }
    /// True if transposing a board keeps its boxes.
    public var isSquare: Bool { boxRows == boxColumns }

    /// Returns the row of a cell, counting from 0; cells are numbered in reading order.
    public func row(ofCell cell: Int) -> Int { cell / size }
    /// Returns the column of a cell, counting from 0.
    public func column(ofCell cell: Int) -> Int { cell % size }
    /// Returns the box of a cell; boxes are numbered in reading order.
    public func box(ofCell cell: Int) -> Int {
        row(ofCell: cell) / boxRows * stackCount + column(ofCell: cell) / boxColumns
    }

    /// Returns the digit of an ASCII character, 0 for a blank, `nil` if it is invalid.
    func digit(ascii: UInt8) -> UInt8? {
        if SudokuText.isBlank(ascii) { return 0 }
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
    /// The size, such as "9×9".
    public var description: String { "\(size)×\(size)" }
}

/// A Sudoku board with some, all or no cells filled in.
public struct SudokuBoard: Sendable, Hashable {
    /// The geometry of the board.
    public let geometry: SudokuGeometry
    /// The digit of each cell in reading order, 0 if blank; `[size²]`.
    public private(set) var cells: [UInt8]

    /// Returns the largest token plus one: padding (0), blank (1) and the digits.
    public static func vocabularySize(of geometry: SudokuGeometry) -> Int { geometry.size + 2 }

    /// Creates an empty board.
    public init(_ geometry: SudokuGeometry) {
        self.geometry = geometry
        cells = [UInt8](repeating: 0, count: geometry.cellCount)
    }

    /// Creates a board from its cells.
    ///
    /// - Precondition: There is a number from 0 to the size for every cell.
    public init(_ geometry: SudokuGeometry, cells: [UInt8]) {
        precondition(
            cells.count == geometry.cellCount && cells.allSatisfy { $0 <= geometry.size },
            "\(cells) is not \(geometry.withArticle) board")
        self.geometry = geometry
        self.cells = cells
    }

    /// Parses one character per cell: a digit, or `.` or `0` for a blank.
    ///
    /// - Parameters:
    ///   - text: The cells in reading order.
    ///   - geometry: The expected geometry; by default derived from the length of the text.
    /// - Throws: ``SudokuError`` with the first problem.
    public init(parsing text: some StringProtocol, geometry: SudokuGeometry? = nil)
        throws(SudokuError)
    {
        // Counted and compared as characters, so that errors match the displayed text.
        let length = text.count
        let sizes: SudokuGeometry
        if let geometry {
            guard length == geometry.cellCount else {
                throw .wrongLength(found: length, geometry: geometry)
            }
            sizes = geometry
        } else {
            sizes = try SudokuGeometry(cellCount: length)
        }
        var cells: [UInt8] = []
        cells.reserveCapacity(length)
        for (cell, character) in text.enumerated() {
            guard let ascii = character.asciiValue, let digit = sizes.digit(ascii: ascii) else {
                throw .invalidCharacter(character, cell: cell, geometry: sizes)
            }
            cells.append(digit)
        }
        self.geometry = sizes
        self.cells = cells
    }

    /// Parses one byte per cell, like ``init(parsing:geometry:)`` for characters.
    ///
    /// - Throws: ``SudokuError`` with the first problem.
    init(parsing bytes: [UInt8], geometry: SudokuGeometry?) throws(SudokuError) {
        let sizes: SudokuGeometry? =
            if let geometry { geometry } else { try? SudokuGeometry(cellCount: bytes.count) }
        if let sizes, bytes.count == sizes.cellCount {
            var cells: [UInt8] = []
            cells.reserveCapacity(bytes.count)
            for byte in bytes {
                guard let digit = sizes.digit(ascii: byte) else { break }
                cells.append(digit)
            }
            if cells.count == bytes.count {
                self.init(sizes, cells: cells)
                return
            }
        }
        try self.init(parsing: String(decoding: bytes, as: UTF8.self), geometry: geometry)
    }

    /// Creates a board from tokens, such as a model's answer.
    ///
    /// - Throws: ``SudokuError`` if their number is wrong, or one is not a cell.
    public init(tokens: some Collection<Int32>, geometry: SudokuGeometry) throws(SudokuError) {
        guard tokens.count == geometry.cellCount else {
            throw .wrongLength(found: tokens.count, geometry: geometry)
        }
        var cells: [UInt8] = []
        for (cell, token) in tokens.enumerated() {
            guard token >= 1, Int(token) <= geometry.size + 1 else {
                throw .invalidToken(Int(token), cell: cell, geometry: geometry)
            }
            cells.append(UInt8(token - 1))
        }
        self.geometry = geometry
        self.cells = cells
    }

    /// The digit of a cell, 0 if blank.
    public subscript(cell: Int) -> UInt8 {
        get { cells[cell] }
        set {
            precondition(newValue <= geometry.size, "\(newValue) in \(geometry.withArticle) board")
            cells[cell] = newValue
        }
    }

    /// The cells as tokens: 1 for a blank, 2 for the digit 1, and so on.
    public var tokens: [UInt8] { cells.map { $0 + 1 } }

    /// The number of filled cells.
    public var givenCount: Int { cells.count { $0 != 0 } }

    /// True if no row, column or box has a digit twice; blanks are allowed.
    public var isConsistent: Bool {
        let size = geometry.size
        var columns = [UInt16](repeating: 0, count: size)
        var boxes = columns
        for row in 0..<size {
            var digitsOfRow: UInt16 = 0
            let firstBox = row / geometry.boxRows * geometry.stackCount
            for column in 0..<size {
                let digit = cells[row * size + column]
                if digit == 0 { continue }
                let bit = UInt16(1) << UInt16(digit)
                let box = firstBox + column / geometry.boxColumns
                if (digitsOfRow | columns[column] | boxes[box]) & bit != 0 { return false }
                digitsOfRow |= bit
                columns[column] |= bit
                boxes[box] |= bit
            }
        }
        return true
    }

    /// True if every row, column and box has every digit once.
    public var isSolved: Bool { !cells.contains(0) && isConsistent }

    /// Returns true if every cell filled in `givens` has the same digit here.
    public func isConsistent(with givens: SudokuBoard) -> Bool {
        geometry == givens.geometry
            && zip(cells, givens.cells).allSatisfy { $1 == 0 || $0 == $1 }
    }
}

extension SudokuBoard: CustomStringConvertible {
    /// One character per cell in reading order, `.` if blank.
    public var description: String {
        String(cells.map { $0 == 0 ? "." : Character(String($0)) })
    }

    /// One line per row, with the boxes separated.
    public var grid: String {
        var lines: [String] = []
        for row in 0..<geometry.size {
            if row > 0, row.isMultiple(of: geometry.boxRows) {
                let dashes = String(repeating: "-", count: 2 * geometry.boxColumns + 1)
                let rule = Array(repeating: dashes, count: geometry.stackCount)
                lines.append(String(rule.joined(separator: "+").dropFirst().dropLast()))
            }
            let digits = cells[(row * geometry.size)..<((row + 1) * geometry.size)]
                .map { $0 == 0 ? "." : String($0) }
            let stacks = stride(from: 0, to: geometry.size, by: geometry.boxColumns).map {
                digits[$0..<($0 + geometry.boxColumns)].joined(separator: " ")
            }
            lines.append(stacks.joined(separator: " | "))
        }
        return lines.joined(separator: "\n")
    }
}

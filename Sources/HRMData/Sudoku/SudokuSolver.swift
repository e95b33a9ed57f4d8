/// Solves Sudokus by propagation and backtracking, and counts their solutions.
///
/// Propagation repeatedly fills cells with one candidate left and digits with one place left in a
/// row, column or box. Then the solver guesses: it takes the blank cell with the fewest candidates,
/// the first in reading order, and tries its candidates in ascending order. The search is thus
/// deterministic.
///
/// The solver keeps its working memory, so solving many puzzles with one value does not allocate.
public struct SudokuSolver: Sendable {
    /// The result of a search.
    public struct Outcome: Sendable, Hashable {
        /// The first solution, or `nil` if there is none.
        public var solution: SudokuBoard?
        /// The number of solutions found, up to the limit.
        public var solutionCount: Int
        /// The number of candidates tried in guessed cells up to the first solution.
        ///
        /// Correct guesses count as well; 0 if propagation alone solves the puzzle. It is a measure
        /// of difficulty.
        public var guesses: Int
        /// True if the search reached its limit of solutions or exhausted the board.
        public var isComplete = true
    }

    /// The geometry of the boards.
    public let geometry: SudokuGeometry

    private let size: Int
    /// The set of all digits as bits, the lowest for 1.
    private let allDigits: UInt16
    /// The units of each cell, numbered consecutively: the rows, then the columns, then the boxes.
    private let unitsOfCell: [Units]
    private let cellsOfUnit: [UInt8]

    /// The digit of each cell as a bit, 0 if blank.
    private var digits: [UInt16]
    /// The digits used in each unit.
    private var used: [UInt16]
    /// The blank columns of each row, as bits.
    private var blanks: [UInt16]
    /// The filled cells in the order in which they were filled, and their number.
    private var filled: [UInt8]
    private var filledCount = 0
    /// For each unit, the digits with at least one possible cell in the lower half, and those with
    /// two or more in the upper half.
    private var places: [UInt32]

    private var found: [UInt16]
    private var foundCount = 0
    private var limit = 0
    private var guesses = 0
    private var effort = Int.max
    /// The number of positions that the last search visited.
    private(set) var positionsSearched = 0

    /// Creates a solver for one geometry.
    public init(_ geometry: SudokuGeometry) {
        self.geometry = geometry
        size = geometry.size
        allDigits = UInt16(1) << UInt16(geometry.size) - 1
        unitsOfCell = (0..<geometry.cellCount).map { Units(ofCell: $0, geometry) }
        cellsOfUnit = geometry.units.flatMap { $0.map { UInt8($0) } }
        digits = [UInt16](repeating: 0, count: geometry.cellCount)
        found = digits
        used = [UInt16](repeating: 0, count: 3 * geometry.size)
        blanks = [UInt16](repeating: 0, count: geometry.size)
        filled = [UInt8](repeating: 0, count: geometry.cellCount)
        places = [UInt32](repeating: 0, count: 3 * geometry.size)
    }

    /// Solves a board.
    ///
    /// - Parameters:
    ///   - board: The board with blanks.
    ///   - limit: The maximum number of solutions to find; 2 suffices to test uniqueness.
    ///   - effort: The maximum number of positions to search.
    /// - Returns: The first solution in the solver's order, if any, and the search's statistics.
    /// - Precondition: The board has the solver's geometry, and `limit` and `effort` are positive.
    public mutating func solve(
        _ board: SudokuBoard, countingUpTo limit: Int = 2, effort: Int = .max
    ) -> Outcome {
        precondition(
            board.geometry == geometry,
            "\(board.geometry.withArticle) board for \(geometry.withArticle) solver")
        precondition(limit > 0, "a search for \(limit) solutions")
        precondition(effort > 0, "a search of \(effort) positions")
        guard load(board.cells) else {
            return Outcome(solution: nil, solutionCount: 0, guesses: 0)
        }
        startCounting(upTo: limit)
        self.effort = effort
        search()
        let solution = foundCount > 0 ? foundBoard : nil
        return Outcome(
            solution: solution, solutionCount: foundCount, guesses: guesses,
            isComplete: foundCount >= limit || positionsSearched < effort)
    }

    private var foundBoard: SudokuBoard {
        SudokuBoard(geometry, cells: found.map { UInt8($0.trailingZeroBitCount + 1) })
    }

    private mutating func startCounting(upTo limit: Int) {
        self.limit = limit
        foundCount = 0
        guesses = 0
        effort = .max
        positionsSearched = 0
    }
}

/// The indices of a cell's row, column and box.
private struct Units {
    private let rowNumber: UInt8
    private let columnNumber: UInt8
    private let boxNumber: UInt8

    init(ofCell cell: Int, _ geometry: SudokuGeometry) {
        rowNumber = UInt8(geometry.row(ofCell: cell))
        columnNumber = UInt8(geometry.size + geometry.column(ofCell: cell))
        boxNumber = UInt8(2 * geometry.size + geometry.box(ofCell: cell))
    }

    var row: Int { Int(rowNumber) }
    var column: Int { Int(columnNumber) }
    var box: Int { Int(boxNumber) }
}

// MARK: Filling and clearing cells

extension SudokuSolver {
    /// Clears the working memory.
    private mutating func clear() {
        for cell in 0..<digits.count { digits[cell] = 0 }
        for unit in 0..<used.count { used[unit] = 0 }
        for row in 0..<size { blanks[row] = allDigits }
        filledCount = 0
    }

    /// Fills in the givens; returns false if a digit occurs twice in a unit.
    private mutating func load(_ cells: [UInt8]) -> Bool {
        clear()
        for cell in 0..<cells.count where cells[cell] != 0 {
            let bit = UInt16(1) << UInt16(cells[cell] - 1)
            guard candidates(of: cell) & bit != 0 else { return false }
            fill(cell, bit)
        }
        return true
    }

    @inline(__always)
    private func candidates(of cell: Int) -> UInt16 {
        candidates(in: unitsOfCell[cell])
    }

    @inline(__always)
    private func candidates(in units: Units) -> UInt16 {
        allDigits & ~(used[units.row] | used[units.column] | used[units.box])
    }

    @inline(__always)
    private mutating func fill(_ cell: Int, _ bit: UInt16) {
        toggle(unitsOfCell[cell], bit)
        digits[cell] = bit
        filled[filledCount] = UInt8(cell)
        filledCount += 1
    }

    /// Clears the most recently filled cells until `count` filled ones are left.
    @inline(__always)
    private mutating func clear(downTo count: Int) {
        while filledCount > count {
            filledCount -= 1
            let cell = Int(filled[filledCount])
            toggle(unitsOfCell[cell], digits[cell])
            digits[cell] = 0
        }
    }

    @inline(__always)
    private mutating func toggle(_ units: Units, _ bit: UInt16) {
        used[units.row] ^= bit
        used[units.column] ^= bit
        used[units.box] ^= bit
        blanks[units.row] ^= UInt16(1) << UInt16(units.column - size)
    }
}

// MARK: Propagation and search

extension SudokuSolver {
    /// The result of propagation.
    private enum Propagated {
        case contradiction
        /// Nothing more follows; the cell to guess, or -1 if all cells are filled.
        case stable(cell: Int)
    }

    private mutating func propagate() -> Propagated {
        while filledCount < digits.count {
            for unit in size..<(3 * size) { places[unit] = 0 }
            let before = filledCount
            var fewest = UInt16.max
            for row in 0..<size {
                var placesInRow: UInt32 = 0
                var columns = blanks[row]
                while columns != 0 {
                    let cell = row * size + columns.trailingZeroBitCount
                    columns &= columns - 1
                    let units = unitsOfCell[cell]
                    let options = candidates(in: units)
                    if options == 0 { return .contradiction }
                    if options & (options - 1) == 0 {
                        fill(cell, options)
                        continue
                    }
                    placesInRow = Self.adding(options, to: placesInRow)
                    places[units.column] = Self.adding(options, to: places[units.column])
                    places[units.box] = Self.adding(options, to: places[units.box])
                    // Fewest candidates first, then reading order.
                    fewest = min(fewest, UInt16(options.nonzeroBitCount) << 8 | UInt16(cell))
                }
                places[row] = placesInRow
            }
            if !fillOnlyPlaces() { return .contradiction }
            if filledCount == before { return .stable(cell: Int(fewest & 0xFF)) }
        }
        return .stable(cell: -1)
    }

    @inline(__always)
    private static func adding(_ options: UInt16, to places: UInt32) -> UInt32 {
        let options = UInt32(options)
        return places | options | (places & options) << 16
    }

    /// Fills digits with one place left in a unit; returns false if a digit has none.
    ///
    /// The places were counted before some cells were filled, so there may be fewer now, never
    /// more.
    private mutating func fillOnlyPlaces() -> Bool {
        for unit in 0..<(3 * size) {
            let once = UInt16(truncatingIfNeeded: places[unit])
            let twice = UInt16(truncatingIfNeeded: places[unit] >> 16)
            if used[unit] | once != allDigits { return false }
            var only = once & ~twice & ~used[unit]
            while only != 0 {
                let bit = only & (~only + 1)
                only ^= bit
                guard let cell = cell(of: unit, thatTakes: bit) else { return false }
                fill(cell, bit)
            }
        }
        return true
    }

    private func cell(of unit: Int, thatTakes bit: UInt16) -> Int? {
        for index in (unit * size)..<((unit + 1) * size) {
            let cell = Int(cellsOfUnit[index])
            if digits[cell] == 0, candidates(of: cell) & bit != 0 { return cell }
        }
        return nil
    }

    /// Counts solutions from the current position; the board is restored afterwards.
    private mutating func search() {
        guard positionsSearched < effort else { return }
        positionsSearched += 1
        let given = filledCount
        defer { clear(downTo: given) }
        guard case .stable(let cell) = propagate() else { return }
        if cell < 0 {
            if foundCount == 0 {
                for index in 0..<digits.count { found[index] = digits[index] }
            }
            foundCount += 1
            return
        }
        let settled = filledCount
        var options = candidates(of: cell)
        while options != 0, foundCount < limit, positionsSearched < effort {
            let bit = options & (~options + 1)
            options ^= bit
            if foundCount == 0 { guesses += 1 }
            fill(cell, bit)
            search()
            clear(downTo: settled)
        }
    }
}

// MARK: For the generator

extension SudokuSolver {
    /// Returns a random filled-in board.
    mutating func randomSolution(using generator: inout ErasedGenerator) -> SudokuBoard {
        clear()
        startCounting(upTo: 1)
        searchAtRandom(using: &generator)
        precondition(foundCount == 1, "an empty \(geometry) board has no solution")
        return foundBoard
    }

    /// Searches like ``search()``, but tries the candidates in random order.
    private mutating func searchAtRandom(using generator: inout ErasedGenerator) {
        let given = filledCount
        defer { clear(downTo: given) }
        guard case .stable(let cell) = propagate() else { return }
        if cell < 0 {
            for index in 0..<digits.count { found[index] = digits[index] }
            foundCount = 1
            return
        }
        let settled = filledCount
        var options = candidates(of: cell)
        while options != 0, foundCount == 0 {
            var bit = options
            for _ in 0..<Int.random(in: 0..<options.nonzeroBitCount, using: &generator) {
                bit &= bit - 1
            }
            bit &= ~bit + 1
            options ^= bit
            fill(cell, bit)
            searchAtRandom(using: &generator)
            clear(downTo: settled)
        }
    }

    /// Clears cells of a filled board while it remains the only solution.
    ///
    /// - Parameters:
    ///   - answer: The solution.
    ///   - order: The cells in the order of the attempts.
    ///   - target: The number of givens to stop at.
    /// - Returns: The board with blanks.
    mutating func clearingCells(
        of answer: SudokuBoard, inOrder order: [Int], downTo target: Int
    ) -> SudokuBoard {
        precondition(load(answer.cells), "\(answer) is not a solution")
        for cell in order where filledCount > target {
            let bit = digits[cell]
            clear(cell)
            if !isForced(cell, toBe: bit) { fill(cell, bit) }
        }
        var question = SudokuBoard(geometry)
        for cell in 0..<digits.count where digits[cell] != 0 {
            question[cell] = UInt8(digits[cell].trailingZeroBitCount + 1)
        }
        return question
    }

    /// Clears one cell, even if other cells were filled after it.
    private mutating func clear(_ cell: Int) {
        guard let index = filled.firstIndex(of: UInt8(cell)) else { return }
        filled.swapAt(index, filledCount - 1)
        clear(downTo: filledCount - 1)
    }

    /// Returns true if all solutions have the digit at a blank cell, given that one of them has.
    private mutating func isForced(_ cell: Int, toBe bit: UInt16) -> Bool {
        if candidates(of: cell) == bit || isOnlyPlace(cell, bit) { return true }
        let given = filledCount
        defer { clear(downTo: given) }
        guard case .stable = propagate() else { return false }
        // Propagation only fills in digits of the known solution, so the cell can only have got
        // `bit`.
        if digits[cell] != 0 { return true }
        var others = candidates(of: cell) & ~bit
        startCounting(upTo: 1)
        let settled = filledCount
        while others != 0, foundCount == 0 {
            let other = others & (~others + 1)
            others ^= other
            fill(cell, other)
            search()
            clear(downTo: settled)
        }
        return foundCount == 0
    }

    /// Returns true if the digit has no other possible cell in some unit of the cell.
    private func isOnlyPlace(_ cell: Int, _ bit: UInt16) -> Bool {
        let units = unitsOfCell[cell]
        return placeCount(of: bit, in: units.row) == 1
            || placeCount(of: bit, in: units.column) == 1
            || placeCount(of: bit, in: units.box) == 1
    }

    private func placeCount(of bit: UInt16, in unit: Int) -> Int {
        var count = 0
        for index in (unit * size)..<((unit + 1) * size) {
            let cell = Int(cellsOfUnit[index])
            if digits[cell] == 0, candidates(of: cell) & bit != 0 { count += 1 }
        }
        return count
    }
}

/// Makes binary puzzles, an example of a puzzle that this package knows nothing about but its grids.
///
/// A square is filled with zeros and ones, as many of each in every row and column, and never three
/// equal ones side by side or one above the other. Some cells are given, the others are to be found;
/// there is exactly one solution. The puzzle stays the same when it is turned or flipped, and when
/// zeros and ones change places.
public struct BinaryPuzzleGenerator: Sendable {
    /// How a blank cell, a zero and a one are written.
    public static let alphabet = GridAlphabet.characters([".", "0", "1"])
    /// The sizes that there are.
    public static let sizes = [4, 6, 8]

    /// Rows, and columns, of the puzzles.
    public let size: Int
    /// Cells that are given; more where fewer would allow a second solution.
    public let givens: Int
    /// Boards that are tried for one puzzle before giving up.
    public var attemptsPerPuzzle = 2000

    private let patterns: [UInt16]
    private var seen: Set<PuzzleGrid> = []

    /// A generator that has not made any puzzle yet.
    ///
    /// - Parameters:
    ///   - size: 4, 6 or 8.
    ///   - givens: Cells that are given, if so few are enough.
    /// - Throws: ``BinaryPuzzleError`` when no puzzle can be as wanted.
    public init(size: Int, givens: Int) throws(BinaryPuzzleError) {
        guard Self.sizes.contains(size) else { throw .size(size) }
        guard (0..<(size * size)).contains(givens) else { throw .givens(givens, size: size) }
        self.size = size
        self.givens = givens
        patterns = (0..<(UInt16(1) << UInt16(size))).filter { row in
            row.nonzeroBitCount == size / 2
                && !Self.hasThreeEqual((row, row >> 1, row >> 2), width: size - 2)
        }
    }

    /// Whether three rows have equal bits at one of the lowest places.
    private static func hasThreeEqual(
        _ rows: (UInt16, UInt16, UInt16), width: Int
    ) -> Bool {
        let all = UInt16(1) << UInt16(width) - 1
        return rows.0 & rows.1 & rows.2 & all != 0 || (rows.0 | rows.1 | rows.2) & all != all
    }

    /// The next puzzle, different from all before.
    ///
    /// - Throws: ``BinaryPuzzleError/exhausted(size:attempts:made:)``.
    public mutating func next(
        using generator: inout some RandomNumberGenerator
    ) throws(BinaryPuzzleError) -> GridPair {
        try ErasedGenerator.erasing(&generator) { (generator) throws(BinaryPuzzleError) in
            for _ in 0..<attemptsPerPuzzle {
                let pair = puzzle(using: &generator)
                if seen.insert(pair.input).inserted { return pair }
            }
            throw .exhausted(size: size, attempts: attemptsPerPuzzle, made: seen.count)
        }
    }

    private func puzzle(using generator: inout ErasedGenerator) -> GridPair {
        // An order for each row: with one for all, few of the boards would ever come first.
        let orders = (0..<size).map { _ in patterns.shuffled(using: &generator) }
        var search = Search(orders: orders)
        search.run(upTo: 1)
        let solution = search.first
        var known = [UInt16](repeating: UInt16(1) << UInt16(size) - 1, count: size)
        var left = size * size
        for cell in (0..<(size * size)).shuffled(using: &generator) where left > givens {
            let bit = UInt16(1) << UInt16(cell % size)
            known[cell / size] &= ~bit
            var search = Search(orders: orders, known: known, values: solution)
            search.run(upTo: 2)
            if search.count == 1 { left -= 1 } else { known[cell / size] |= bit }
        }
        return GridPair(
            input: grid(solution, known: known),
            output: grid(solution, known: known.map { _ in .max }))
    }

    private func grid(_ rows: [UInt16], known: [UInt16]) -> PuzzleGrid {
        let cells = (0..<(size * size)).map { cell -> UInt8 in
            let (row, column) = (cell / size, UInt16(cell % size))
            guard known[row] >> column & 1 == 1 else { return 0 }
            return UInt8(1 + rows[row] >> column & 1)
        }
        return PuzzleGrid(rows: size, columns: size, cells: cells)
    }

    /// A search for boards, row by row.
    private struct Search {
        /// The contents that are tried for each row, in this order.
        let orders: [[UInt16]]
        var known: [UInt16] = []
        var values: [UInt16] = []
        /// How many boards were found.
        var count = 0
        /// The rows of the first one.
        var first: [UInt16] = []
        private var rows: [UInt16] = []
        private var limit = 0

        private var size: Int { orders.count }

        init(orders: [[UInt16]], known: [UInt16]? = nil, values: [UInt16]? = nil) {
            let nothing = [UInt16](repeating: 0, count: orders.count)
            self.orders = orders
            self.known = known ?? nothing
            self.values = values ?? nothing
        }

        /// Finds boards until there are `limit` of them.
        mutating func run(upTo limit: Int) {
            self.limit = limit
            place(ones: [Int](repeating: 0, count: size))
        }

        private mutating func place(ones: [Int]) {
            let row = rows.count
            guard row < size else {
                if count == 0 { first = rows }
                count += 1
                return
            }
            for pattern in orders[row] where count < limit {
                guard (pattern ^ values[row]) & known[row] == 0, fits(pattern) else { continue }
                var counts = ones
                for column in 0..<size { counts[column] += Int(pattern >> UInt16(column) & 1) }
                let most = size / 2
                guard counts.allSatisfy({ $0 <= most && row + 1 - $0 <= most }) else { continue }
                rows.append(pattern)
                place(ones: counts)
                rows.removeLast()
            }
        }

        private func fits(_ pattern: UInt16) -> Bool {
            guard rows.count >= 2 else { return true }
            return !hasThreeEqual(
                (pattern, rows[rows.count - 1], rows[rows.count - 2]), width: size)
        }
    }
}

/// Why no binary puzzle could be made.
public enum BinaryPuzzleError: Error, Equatable, Sendable {
    /// A number of rows that is not possible.
    case size(Int)
    /// A number of givens that is not possible.
    case givens(Int, size: Int)
    /// Every puzzle that was made had been made before.
    case exhausted(size: Int, attempts: Int, made: Int)
}

extension BinaryPuzzleError: CustomStringConvertible {
    /// One sentence: what was wanted, and what to ask for instead.
    public var description: String {
        switch self {
        case .size(let size): "there are no binary puzzles of \(size) rows; ask for 4, 6 or 8"
        case .givens(let givens, let size):
            "\(size.article) \(size)×\(size) puzzle cannot have \(givens) givens; ask for 0 to \(size * size - 1)"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size)×\(size) boards gave no puzzle that is not among the \(made) "
                + "made before; ask for fewer or larger puzzles"
        }
    }
}

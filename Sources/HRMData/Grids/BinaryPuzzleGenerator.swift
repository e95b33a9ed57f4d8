import HRMFiles

/// Generates binary puzzles, an example of a custom grid puzzle.
///
/// A square is filled with zeros and ones: equally many of each in every row and column, and never
/// three equal ones adjacent in a line. Some cells are given; there is exactly one solution. The
/// puzzle is invariant under rotations and flips, and under exchanging zeros and ones.
package struct BinaryPuzzleGenerator: Sendable {
    /// The characters of a blank cell, a zero and a one.
    package static let alphabet = GridAlphabet.characters([".", "0", "1"])
    /// The supported sizes.
    package static let sizes = [4, 6, 8]

    /// The number of rows and of columns.
    package let size: Int
    /// The requested number of givens; puzzles have more if fewer would allow a second solution.
    package let givens: Int
    /// The maximum number of boards tried for one puzzle.
    package var attemptsPerPuzzle = 2000

    private let patterns: [UInt16]
    private var seen: Set<PuzzleGrid> = []

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - size: 4, 6 or 8.
    ///   - givens: The number of givens, if it suffices for a unique solution.
    /// - Throws: ``BinaryPuzzleError`` if there are no such puzzles.
    package init(size: Int, givens: Int) throws(BinaryPuzzleError) {
        guard Self.sizes.contains(size) else { throw .size(size) }
        guard (0..<(size * size)).contains(givens) else { throw .givens(givens, size: size) }
        self.size = size
        self.givens = givens
        patterns = (0..<(UInt16(1) << UInt16(size))).filter { row in
            row.nonzeroBitCount == size / 2
                && !Self.hasThreeEqual((row, row >> 1, row >> 2), width: size - 2)
        }
    }

    /// Returns true if three rows have equal bits at one of the lowest `width` positions.
    private static func hasThreeEqual(
        _ rows: (UInt16, UInt16, UInt16), width: Int
    ) -> Bool {
        let all = UInt16(1) << UInt16(width) - 1
        return rows.0 & rows.1 & rows.2 & all != 0 || (rows.0 | rows.1 | rows.2) & all != all
    }

    /// Returns the next puzzle, different from all previous ones.
    ///
    /// - Throws: ``BinaryPuzzleError/exhausted(size:attempts:made:)``.
    package mutating func next(
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
        // A separate order for each row: one shared order would reach only few of the boards first.
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

    /// A row-by-row search for boards.
    private struct Search {
        /// The contents to try for each row, in order.
        let orders: [[UInt16]]
        var known: [UInt16] = []
        var values: [UInt16] = []
        /// The number of boards found.
        var count = 0
        /// The rows of the first board found.
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

        /// Searches until `limit` boards are found.
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

/// An error in generating binary puzzles.
package enum BinaryPuzzleError: Error, Equatable, Sendable {
    /// The number of rows is not supported.
    case size(Int)
    /// The number of givens is not possible.
    case givens(Int, size: Int)
    /// All generated puzzles were duplicates.
    case exhausted(size: Int, attempts: Int, made: Int)
}

extension BinaryPuzzleError: CustomStringConvertible {
    /// A sentence that states the problem and the possible values.
    package var description: String {
        switch self {
        case .size(let size):
            "there are no binary puzzles of \(size.counted("row")); ask for 4, 6 or 8"
        case .givens(let givens, let size):
            "\(size.article) \(size)×\(size) puzzle cannot have \(givens.counted("given")); ask for 0 to \(size * size - 1)"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size)×\(size) boards gave no puzzle that is not among the \(made) "
                + "made before; ask for fewer or larger puzzles"
        }
    }
}

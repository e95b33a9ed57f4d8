/// A search for the Latin squares that fit some candidates and further rules.
///
/// Every row and every column of a Latin square has each of the numbers from 1 to its size once.
struct LatinSquareSearch {
    /// Excludes candidates by further rules; false when a cell has none left.
    typealias Narrowing = (_ candidates: inout [UInt16]) -> Bool

    /// Rows, and columns.
    let size: Int
    private let narrow: Narrowing
    private let limit: Int

    /// How many squares were found, at most as many as were asked for.
    private(set) var count = 0
    /// The numbers of the first one, row by row; empty where none was found.
    private(set) var first: [Int] = []

    /// Searches for squares.
    ///
    /// - Parameters:
    ///   - size: Rows, and columns; below 16.
    ///   - candidates: Of each cell, row by row; number `n` is bit `n − 1`. All unless given.
    ///   - limit: Squares after which the search ends.
    ///   - narrow: Excludes candidates by further rules.
    init(
        size: Int, candidates: [UInt16]? = nil, upTo limit: Int, narrow: @escaping Narrowing
    ) {
        (self.size, self.limit, self.narrow) = (size, limit, narrow)
        place(candidates ?? Array(repeating: Self.all(size), count: size * size))
    }

    /// The candidates of a cell of which nothing is known.
    static func all(_ size: Int) -> UInt16 { 1 << UInt16(size) - 1 }

    /// A random square.
    static func random(size: Int, using generator: inout ErasedGenerator) -> [Int] {
        var candidates = Array(repeating: all(size), count: size * size)
        for cell in candidates.indices {
            for number in (0..<size).shuffled(using: &generator) {
                var tried = candidates
                tried[cell] &= 1 << UInt16(number)
                guard tried[cell] != 0 else { continue }
                let search = Self(size: size, candidates: tried, upTo: 1) { _ in true }
                guard search.count == 1 else { continue }
                candidates = tried
                break
            }
        }
        return candidates.map { $0.trailingZeroBitCount + 1 }
    }

    private mutating func place(_ given: [UInt16]) {
        var candidates = given
        guard propagate(&candidates) else { return }
        let open = candidates.indices.filter { candidates[$0].nonzeroBitCount > 1 }
        guard
            let cell = open.min(by: {
                candidates[$0].nonzeroBitCount < candidates[$1].nonzeroBitCount
            })
        else {
            if count == 0 { first = candidates.map { $0.trailingZeroBitCount + 1 } }
            count += 1
            return
        }
        for number in 0..<UInt16(size) where candidates[cell] >> number & 1 == 1 && count < limit {
            var next = candidates
            next[cell] = 1 << number
            place(next)
        }
    }

    /// Excludes until nothing more can be; false when a cell has no candidate left.
    private func propagate(_ candidates: inout [UInt16]) -> Bool {
        while true {
            let before = candidates
            for cell in candidates.indices where candidates[cell].nonzeroBitCount == 1 {
                let (row, column) = (cell / size, cell % size)
                for index in 0..<size {
                    for other in [row * size + index, index * size + column] where other != cell {
                        candidates[other] &= ~candidates[cell]
                    }
                }
            }
            guard !candidates.contains(0), narrow(&candidates) else { return false }
            if candidates == before { return true }
        }
    }
}

/// Why no puzzle on a Latin square could be made.
public enum LatinPuzzleError: Error, Equatable, Sendable {
    /// A number of rows that is not possible.
    case size(Int, puzzle: String, possible: ClosedRange<Int>)
    /// A number of givens that is not possible.
    case givens(Int, size: Int)
    /// A number of marks between cells, or of clues at the rim, that is not possible.
    case clues(Int, size: Int, most: Int)
    /// Every puzzle that was made had been made before.
    case exhausted(size: Int, attempts: Int, made: Int)
}

extension LatinPuzzleError: CustomStringConvertible {
    /// One sentence: what was wanted, and what to ask for instead.
    public var description: String {
        switch self {
        case .size(let size, let puzzle, let possible):
            "\(puzzle) puzzles of \(size) rows are not made; ask for \(possible.lowerBound) to "
                + "\(possible.upperBound)"
        case .givens(let givens, let size):
            "\(size.article) \(size)×\(size) puzzle cannot have \(givens) givens; ask for 0 to \(size * size - 1)"
        case .clues(let clues, let size, let most):
            "\(size.article) \(size)×\(size) puzzle cannot have \(clues) clues; ask for 0 to \(most)"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size)×\(size) squares gave no puzzle that is not among the "
                + "\(made) made before; ask for fewer or larger puzzles"
        }
    }
}

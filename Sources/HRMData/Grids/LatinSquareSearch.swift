import HRMFiles

/// A search for Latin squares under given candidates and additional constraints.
///
/// Every row and every column of a Latin square has each of the numbers from 1 to its size once.
struct LatinSquareSearch {
    /// Removes candidates by additional constraints; returns false if a cell has none left.
    typealias Narrowing = (_ candidates: inout [UInt16]) -> Bool

    /// The number of rows and of columns.
    let size: Int
    private let narrow: Narrowing
    private let limit: Int

    /// The number of squares found, up to the limit.
    private(set) var count = 0
    /// The numbers of the first square found, row by row; empty if there is none.
    private(set) var first: [Int] = []

    /// Searches for squares.
    ///
    /// - Parameters:
    ///   - size: The number of rows and of columns; below 16.
    ///   - candidates: The candidates of each cell, row by row; number `n` is bit `n − 1`. All by
    ///     default.
    ///   - limit: The number of squares after which the search ends.
    ///   - narrow: Removes candidates by additional constraints.
    init(
        size: Int, candidates: [UInt16]? = nil, upTo limit: Int, narrow: @escaping Narrowing
    ) {
        (self.size, self.limit, self.narrow) = (size, limit, narrow)
        place(candidates ?? Array(repeating: Self.all(size), count: size * size))
    }

    /// Returns the candidates of an unconstrained cell.
    static func all(_ size: Int) -> UInt16 { 1 << UInt16(size) - 1 }

    /// Returns a random square.
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

    /// Removes candidates up to a fixed point; returns false if a cell has none left.
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

/// An error in generating puzzles on Latin squares.
package enum LatinPuzzleError: Error, Equatable, Sendable {
    /// The number of rows is not supported.
    case size(Int, puzzle: String, possible: ClosedRange<Int>)
    /// The number of givens is not possible.
    case givens(Int, size: Int)
    /// The number of marks between cells, or of clues at the border, is not possible.
    case clues(Int, size: Int, most: Int)
    /// All generated puzzles were duplicates.
    case exhausted(size: Int, attempts: Int, made: Int)
}

extension LatinPuzzleError: CustomStringConvertible {
    /// A sentence that states the problem and the possible values.
    package var description: String {
        switch self {
        case .size(let size, let puzzle, let possible):
            "\(puzzle) puzzles of \(size.counted("row")) are not made; ask for \(possible.lowerBound) to "
                + "\(possible.upperBound)"
        case .givens(let givens, let size):
            "\(size.article) \(size)×\(size) puzzle cannot have \(givens.counted("given")); ask for 0 to \(size * size - 1)"
        case .clues(let clues, let size, let most):
            "\(size.article) \(size)×\(size) puzzle cannot have \(clues.counted("clue")); ask for 0 to \(most)"
        case .exhausted(let size, let attempts, let made):
            "\(attempts) random \(size)×\(size) squares gave no puzzle that is not among the "
                + "\(made) made before; ask for fewer or larger puzzles"
        }
    }
}

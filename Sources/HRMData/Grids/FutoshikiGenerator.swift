/// Generates Futoshiki puzzles: Latin squares with some cells and some inequalities between
/// neighbouring cells given.
///
/// Every row and every column has each number once. A mark between two cells points at the cell
/// with the smaller number. A puzzle has exactly one solution; its marks are chosen at random, and
/// beyond the requested number of givens none is redundant.
///
/// A puzzle of size `n` is a grid of `2n − 1` rows and columns: cells with blanks or numbers where
/// row and column are even, counting from 0, and between them marks or the symbol for no mark.
///
/// The puzzle is invariant under rotations and flips that transform the marks as well, and under
/// replacing every number by its difference from `n + 1` with every mark reversed.
package struct FutoshikiGenerator: Sendable {
    /// The supported sizes.
    package static let sizes = 4...6
    /// Returns the alphabet of a size: a blank cell, no mark, the marks, the numbers.
    ///
    /// - Parameter size: `n`.
    /// - Returns: The alphabet.
    package static func alphabet(size: Int) -> GridAlphabet {
        .characters(Array(".-<>^v") + (1...size).map { Character(String($0)) })
    }

    /// `n`, the number of cells in a row.
    package let size: Int
    /// The requested number of givens; puzzles have more if fewer would allow a second solution.
    package let givens: Int
    /// The number of marks.
    package let clues: Int
    /// The maximum number of squares tried for one puzzle.
    package var attemptsPerPuzzle = 2000

    private var seen: Set<PuzzleGrid> = []

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - size: 4, 5 or 6.
    ///   - givens: The minimum number of givens.
    ///   - clues: The number of marks; by default half of all possible ones, rounded up.
    /// - Throws: ``LatinPuzzleError`` if there are no such puzzles.
    package init(size: Int, givens: Int = 0, clues: Int? = nil) throws(LatinPuzzleError) {
        guard Self.sizes.contains(size) else {
            throw .size(size, puzzle: "Futoshiki", possible: Self.sizes)
        }
        guard (0..<(size * size)).contains(givens) else { throw .givens(givens, size: size) }
        let most = 2 * size * (size - 1)
        let clues = clues ?? (most + 1) / 2
        guard (0...most).contains(clues) else { throw .clues(clues, size: size, most: most) }
        (self.size, self.givens, self.clues) = (size, givens, clues)
    }

    /// Returns the next puzzle, different from all previous ones.
    ///
    /// - Throws: ``LatinPuzzleError/exhausted(size:attempts:made:)``.
    package mutating func next(
        using generator: inout some RandomNumberGenerator
    ) throws(LatinPuzzleError) -> GridPair {
        try ErasedGenerator.erasing(&generator) { (generator) throws(LatinPuzzleError) in
            for _ in 0..<attemptsPerPuzzle {
                let pair = puzzle(using: &generator)
                if seen.insert(pair.input).inserted { return pair }
            }
            throw .exhausted(size: size, attempts: attemptsPerPuzzle, made: seen.count)
        }
    }

    /// A mark between two cells: the smaller one, at which it points, and the other one.
    private struct Mark: Hashable {
        var smaller: Int
        var larger: Int
    }

    private enum Clue: Hashable {
        case given(cell: Int)
        case mark(Mark)
    }

    private func puzzle(using generator: inout ErasedGenerator) -> GridPair {
        let solution = LatinSquareSearch.random(size: size, using: &generator)
        let marks = neighbours.map { first, second in
            solution[first] < solution[second]
                ? Mark(smaller: first, larger: second) : Mark(smaller: second, larger: first)
        }
        var shown =
            solution.indices.map { Clue.given(cell: $0) }
            + marks.map { Clue.mark($0) }.shuffled(using: &generator).prefix(clues)
        var left = solution.count
        for cell in solution.indices.shuffled(using: &generator) where left > givens {
            let fewer = shown.filter { $0 != .given(cell: cell) }
            guard isUnique(fewer, solution) else { continue }
            shown = fewer
            left -= 1
        }
        return GridPair(
            input: grid(shown, solution, complete: false),
            output: grid(shown, solution, complete: true))
    }

    /// All pairs of horizontally or vertically adjacent cells.
    private var neighbours: [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        for cell in 0..<(size * size) {
            if cell % size + 1 < size { pairs.append((cell, cell + 1)) }
            if cell / size + 1 < size { pairs.append((cell, cell + size)) }
        }
        return pairs
    }

    private func isUnique(_ clues: [Clue], _ solution: [Int]) -> Bool {
        var candidates = Array(repeating: LatinSquareSearch.all(size), count: size * size)
        var marks: [Mark] = []
        for clue in clues {
            switch clue {
            case .given(let cell): candidates[cell] = 1 << UInt16(solution[cell] - 1)
            case .mark(let mark): marks.append(mark)
            }
        }
        let search = LatinSquareSearch(size: size, candidates: candidates, upTo: 2) { candidates in
            for mark in marks {
                let most = UInt16(16 - candidates[mark.larger].leadingZeroBitCount)
                guard most > 0 else { return false }
                candidates[mark.smaller] &= 1 << (most - 1) - 1
                let least = UInt16(candidates[mark.smaller].trailingZeroBitCount)
                guard least < 16 else { return false }
                candidates[mark.larger] &= ~(1 << (least + 1) - 1)
                guard candidates[mark.larger] != 0 else { return false }
            }
            return true
        }
        return search.count == 1
    }

    private func grid(_ clues: [Clue], _ solution: [Int], complete: Bool) -> PuzzleGrid {
        let side = 2 * size - 1
        var grid = PuzzleGrid(
            rows: side, columns: side,
            cells: (0..<(side * side)).map { $0 / side % 2 == 0 && $0 % side % 2 == 0 ? 0 : 1 })
        func write(_ number: Int, at cell: Int) {
            grid[2 * (cell / size), 2 * (cell % size)] = UInt8(5 + number)
        }
        for clue in clues {
            switch clue {
            case .given(let cell): write(solution[cell], at: cell)
            case .mark(let mark):
                // The mark's row and column are the sums of those of its two cells.
                let row = mark.smaller / size + mark.larger / size
                let column = mark.smaller % size + mark.larger % size
                let pointsBack = mark.smaller < mark.larger
                let isBeside = mark.smaller / size == mark.larger / size
                grid[row, column] = (isBeside ? 2 : 4) + (pointsBack ? 0 : 1)
            }
        }
        if complete {
            for (cell, number) in solution.enumerated() { write(number, at: cell) }
        }
        return grid
    }
}

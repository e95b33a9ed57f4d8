/// Generates Skyscrapers puzzles: Latin squares with some cells given, and clues at the border that
/// count the visible buildings.
///
/// The numbers of a row or column are heights; a building is visible from the border if all
/// buildings before it are lower. A puzzle has exactly one solution; its clues are chosen at
/// random, and beyond the requested number of givens none is redundant.
///
/// A puzzle of size `n` is a grid of `n + 2` rows and columns: the cells inside, and clues or the
/// symbol for no clue at the border. It is invariant under rotations and flips.
package struct SkyscrapersGenerator: Sendable {
    /// The supported sizes.
    package static let sizes = 4...6
    /// Returns the alphabet of a size: a blank cell, no clue, the numbers.
    ///
    /// - Parameter size: `n`.
    /// - Returns: The alphabet.
    package static func alphabet(size: Int) -> GridAlphabet {
        .characters([".", "-"] + (1...size).map { Character(String($0)) })
    }

    /// `n`, the number of cells in a row.
    package let size: Int
    /// The requested number of givens; puzzles have more if fewer would allow a second solution.
    package let givens: Int
    /// The number of clues at the border.
    package let clues: Int
    /// The maximum number of squares tried for one puzzle.
    package var attemptsPerPuzzle = 2000

    private let rows: [Line]
    private var seen: Set<PuzzleGrid> = []

    /// Creates a generator.
    ///
    /// - Parameters:
    ///   - size: 4, 5 or 6.
    ///   - givens: The minimum number of givens.
    ///   - clues: The number of clues at the border; by default half of all possible ones, rounded
    ///     up.
    /// - Throws: ``LatinPuzzleError`` if there are no such puzzles.
    package init(size: Int, givens: Int = 0, clues: Int? = nil) throws(LatinPuzzleError) {
        guard Self.sizes.contains(size) else {
            throw .size(size, puzzle: "Skyscrapers", possible: Self.sizes)
        }
        guard (0..<(size * size)).contains(givens) else { throw .givens(givens, size: size) }
        let most = 4 * size
        let clues = clues ?? (most + 1) / 2
        guard (0...most).contains(clues) else { throw .clues(clues, size: size, most: most) }
        (self.size, self.givens, self.clues) = (size, givens, clues)
        rows = Self.permutations(of: Array(1...size)).map { heights in
            Line(
                candidates: heights.map { 1 << UInt16($0 - 1) },
                seenFromStart: Self.seen(heights), seenFromEnd: Self.seen(heights.reversed()))
        }
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

    /// Returns the number of heights visible from the side of the first one.
    static func seen(_ heights: some Sequence<Int>) -> Int {
        var (count, highest) = (0, 0)
        for height in heights where height > highest { (count, highest) = (count + 1, height) }
        return count
    }

    private static func permutations(of numbers: [Int]) -> [[Int]] {
        guard let last = numbers.last else { return [[]] }
        return permutations(of: numbers.dropLast()).flatMap { shorter in
            (0...shorter.count).map { Array(shorter[..<$0]) + [last] + Array(shorter[$0...]) }
        }
    }

    /// A possible content of a row or column.
    private struct Line: Sendable {
        let candidates: [UInt16]
        let seenFromStart: Int
        let seenFromEnd: Int
    }

    /// A clue's position: a row or column, viewed from either end.
    private struct View: Hashable {
        /// The index of a row if below `n`, otherwise that of a column plus `n`.
        var line: Int
        var isFromEnd: Bool
    }

    private enum Clue: Hashable {
        case given(cell: Int)
        case view(View)
    }

    private func cells(of line: Int) -> [Int] {
        (0..<size).map { line < size ? line * size + $0 : $0 * size + line - size }
    }

    private func count(_ view: View, _ solution: [Int]) -> Int {
        let heights = cells(of: view.line).map { solution[$0] }
        return view.isFromEnd ? Self.seen(heights.reversed()) : Self.seen(heights)
    }

    private func puzzle(using generator: inout ErasedGenerator) -> GridPair {
        let solution = LatinSquareSearch.random(size: size, using: &generator)
        let views = (0..<(2 * size)).flatMap { line in
            [false, true].map { View(line: line, isFromEnd: $0) }
        }
        var shown =
            solution.indices.map { Clue.given(cell: $0) }
            + views.map { Clue.view($0) }.shuffled(using: &generator).prefix(clues)
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

    private func isUnique(_ clues: [Clue], _ solution: [Int]) -> Bool {
        var candidates = Array(repeating: LatinSquareSearch.all(size), count: size * size)
        var fitting: [Int: [Line]] = [:]
        for clue in clues {
            switch clue {
            case .given(let cell): candidates[cell] = 1 << UInt16(solution[cell] - 1)
            case .view(let view):
                let wanted = count(view, solution)
                fitting[view.line] = (fitting[view.line] ?? rows).filter {
                    (view.isFromEnd ? $0.seenFromEnd : $0.seenFromStart) == wanted
                }
            }
        }
        let lines = fitting.sorted { $0.key < $1.key }.map { (cells(of: $0.key), $0.value) }
        let search = LatinSquareSearch(size: size, candidates: candidates, upTo: 2) { candidates in
            for (cells, contents) in lines {
                var possible = [UInt16](repeating: 0, count: cells.count)
                for line in contents
                where cells.indices.allSatisfy({
                    line.candidates[$0] & candidates[cells[$0]] != 0
                }) {
                    for index in cells.indices { possible[index] |= line.candidates[index] }
                }
                for (index, cell) in cells.enumerated() {
                    candidates[cell] &= possible[index]
                    guard candidates[cell] != 0 else { return false }
                }
            }
            return true
        }
        return search.count == 1
    }

    private func grid(_ clues: [Clue], _ solution: [Int], complete: Bool) -> PuzzleGrid {
        let side = size + 2
        let inside = 1...size
        var grid = PuzzleGrid(
            rows: side, columns: side,
            cells: (0..<(side * side)).map {
                inside.contains($0 / side) && inside.contains($0 % side) ? 0 : 1
            })
        func write(_ cell: Int) {
            grid[1 + cell / size, 1 + cell % size] = UInt8(1 + solution[cell])
        }
        for clue in clues {
            switch clue {
            case .given(let cell): write(cell)
            case .view(let view):
                let end = view.isFromEnd ? side - 1 : 0
                let symbol = UInt8(1 + count(view, solution))
                if view.line < size {
                    grid[1 + view.line, end] = symbol
                } else {
                    grid[end, 1 + view.line - size] = symbol
                }
            }
        }
        if complete {
            for cell in solution.indices { write(cell) }
        }
        return grid
    }
}

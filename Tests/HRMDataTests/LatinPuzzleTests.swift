import HRMTensor
import Testing

@testable import HRMData

/// Futoshiki and Skyscrapers puzzles satisfy their rules, checked independently of the generators.
@Suite struct LatinPuzzleTests {
    /// Returns all Latin squares of a size.
    private static func squares(_ size: Int) -> [[Int]] {
        var found: [[Int]] = []
        func place(_ numbers: [Int]) {
            guard numbers.count < size * size else { return found.append(numbers) }
            let (row, column) = (numbers.count / size, numbers.count % size)
            for number in 1...size {
                let fits =
                    !numbers[(row * size)...].contains(number)
                    && !(0..<row).contains { numbers[$0 * size + column] == number }
                if fits { place(numbers + [number]) }
            }
        }
        place([])
        return found
    }

    @Test func futoshikiHasOneSolution() throws {
        let size = 4
        let all = Self.squares(size)
        #expect(all.count == 576)
        let alphabet = FutoshikiGenerator.alphabet(size: size)
        var random = SeededGenerator(seed: 1)
        var generator = try FutoshikiGenerator(size: size)
        func fits(_ square: [Int], _ grid: PuzzleGrid) -> Bool {
            (0..<grid.rows).allSatisfy { row in
                (0..<grid.columns).allSatisfy { column in
                    let text = alphabet.text(grid[row, column])
                    func number(_ row: Int, _ column: Int) -> Int {
                        square[row / 2 * size + column / 2]
                    }
                    return switch text {
                    case ".", "-": true
                    case "<": number(row, column - 1) < number(row, column + 1)
                    case ">": number(row, column - 1) > number(row, column + 1)
                    case "^": number(row - 1, column) < number(row + 1, column)
                    case "v": number(row - 1, column) > number(row + 1, column)
                    default: Int(text) == number(row, column)
                    }
                }
            }
        }
        for _ in 0..<20 {
            let pair = try generator.next(using: &random)
            let fitting = all.filter { fits($0, pair.input) }
            #expect(fitting.count == 1, "\(alphabet.line(pair.input))")
            for (cell, number) in (fitting.first ?? []).enumerated() {
                let symbol = pair.output[2 * (cell / size), 2 * (cell % size)]
                #expect(alphabet.text(symbol) == String(number))
            }
            #expect(
                pair.input.cells(differingFrom: pair.output).allSatisfy {
                    pair.input.cells[$0] == 0
                })
        }
    }

    @Test func skyscrapersHaveOneSolution() throws {
        let size = 4
        let all = Self.squares(size)
        let alphabet = SkyscrapersGenerator.alphabet(size: size)
        var random = SeededGenerator(seed: 1)
        var generator = try SkyscrapersGenerator(size: size)
        /// Returns the number of visible heights along a line of four.
        func seen(_ line: [Int]) -> Int {
            line.indices.count { index in line[..<index].allSatisfy { $0 < line[index] } }
        }
        func fits(_ square: [Int], _ grid: PuzzleGrid) -> Bool {
            (0..<size).allSatisfy { index in
                let row = (0..<size).map { square[index * size + $0] }
                let column = (0..<size).map { square[$0 * size + index] }
                let clues = [
                    (grid[index + 1, 0], row), (grid[index + 1, size + 1], row.reversed()),
                    (grid[0, index + 1], column), (grid[size + 1, index + 1], column.reversed()),
                ]
                return clues.allSatisfy { $0 == 1 || Int($0) - 1 == seen($1) }
                    && (0..<size).allSatisfy {
                        let symbol = grid[index + 1, $0 + 1]
                        return symbol == 0 || Int(symbol) - 1 == row[$0]
                    }
            }
        }
        for _ in 0..<20 {
            let pair = try generator.next(using: &random)
            let fitting = all.filter { fits($0, pair.input) }
            #expect(fitting.count == 1, "\(alphabet.line(pair.input))")
            for (cell, number) in (fitting.first ?? []).enumerated() {
                let symbol = pair.output[1 + cell / size, 1 + cell % size]
                #expect(alphabet.text(symbol) == String(number))
            }
        }
    }

    @Test func equalSeedsGiveEqualPuzzles() throws {
        func puzzles(_ seed: UInt64, givens: Int) throws -> [GridPair] {
            var random = SeededGenerator(seed: seed)
            var futoshiki = try FutoshikiGenerator(size: 5, givens: givens)
            var skyscrapers = try SkyscrapersGenerator(size: 5, givens: givens)
            return try [futoshiki.next(using: &random), skyscrapers.next(using: &random)]
        }
        #expect(try puzzles(1, givens: 0) == puzzles(1, givens: 0))
        #expect(try puzzles(1, givens: 0) != puzzles(2, givens: 0))
        let many = try puzzles(1, givens: 20)
        #expect(many[0].input.cells.count { $0 > 5 } == 20)
        #expect(many[0].input.cells.count { (2...5).contains($0) } == 20)
        #expect(many[1].input.cells.count { $0 == 0 } == 5)
        var random = SeededGenerator(seed: 3)
        var few = try FutoshikiGenerator(size: 5, clues: 3)
        #expect(try few.next(using: &random).input.cells.count { (2...5).contains($0) } == 3)
        var all = try SkyscrapersGenerator(size: 5, clues: 20)
        // The corners have no clue.
        #expect(try all.next(using: &random).input.cells.count { $0 == 1 } == 4)
    }

    @Test func whatCannotBeMadeIsRefused() {
        #expect(throws: LatinPuzzleError.size(3, puzzle: "Futoshiki", possible: 4...6)) {
            try FutoshikiGenerator(size: 3)
        }
        #expect(throws: LatinPuzzleError.size(7, puzzle: "Skyscrapers", possible: 4...6)) {
            try SkyscrapersGenerator(size: 7)
        }
        #expect(throws: LatinPuzzleError.givens(25, size: 5)) {
            try SkyscrapersGenerator(size: 5, givens: 25)
        }
        #expect(throws: LatinPuzzleError.clues(21, size: 5, most: 20)) {
            try SkyscrapersGenerator(size: 5, clues: 21)
        }
        #expect(throws: LatinPuzzleError.clues(-1, size: 4, most: 24)) {
            try FutoshikiGenerator(size: 4, clues: -1)
        }
        #expect(
            LatinPuzzleError.size(3, puzzle: "Futoshiki", possible: 4...6).description
                == "Futoshiki puzzles of 3 rows are not made; ask for 4 to 6")
    }
}

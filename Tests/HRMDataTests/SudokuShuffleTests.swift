import HRMData
import HRMTensor
import Testing

/// Recorded draws.
private struct RecordedDraws: SudokuShuffleDraws {
    var permutations: [[Int]]
    var uniforms: [Double]

    mutating func permutation(of count: Int) -> [Int] {
        let next = permutations.removeFirst()
        #expect(next.count == count)
        return next
    }

    mutating func uniform() -> Double { uniforms.removeFirst() }
}

@Suite struct SudokuShuffleTests {
    static func solved(_ geometry: SudokuGeometry) throws -> SudokuBoard {
        var solver = SudokuSolver(geometry)
        return try #require(
            solver.solve(SudokuBoard(geometry), countingUpTo: 1).solution)
    }

    @Test(arguments: SudokuGeometry.all)
    func isUndoneAndKeepsValidity(_ geometry: SudokuGeometry) throws {
        var random = SeededGenerator(seed: 31)
        let solved = try Self.solved(geometry)
        var transposed = 0
        for _ in 0..<60 {
            let shuffle = SudokuShuffle(drawing: geometry, using: &random)
            transposed += shuffle.isTransposed ? 1 : 0
            let board = shuffle.apply(to: solved)
            #expect(board.isSolved)
            #expect(shuffle.inverse.apply(to: board) == solved)
            #expect(shuffle.inverse.inverse == shuffle)
            // For any board, not only valid ones.
            let cells = (0..<geometry.cellCount).map { _ in
                UInt8.random(in: 0...UInt8(geometry.size), using: &random)
            }
            let noise = SudokuBoard(geometry, cells: cells)
            #expect(shuffle.inverse.apply(to: shuffle.apply(to: noise)) == noise)
            #expect(shuffle.apply(to: shuffle.inverse.apply(to: noise)) == noise)
            #expect(shuffle.apply(to: noise).givenCount == noise.givenCount)
        }
        #expect(geometry.isSquare ? (15...45).contains(transposed) : transposed == 0)
    }

    @Test func followsTheFormula() throws {
        var random = SeededGenerator(seed: 32)
        for _ in 0..<20 {
            let shuffle = SudokuShuffle(drawing: .nine, using: &random)
            let cells = (0..<81).map { _ in UInt8.random(in: 0...9, using: &random) }
            let old = SudokuBoard(.nine, cells: cells)
            let new = shuffle.apply(to: old)
            for row in 0..<9 {
                for column in 0..<9 {
                    let a = shuffle.rowPermutation[row]
                    let b = shuffle.columnPermutation[column]
                    let source = shuffle.isTransposed ? old[b * 9 + a] : old[a * 9 + b]
                    #expect(new[row * 9 + column] == shuffle.digitMap[Int(source)])
                }
            }
        }
    }

    @Test func drawsInTheDocumentedOrder() {
        // Digits, transposition, bands, rows of each band in the new order, then the columns.
        var draws = RecordedDraws(
            permutations: [
                [1, 0, 2, 3, 5, 4], [2, 0, 1], [1, 0], [0, 1], [1, 0], [1, 0], [2, 1, 0],
                [1, 2, 0],
            ], uniforms: [])
        let shuffle = SudokuShuffle(.six, drawing: &draws)
        #expect(shuffle.digitMap == [0, 2, 1, 3, 4, 6, 5])
        #expect(!shuffle.isTransposed)
        #expect(shuffle.rowPermutation == [5, 4, 0, 1, 3, 2])
        #expect(shuffle.columnPermutation == [5, 4, 3, 1, 2, 0])
        #expect(draws.permutations.isEmpty)
        for (uniform, expected) in [(0.0, true), (0.49, true), (0.5, false), (0.9, false)] {
            var draws = RecordedDraws(
                permutations: [[0, 1, 2, 3]] + Array(repeating: [0, 1], count: 6),
                uniforms: [uniform])
            #expect(SudokuShuffle(.four, drawing: &draws).isTransposed == expected)
        }
    }

    @Test func reachesAllSymmetries() {
        var random = SeededGenerator(seed: 33)
        var seen: Set<SudokuShuffle> = []
        for _ in 0..<500 { seen.insert(SudokuShuffle(drawing: .four, using: &random)) }
        // 4! · 2 · (2 · 2 · 2)² = 3072 symmetries: few of 500 draws coincide.
        #expect(seen.count > 430)
        #expect(Set(seen.map(\.rowPermutation)).count == 8)
        #expect(Set(seen.map(\.digitMap)).count == 24)
    }

    @Test func partsThatAreNoSymmetryTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = SudokuShuffle(
                .four, digitMap: [0, 1, 2, 3, 4], isTransposed: false,
                rowPermutation: [0, 2, 1, 3], columnPermutation: [0, 1, 2, 3])
        }
        await #expect(processExitsWith: .failure) {
            _ = SudokuShuffle(
                .six, digitMap: [0, 1, 2, 3, 4, 5, 6], isTransposed: true,
                rowPermutation: [0, 1, 2, 3, 4, 5], columnPermutation: [0, 1, 2, 3, 4, 5])
        }
    }
}

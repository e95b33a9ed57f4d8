import HRMData
import HRMTensor
import Testing

@Suite struct GridCanvasTests {
    @Test func endMarksStandBelowAndRight() throws {
        let canvas = try GridCanvas(rows: 4, columns: 4)
        let grid = PuzzleGrid(rows: 2, columns: 3, cells: [0, 1, 2, 2, 1, 0])
        #expect(
            canvas.tokens(of: grid) == [
                2, 3, 4, 1,
                4, 3, 2, 1,
                1, 1, 1, 0,
                0, 0, 0, 0,
            ])
        let full = PuzzleGrid(rows: 4, columns: 4, cells: [UInt8](repeating: 1, count: 16))
        #expect(canvas.tokens(of: full) == [UInt8](repeating: 3, count: 16))
        let wide = PuzzleGrid(rows: 1, columns: 4, cells: [0, 1, 0, 1])
        #expect(canvas.tokens(of: wide).prefix(8) == [2, 3, 2, 3, 1, 1, 1, 1])
    }

    @Test func whatIsPlacedIsFound() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let canvas = try GridCanvas(
                rows: .random(in: 1...9, using: &random),
                columns: .random(in: 1...9, using: &random))
            let rows = Int.random(in: 1...canvas.rows, using: &random)
            let columns = Int.random(in: 1...canvas.columns, using: &random)
            let symbols = Int.random(in: 1...5, using: &random)
            let grid = PuzzleGrid(
                rows: rows, columns: columns,
                cells: (0..<(rows * columns)).map { _ in
                    UInt8.random(in: 0..<UInt8(symbols), using: &random)
                })
            let tokens = canvas.tokens(of: grid).map(Int32.init)
            #expect(canvas.grid(in: tokens, symbols: symbols) == grid)
            let vocabulary = GridCanvas.vocabularySize(symbols: symbols)
            #expect(tokens.allSatisfy { $0 < vocabulary })
        }
    }

    @Test func theLargestRectangleIsTaken() throws {
        let canvas = try GridCanvas(rows: 3, columns: 4)
        func found(_ tokens: [Int32]) -> PuzzleGrid { canvas.grid(in: tokens, symbols: 2) }
        #expect(found([1, 2, 2, 2] + [2, 2, 2, 2] + [2, 2, 2, 2]).cells.isEmpty)
        #expect(found([2, 2, 3, 9] + [2, 3, 1, 1] + [3, 0, 2, 2]).cells == [0, 0, 0, 1])
        // One row of four, two rows of two, or three of one: the first of the largest ones.
        #expect(found([2, 2, 2, 2] + [2, 2, 1, 1] + [2, 1, 1, 1]).columns == 4)
        #expect(found([-100, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0]).rows == 0)
        #expect(found([2, 2, 2, 1] + [2, 2, 2, 2] + [2, 2, 2, 2]).columns == 3)
    }

    @Test(arguments: [(0, 3), (3, 0), (129, 1), (1, 129), (-1, 4), (Int.max, Int.max)])
    func impossibleCanvasesAreRefused(rows: Int, columns: Int) {
        #expect(throws: GridError.canvas(rows: rows, columns: columns)) {
            try GridCanvas(rows: rows, columns: columns)
        }
    }
}

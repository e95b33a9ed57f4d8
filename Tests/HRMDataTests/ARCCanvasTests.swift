import HRMData
import HRMTensor
import Testing

@Suite struct ARCCanvasTests {
    @Test func decodingUndoesEncoding() {
        var random = SeededGenerator(seed: 1)
        for size in [1, 2, 5, 10, 30] {
            let canvas = ARCCanvas(size: size)
            #expect(ARCCanvas(sequenceLength: canvas.sequenceLength) == canvas)
            for _ in 0..<40 {
                let grid = ARCSamples.grid(upTo: size, using: &random)
                let tokens = canvas.encode(grid)
                #expect(tokens.count == canvas.sequenceLength)
                #expect(canvas.decode(tokens.map(Int32.init)) == grid)
            }
        }
        #expect(ARCCanvas(sequenceLength: 24) == nil)
        #expect(ARCCanvas(sequenceLength: 961) == nil)
    }

    @Test func bordersAreWhereThereIsRoom() {
        let canvas = ARCCanvas(size: 4)
        let grid = PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 9])
        #expect(
            canvas.encode(grid, row: 1, column: 1)
                == [0, 0, 0, 0, 0, 2, 3, 1, 0, 4, 11, 1, 0, 1, 1, 0])
        #expect(
            canvas.encode(grid, row: 2, column: 2)
                == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 0, 0, 4, 11])
        #expect(
            canvas.encode(grid, row: 2, column: 0)
                == [0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 1, 0, 4, 11, 1, 0])
    }

    /// Compares with a search over every rectangle at the top left.
    @Test func decodesTheLargestRectangle() {
        var random = SeededGenerator(seed: 2)
        let canvas = ARCCanvas(size: 5)
        var sizes: Set<Int> = []
        for _ in 0..<500 {
            let tokens = (0..<25).map { _ in
                Int.random(in: 0..<8, using: &random) == 0
                    ? [-100, 0, 1, 12, Int32.max].randomElement(using: &random) ?? 0
                    : Int32.random(in: 2...11, using: &random)
            }
            var best = (rows: 0, columns: 0)
            for rows in 1...5 {
                for columns in 1...5 {
                    let isWhole = (0..<rows).allSatisfy { row in
                        (0..<columns).allSatisfy { (2...11).contains(tokens[row * 5 + $0]) }
                    }
                    if isWhole, rows * columns > best.rows * best.columns { best = (rows, columns) }
                }
            }
            let grid = canvas.decode(tokens)
            #expect(grid.rows == best.rows && grid.columns == best.columns, "\(tokens)")
            for row in 0..<grid.rows {
                for column in 0..<grid.columns {
                    #expect(Int32(grid[row, column]) + 2 == tokens[row * 5 + column])
                }
            }
            sizes.insert(grid.cells.count)
        }
        #expect(sizes.count > 8)
    }
}

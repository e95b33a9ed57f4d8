import Testing

@testable import HRMData

@Suite struct PuzzleTextTests {
    @Test func sudokus() throws {
        let puzzle = try PuzzleText(parsing: "1...3..2.1..4..1", task: .sudoku(.four))
        #expect(puzzle.tokens == [2, 1, 1, 1, 4, 1, 1, 3, 1, 2, 1, 1, 5, 1, 1, 2])
        #expect(puzzle.identifier == 0)
        let right = puzzle.answer(
            "1234341221434321".compactMap { $0.wholeNumberValue.map { Int32($0 + 1) } })
        #expect(right == .init(text: "1234341221434321", verdict: "valid", isValid: true))
        let same = puzzle.answer(puzzle.tokens)
        #expect(same.text == "1...3..2.1..4..1" && same.isValid == false)
        #expect(throws: SudokuError.self) {
            try PuzzleText(parsing: "5...............", task: .sudoku(.four))
        }
    }

    @Test func mazes() throws {
        let drawn = try PuzzleText(parsing: "S..\n.##\n..G\n", task: .maze(size: 3))
        for text in ["S../.##/..G", "S...##..G"] {
            #expect(try PuzzleText(parsing: text, task: .maze(size: 3)) == drawn)
        }
        let way = try Maze(parsing: "S  o##ooG")
        let answer = drawn.answer(way.tokens.map(Int32.init))
        #expect(answer == .init(text: "S..o##ooG", verdict: "valid", isValid: true))
        #expect(throws: MazeError.otherSize(found: 3, expected: 4)) {
            try PuzzleText(parsing: "S../.##/..G", task: .maze(size: 4))
        }
        #expect(throws: MazeError.missing(.goal)) {
            try PuzzleText(parsing: "S../.##/...", task: .maze(size: 3))
        }
    }

    @Test func grids() throws {
        let task = GridTask(
            alphabet: .numbers(2), canvas: try GridCanvas(rows: 2, columns: 2),
            names: ["flip", "turn"])
        let puzzle = try PuzzleText(
            parsing: #"{"input": [[0,1]], "output": [[1,0]], "task": "turn"}"#, task: .grid(task))
        #expect(puzzle.identifier == 2 && puzzle.tokens.count == 4)
        #expect(puzzle.answer(puzzle.tokens).isValid == false)
        let turned = task.canvas.tokens(of: PuzzleGrid(rows: 1, columns: 2, cells: [1, 0])).map(
            Int32.init)
        #expect(puzzle.answer(turned).verdict == "right")
        // An answer without a grid is valid input.
        #expect(puzzle.answer([0, 0, 0, 0]).text == "")
        #expect(throws: GridQuestionError.taskMissing(example: "flip")) {
            try PuzzleText(parsing: "[[0,1]]", task: .grid(task))
        }
        #expect(throws: GridQuestionError.unknownTask("swap")) {
            try PuzzleText(parsing: #"{"input": [[0]], "task": "swap"}"#, task: .grid(task))
        }
        #expect(throws: GridQuestionError.self) {
            try PuzzleText(
                parsing: #"{"input": [[0,1,1]], "task": "flip"}"#, task: .grid(task))
        }
    }
}

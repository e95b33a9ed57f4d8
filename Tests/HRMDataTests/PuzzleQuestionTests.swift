import Testing

@testable import HRMData

@Suite struct PuzzleQuestionTests {
    @Test func sudokus() throws {
        let puzzle = try PuzzleQuestion(parsing: "1...3..2.1..4..1", task: .sudoku(.four))
        #expect(puzzle.tokens == [2, 1, 1, 1, 4, 1, 1, 3, 1, 2, 1, 1, 5, 1, 1, 2])
        #expect(puzzle.identifier == 0)
        let right = puzzle.answer(
            "1234341221434321".compactMap { $0.wholeNumberValue.map { Int32($0 + 1) } })
        #expect(right.text == "1234341221434321" && right.isValid == true)
        #expect(right.verdict == "valid (one of several solutions)" && right.wrongCells.isEmpty)
        #expect(right.board.cells(differingFrom: puzzle.board).count == 10)
        let same = puzzle.answer(puzzle.tokens)
        #expect(same.text == "1...3..2.1..4..1" && same.isValid == false)
        #expect(throws: SudokuError.self) {
            try PuzzleQuestion(parsing: "5...............", task: .sudoku(.four))
        }
    }

    /// The verdict tells more than the rules do about the answer alone.
    @Test(arguments: [
        ("123434122143....", "valid"),
        ("1...............", "valid (one of several solutions)"),
        ("................", "valid (nothing was given)"),
        (
            "123434122143.... 1234341221434312",
            "valid (but different from the answer given with the puzzle)"
        ),
    ])
    func remarksOnSudokus(text: String, verdict: String) throws {
        let puzzle = try PuzzleQuestion(parsing: text, task: .sudoku(.four))
        let right = try SudokuBoard(parsing: "1234341221434321", geometry: .four)
        #expect(puzzle.answer(right.tokens.map(Int32.init)).verdict == verdict)
    }

    @Test func anUnsolvableSudokuIsRemarkedUpon() throws {
        let puzzle = try PuzzleQuestion(parsing: "12...3..........", task: .sudoku(.four))
        var cells = puzzle.tokens
        cells[2] = 2
        let answer = puzzle.answer(cells)
        #expect(answer.verdict?.hasPrefix("not valid: 12 cells without a digit") == true)
        #expect(answer.wrongCells == [0, 2] && answer.isValid == false)
        let unsolvable = try PuzzleQuestion(parsing: "123....4........", task: .sudoku(.four))
        #expect(
            unsolvable.answer(unsolvable.tokens).verdict
                == "not valid: 12 cells without a digit (the puzzle has no solution)")
    }

    /// Text and tokens lead to the same question.
    @Test func questionsFromTokens() throws {
        for (text, task) in [
            ("1...3..2.1..4..1", PuzzleTask.sudoku(.four)), ("S...##..G", .maze(size: 3)),
            (
                "01/10",
                .grid(
                    GridTask(
                        alphabet: .numbers(2), canvas: try GridCanvas(rows: 3, columns: 2)))
            ),
        ] {
            let question = try PuzzleQuestion(parsing: text, task: task)
            #expect(try PuzzleQuestion(tokens: question.tokens, task: task) == question)
            #expect(question.text == text && question.task == task)
        }
        #expect(throws: SudokuError.self) {
            try PuzzleQuestion(tokens: [0], task: .sudoku(.four))
        }
        #expect(throws: MazeError.missing(.goal)) {
            try PuzzleQuestion(
                tokens: try Maze(parsing: "S...##...").tokens.map(Int32.init),
                task: .maze(size: 3))
        }
    }

    @Test func testInputsOfARCTasks() {
        let test = ARCPair(
            input: PuzzleGrid(rows: 2, columns: 1, cells: [3, 0]),
            output: PuzzleGrid(rows: 1, columns: 2, cells: [7, 7]))
        let canvas = ARCCanvas(size: 3)
        let question = PuzzleQuestion(test, canvas: canvas, identifier: 4)
        #expect(question.text == "3/0" && question.identifier == 4)
        #expect(question.tokens == canvas.encode(test.input).map(Int32.init))
        let right = question.answer(
            canvas.encode(PuzzleGrid(rows: 1, columns: 2, cells: [7, 7])).map(Int32.init))
        #expect(right.text == "77" && right.isValid == true)
        // Other extents: every cell counts as changed.
        #expect(right.board.cells(differingFrom: question.board) == [0, 1])
        let nothing = question.answer([Int32](repeating: 0, count: 9))
        #expect(nothing.text == "" && nothing.board.cells == [""] && nothing.isValid == false)
        #expect(nothing.board.cells(differingFrom: question.board) == [0])
        #expect(nothing.wrongCells.isEmpty)
    }

    @Test func mazes() throws {
        let drawn = try PuzzleQuestion(parsing: "S..\n.##\n..G\n", task: .maze(size: 3))
        for text in ["S../.##/..G", "S...##..G"] {
            #expect(try PuzzleQuestion(parsing: text, task: .maze(size: 3)) == drawn)
        }
        let way = try Maze(parsing: "S  o##ooG")
        let answer = drawn.answer(way.tokens.map(Int32.init))
        #expect(answer.text == "S..o##ooG" && answer.verdict == "valid")
        #expect(answer.isValid == true && answer.wrongCells.isEmpty)
        #expect(answer.board.cells(differingFrom: drawn.board) == [3, 6, 7])
        #expect(throws: MazeError.otherSize(found: 3, expected: 4)) {
            try PuzzleQuestion(parsing: "S../.##/..G", task: .maze(size: 4))
        }
        #expect(throws: MazeError.missing(.goal)) {
            try PuzzleQuestion(parsing: "S../.##/...", task: .maze(size: 3))
        }
    }

    @Test func grids() throws {
        let task = GridTask(
            alphabet: .numbers(2), canvas: try GridCanvas(rows: 2, columns: 2),
            names: ["flip", "turn"])
        let puzzle = try PuzzleQuestion(
            parsing: #"{"input": [[0,1]], "output": [[1,0]], "task": "turn"}"#, task: .grid(task))
        #expect(puzzle.identifier == 2 && puzzle.tokens.count == 4)
        #expect(puzzle.answer(puzzle.tokens).isValid == false)
        let turned = task.canvas.tokens(of: PuzzleGrid(rows: 1, columns: 2, cells: [1, 0])).map(
            Int32.init)
        #expect(puzzle.answer(turned).verdict == "right")
        // An answer without a grid is valid input.
        #expect(puzzle.answer([0, 0, 0, 0]).text == "")
        #expect(throws: GridQuestionError.taskMissing(example: "flip")) {
            try PuzzleQuestion(parsing: "[[0,1]]", task: .grid(task))
        }
        #expect(throws: GridQuestionError.unknownTask("swap")) {
            try PuzzleQuestion(parsing: #"{"input": [[0]], "task": "swap"}"#, task: .grid(task))
        }
        #expect(throws: GridQuestionError.self) {
            try PuzzleQuestion(
                parsing: #"{"input": [[0,1,1]], "task": "flip"}"#, task: .grid(task))
        }
    }
}

import HRMData
import HRMTensor
import Testing

@Suite struct TokenSymmetryTests {
    @Test(arguments: SudokuGeometry.all) func undoneIsTheIdentity(geometry: SudokuGeometry) throws {
        let tasks: [PuzzleTask] = [
            .sudoku(geometry), .maze(size: .square(geometry.size)),
            .maze(size: .init(rows: 3, columns: 5)),
            .grid(
                GridTask(
                    alphabet: .numbers(3),
                    canvas: try GridCanvas(rows: geometry.size, columns: geometry.size))),
        ]
        var generator = SeededGenerator(seed: 1)
        for task in tasks {
            var images: Set<[Int32]> = []
            for _ in 0..<20 {
                // No padding or end marks: the grid fills its canvas.
                let tokens = (0..<task.sequenceLength).map { _ in
                    Int32.random(in: 2..<Int32(task.vocabularySize), using: &generator)
                }
                let symmetry = task.symmetry(of: tokens, using: &generator)
                let image = symmetry.applied(to: tokens)
                images.insert(image)
                #expect(symmetry.undone(from: image) == tokens)
            }
            #expect(task.hasSymmetries && images.count > 1)
        }
    }

    /// Question and answer are transformed alike, each row by its own symmetry; ignored labels
    /// stay.
    @Test(arguments: SudokuGeometry.all)
    func anAugmentedBatchHasTheSameTasks(geometry: SudokuGeometry) throws {
        var generator = SeededGenerator(seed: 4)
        var puzzles = try SudokuGenerator(geometry, difficulty: .givens(geometry.cellCount / 2))
        let puzzle = try puzzles.next(using: &generator)
        let length = geometry.cellCount
        let rows = 6
        var batch = PuzzleBatch(
            inputs: (0..<rows).flatMap { _ in puzzle.question.tokens.map(Int32.init) },
            labels: (0..<rows).flatMap { _ in puzzle.answer.tokens.map(Int32.init) },
            puzzleIdentifiers: Array(repeating: 0, count: rows), sequenceLength: length,
            exampleCount: rows - 1)
        for cell in 0..<length where puzzle.question.tokens[cell] != 1 {
            batch.labels[cell] = PuzzleBatch.ignoredLabel
        }
        let image = batch.augmented(for: .sudoku(geometry), using: &generator)
        for row in 0..<(rows - 1) {
            let cells = (row * length)..<((row + 1) * length)
            let question = try SudokuBoard(
                tokens: Array(image.inputs[cells]), geometry: geometry)
            let ignored = image.labels[cells].count { $0 == PuzzleBatch.ignoredLabel }
            #expect(ignored == (row == 0 ? question.givenCount : 0))
            let answer = try SudokuBoard(
                tokens: zip(image.inputs[cells], image.labels[cells]).map {
                    $1 == PuzzleBatch.ignoredLabel ? $0 : $1
                }, geometry: geometry)
            #expect(answer.isSolved && answer.isConsistent(with: question))
        }
        #expect(
            Set((0..<(rows - 1)).map { image.inputs[($0 * length)..<(($0 + 1) * length)] }).count
                > 1)
        let padding = ((rows - 1) * length)..<(rows * length)
        #expect(image.inputs[padding] == batch.inputs[padding])
        #expect(image.puzzleIdentifiers == batch.puzzleIdentifiers)
    }

    @Test(arguments: SudokuGeometry.all)
    func anImageOfASolvedSudokuIsSolved(geometry: SudokuGeometry) throws {
        var generator = SeededGenerator(seed: 2)
        var puzzles = try SudokuGenerator(geometry, difficulty: .givens(geometry.cellCount / 2))
        for _ in 0..<10 {
            let puzzle = try puzzles.next(using: &generator)
            let question = puzzle.question.tokens.map(Int32.init)
            let symmetry = PuzzleTask.sudoku(geometry).symmetry(of: question, using: &generator)
            let image = try SudokuBoard(
                tokens: symmetry.applied(to: question), geometry: geometry)
            let answer = symmetry.applied(to: puzzle.answer.tokens.map(Int32.init))
            #expect(SudokuAnswer(tokens: answer, to: image).verdict == .valid)
        }
    }

    @Test func anImageOfAWayThroughAMazeIsOne() throws {
        var generator = SeededGenerator(seed: 3)
        var mazes = try MazeGenerator(size: 6, minimumPathLength: 4)
        for _ in 0..<10 {
            let puzzle = try mazes.next(using: &generator)
            let question = puzzle.question.tokens.map(Int32.init)
            let symmetry = PuzzleTask.maze(size: 6).symmetry(of: question, using: &generator)
            let image = try Maze(tokens: symmetry.applied(to: question)[...])
            let answer = symmetry.applied(to: puzzle.answer.tokens.map(Int32.init))
            #expect(MazeAnswer(tokens: answer, to: image).verdict == .valid)
        }
    }

    /// A grid smaller than its canvas has its end marks at fixed places.
    @Test func smallGridsStayAsTheyAre() throws {
        let canvas = try GridCanvas(rows: 3, columns: 3)
        let task = PuzzleTask.grid(GridTask(alphabet: .numbers(3), canvas: canvas))
        let tokens = canvas.tokens(of: PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 0]))
            .map(Int32.init)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<8 {
            let symmetry = task.symmetry(of: tokens, using: &generator)
            #expect(symmetry.applied(to: tokens) == tokens)
        }
        let wide = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: try GridCanvas(rows: 2, columns: 3)))
        #expect(!wide.hasSymmetries)
    }
}

import Foundation
import HRMData
import HRMTensor
import Testing
import _HRMTestSupport

@Suite struct TokenSymmetryTests {
    @Test(arguments: SudokuGeometry.all) func undoneIsTheIdentity(geometry: SudokuGeometry) throws {
        let tasks: [PuzzleTask] = [
            .sudoku(geometry), .maze(size: .square(geometry.size)),
            .maze(size: .init(rows: 3, columns: 5)),
            .grid(
                GridTask(
                    alphabet: .numbers(3),
                    canvas: try GridCanvas(rows: geometry.size, columns: geometry.size),
                    symmetries: try GridSymmetryGroup(
                        GridSymmetries(isDihedral: true, exchangeableSymbols: [0, 2]),
                        symbolCount: 3), fillsCanvas: true)),
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

    /// Question and answer are transformed alike, each row by a separate symmetry; ignored labels
    /// are unchanged.
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

    /// In a grid smaller than its canvas, the end marks have fixed positions.
    @Test func smallGridsStayAsTheyAre() throws {
        let canvas = try GridCanvas(rows: 3, columns: 3)
        let turns = try GridSymmetryGroup(GridSymmetries(isDihedral: true), symbolCount: 3)
        let task = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: canvas, symmetries: turns, fillsCanvas: true))
        let tokens = canvas.tokens(of: PuzzleGrid(rows: 2, columns: 2, cells: [0, 1, 2, 0]))
            .map(Int32.init)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<8 {
            let symmetry = task.symmetry(of: tokens, using: &generator)
            #expect(symmetry.applied(to: tokens) == tokens)
        }
        // Other grids of the puzzle, possibly only answers, do not fill the canvas.
        let mixed = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: canvas, symmetries: turns))
        #expect(!mixed.hasSymmetries)
        let full: [Int32] = [2, 3, 4, 2, 3, 4, 2, 3, 4]
        #expect(mixed.symmetry(of: full, using: &generator).applied(to: full) == full)
    }

    /// A puzzle that was prepared without symmetries has none.
    @Test func gridsWithoutDeclaredSymmetriesHaveNone() throws {
        var generator = SeededGenerator(seed: 5)
        let canvas = try GridCanvas(rows: 2, columns: 2)
        let task = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: canvas, fillsCanvas: true))
        #expect(!task.hasSymmetries)
        for _ in 0..<8 {
            let tokens: [Int32] = [2, 3, 4, 2]
            #expect(task.symmetry(of: tokens, using: &generator).applied(to: tokens) == tokens)
        }
    }

    /// A rectangle is never rotated by 90 degrees, and compositions of a map include its renaming.
    @Test func rectanglesKeepTheirExtents() throws {
        let map = GridSymmetryMap(transform: .horizontalFlip, renamed: [1: 2, 2: 1])
        let group = try GridSymmetryGroup(
            GridSymmetries(maps: [map, .init(transform: .transposition, renamed: [:])]),
            symbolCount: 3)
        let canvas = try GridCanvas(rows: 1, columns: 3)
        let task = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: canvas, symmetries: group, fillsCanvas: true))
        var generator = SeededGenerator(seed: 6)
        let tokens: [Int32] = [2, 3, 3]
        let images = Set(
            (0..<60).map { _ in task.symmetry(of: tokens, using: &generator).applied(to: tokens) })
        // Four of the eight members keep rows and columns; the two flips rename symbols, the half
        // turn does not.
        #expect(images == [[2, 3, 3], [4, 4, 2], [2, 4, 4], [3, 3, 2]])
    }

    /// Augmented puzzles with directed marks satisfy the puzzle's rules.
    @Test func augmentedGridsKeepTheirRules() throws {
        var random = SeededGenerator(seed: 7)
        var generator = try FutoshikiGenerator(size: 4)
        let pairs = try (0..<12).map { _ in try generator.next(using: &random) }
        let alphabet = FutoshikiGenerator.alphabet(size: 4)
        let maps = try ["flip-horizontal: <>", "transpose: <^ >v", "identity: <> ^v 14 23"].map {
            try GridSymmetryMap(parsing: $0, alphabet: alphabet)
        }
        try withScratchFolder { folder in
            let output = folder.appendingPathComponent("data")
            _ = try GridDatasetBuilder(symmetries: GridSymmetries(maps: maps)).build(
                GridSplits(
                    train: Array(pairs[1...]), test: Array(pairs[..<1]), alphabet: alphabet),
                output: output, using: &random)
            let data = try PuzzleDataset(folder: output, split: "train")
            guard case .grid(let task)? = data.task else {
                Issue.record("\(String(describing: data.task))")
                return
            }
            #expect(task.fillsCanvas && task.symmetries?.declared.maps == maps)
            let batch = data.batch(examples: 0..<11, puzzles: 0..<11)
            var orders: Set<[Int32]> = []
            for _ in 0..<8 {
                let image = batch.augmented(for: .grid(task), using: &random)
                for row in 0..<11 {
                    let cells = (row * 49)..<((row + 1) * 49)
                    orders.insert(Array(image.inputs[cells]))
                    try Self.expectFutoshiki(
                        task.grid(in: image.inputs[cells]), task.grid(in: image.labels[cells]))
                }
            }
            #expect(orders.count > 60)
        }
    }

    /// Expects that an answer contains the question, and that its marks point at smaller numbers.
    private static func expectFutoshiki(_ question: PuzzleGrid, _ answer: PuzzleGrid) throws {
        let (blank, none, left, right, up, down) =
            (0, 1, 2, 3, 4, 5)
            as (
                UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
            )
        try #require(question.rows == 7 && answer.rows == 7)
        for row in 0..<7 {
            for column in 0..<7 {
                let cell = answer[row, column]
                #expect(question[row, column] == cell || question[row, column] == blank)
                switch cell {
                case left: #expect(answer[row, column - 1] < answer[row, column + 1])
                case right: #expect(answer[row, column - 1] > answer[row, column + 1])
                case up: #expect(answer[row - 1, column] < answer[row + 1, column])
                case down: #expect(answer[row - 1, column] > answer[row + 1, column])
                default:
                    #expect((cell == none) == !(row.isMultiple(of: 2) && column.isMultiple(of: 2)))
                }
            }
        }
    }
}

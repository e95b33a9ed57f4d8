import HRMData
import HRMModel
import HRMTraining
import Testing

/// Settings that presume another kind of puzzles than the data hold.
@Suite struct TaskDoubtsTests {
    private static func grid(symbols: Int, side: Int = 9, names: [String] = []) throws -> PuzzleTask
    {
        .grid(
            GridTask(
                alphabet: .numbers(symbols), canvas: try GridCanvas(rows: side, columns: side),
                names: names))
    }

    private static func keys(
        _ configuration: TrainingConfiguration, _ task: PuzzleTask?, puzzles: Int = 0
    ) -> [String] {
        let dimensions = PuzzleDimensions(
            vocabularySize: task?.vocabularySize ?? 12,
            sequenceLength: task?.sequenceLength ?? 900, puzzleIdentifierCount: 1 + puzzles)
        return configuration.doubts(about: task, dimensions: dimensions).map(\.key)
    }

    @Test func everyPresetSuitsItsOwnPuzzles() throws {
        let own: [(Preset, PuzzleTask?)] = [
            (.sudokuTiny, .sudoku(.nine)), (.mazeTiny, .maze(size: MazeSize(rows: 9, columns: 9))),
            (.gridTiny, try Self.grid(symbols: 3, side: 6)), (.demo, .sudoku(.six)),
            (.sudokuSmall, .sudoku(.nine)), (.trmSudokuExtreme, .sudoku(.nine)),
            (.mazeHard, .maze(size: MazeSize(rows: 30, columns: 30))), (.arc, nil),
        ]
        for (preset, task) in own {
            let doubts = Self.keys(preset.configuration, task, puzzles: task == nil ? 9 : 0)
            #expect(doubts.isEmpty, "\(preset): \(doubts)")
        }
        // One model for all positions presumes nothing.
        #expect(
            Self.keys(Preset.demo.configuration, .maze(size: MazeSize(rows: 9, columns: 9))) == [])
    }

    @Test func otherPuzzlesAreNamed() throws {
        let sudoku = Preset.sudokuTiny.configuration
        let maze = PuzzleTask.maze(size: MazeSize(rows: 9, columns: 9))
        #expect(Self.keys(sudoku, maze) == ["relations", "symbols"])
        #expect(Self.keys(sudoku, try Self.grid(symbols: 9)) == ["relations"])
        #expect(Self.keys(sudoku, try Self.grid(symbols: 6)) == ["relations", "symbols"])
        #expect(Self.keys(sudoku, nil) == ["relations"])
        #expect(Self.keys(sudoku, .sudoku(.four)) == ["symbols"])
        #expect(Self.keys(sudoku, .sudoku(.tallSix)) == ["relations", "symbols"])
        #expect(Self.keys(Preset.mazeTiny.configuration, .sudoku(.nine)) == ["relations"])
        #expect(Self.keys(Preset.gridTiny.configuration, .sudoku(.nine)) == ["relations"])
        #expect(Self.keys(Preset.demo.configuration, nil, puzzles: 9) == ["puzzle_emb_ndim"])
        #expect(Self.keys(Preset.demo.configuration, nil, puzzles: 1) == [])
    }

    @Test func whatIsAskedOfTheSettingsHelps() throws {
        var sudoku = Preset.sudokuTiny.configuration
        try sudoku.set("symbols=6")
        try sudoku.set("relations=row,column,tall_box")
        #expect(Self.keys(sudoku, .sudoku(.tallSix)) == [])
        #expect(Self.keys(sudoku, .sudoku(.six)) == ["relations"])
        var maze = Preset.mazeTiny.configuration
        for relations in ["left,right,up,down", "horizontal,vertical", "row,neighbours", "board"] {
            try maze.set("relations=\(relations)")
            #expect(Self.keys(maze, .maze(size: MazeSize(rows: 9, columns: 9))) == [])
        }
        var grid = Preset.gridTiny.configuration
        try grid.set("augment=segment")
        #expect(Self.keys(grid, try Self.grid(symbols: 3)) == ["augment"])
    }

    @Test func theRowsOfTheDataAreTaken() throws {
        let task = PuzzleTask.grid(
            GridTask(alphabet: .numbers(3), canvas: try GridCanvas(rows: 4, columns: 9)))
        var grid = Preset.gridTiny.configuration
        // As many cells as a square of six, but not one.
        #expect(Self.keys(grid, task) == ["board_columns"])
        grid.takeBoard(of: nil)
        grid.takeBoard(of: try Self.grid(symbols: 3))
        #expect(grid == Preset.gridTiny.configuration)
        grid.takeBoard(of: task)
        #expect(grid.architecture.boardColumns == 9 && Self.keys(grid, task).isEmpty)
        // A number that is set stays, and is told.
        grid.architecture.boardColumns = 12
        grid.takeBoard(of: task)
        #expect(grid.architecture.boardColumns == 12)
        #expect(Self.keys(grid, task) == ["board_columns"])
        var attention = Preset.demo.configuration
        attention.takeBoard(of: task)
        #expect(attention == Preset.demo.configuration)
        #expect(Self.keys(attention, task).isEmpty)
    }

    @Test func theRowsAreAKeyOfTheFile() throws {
        var grid = Preset.gridTiny.configuration
        let old = try grid.yaml()
        #expect(!old.contains("board_columns"))
        #expect(try TrainingConfiguration(yaml: old, path: "f").architecture.boardColumns == 0)
        grid.architecture.boardColumns = 9
        let new = try grid.yaml()
        #expect(new.contains("  board_columns: 9\n"))
        #expect(try TrainingConfiguration(yaml: new, path: "f") == grid)
    }
}

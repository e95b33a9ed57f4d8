package import HRMData

/// A measure of a puzzle's difficulty, as an integer.
package enum DifficultyMeasure: String, Sendable, CaseIterable {
    /// The open cells: the blanks of a Sudoku, the path length of a maze, otherwise the cells whose
    /// answer differs from the question.
    case cells
    /// The guesses of a backtracking solver (`SudokuSolver`), by which generated Sudokus are rated.
    case guesses

    /// Returns a short description of the measure for a task.
    ///
    /// - Parameter task: The task, or nil if it is unknown.
    /// - Returns: A noun phrase such as "blanks"; nil if the measure does not apply to the task.
    package func name(for task: PuzzleTask?) -> String? {
        switch (self, task) {
        case (.cells, .sudoku): "blanks"
        case (.cells, .maze): "length of the way"
        case (.cells, _): "cells to change"
        case (.guesses, .sudoku): "guesses of a solver"
        case (.guesses, _): nil
        }
    }
}

/// Measures the difficulty of puzzles.
struct DifficultyMeter {
    private let measure: DifficultyMeasure
    private let task: PuzzleTask?
    private var solver: SudokuSolver?

    init(_ measure: DifficultyMeasure, task: PuzzleTask?) {
        self.measure = measure
        self.task = task
        if case .sudoku(let geometry) = task { solver = SudokuSolver(geometry) }
    }

    /// Returns the difficulty of a puzzle.
    ///
    /// - Parameters:
    ///   - inputs: The question's tokens, `[S]`.
    ///   - labels: The labels, `[S]`, with ``PuzzleBatch/ignoredLabel`` for cells that are not
    ///     scored.
    /// - Returns: A non-negative number; 0 if the puzzle cannot be measured.
    mutating func difficulty(inputs: ArraySlice<Int32>, labels: ArraySlice<Int32>) -> Int {
        switch (measure, task) {
        case (.cells, .maze):
            // The path's cells lie between start and goal: one more step than there are cells.
            return open(inputs, labels) + 1
        case (.cells, _): return open(inputs, labels)
        case (.guesses, .sudoku(let geometry)):
            guard let board = try? SudokuBoard(tokens: inputs, geometry: geometry) else { return 0 }
            return solver?.solve(board, countingUpTo: 1).guesses ?? 0
        case (.guesses, _): return 0
        }
    }

    private func open(_ inputs: ArraySlice<Int32>, _ labels: ArraySlice<Int32>) -> Int {
        zip(inputs, labels).count { $1 != PuzzleBatch.ignoredLabel && $0 != $1 }
    }
}

public import HRMData

/// What makes one puzzle harder than another, as a whole number.
public enum DifficultyMeasure: String, Sendable, CaseIterable {
    /// What the question leaves open: blanks of a Sudoku, the length of a maze's way, elsewhere the
    /// cells whose answer differs from the question.
    case cells
    /// Guesses of a solver by rules and trial (`SudokuSolver`), which is how generated Sudokus are
    /// rated.
    case guesses

    /// What the numbers of a task are called; nil for a task that cannot be measured so.
    ///
    /// - Parameter task: Which puzzle it is, if that is known.
    /// - Returns: A few words.
    public func name(for task: PuzzleTask?) -> String? {
        switch (self, task) {
        case (.cells, .sudoku): "blanks"
        case (.cells, .maze): "length of the way"
        case (.cells, _): "cells to change"
        case (.guesses, .sudoku): "guesses of a solver"
        case (.guesses, _): nil
        }
    }
}

/// Measures one puzzle after the other.
struct DifficultyMeter {
    private let measure: DifficultyMeasure
    private let task: PuzzleTask?
    private var solver: SudokuSolver?

    init(_ measure: DifficultyMeasure, task: PuzzleTask?) {
        self.measure = measure
        self.task = task
        if case .sudoku(let geometry) = task { solver = SudokuSolver(geometry) }
    }

    /// The difficulty of a puzzle.
    ///
    /// - Parameters:
    ///   - inputs: The question's tokens, `[S]`.
    ///   - labels: The right tokens, `[S]`, with ``PuzzleBatch/ignoredLabel`` where they do not count.
    /// - Returns: A number from 0 on; 0 for what cannot be measured.
    mutating func difficulty(inputs: ArraySlice<Int32>, labels: ArraySlice<Int32>) -> Int {
        switch (measure, task) {
        case (.cells, .maze):
            // The way's cells lie between start and goal: one step more than there are cells.
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

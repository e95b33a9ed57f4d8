public import Foundation

/// Where the puzzles of a split come from.
public enum PuzzleSource<Puzzle: Sendable>: Sendable {
    /// A CSV file.
    case csv(URL)
    /// Puzzles in memory, such as generated ones.
    case puzzles([Puzzle])
}

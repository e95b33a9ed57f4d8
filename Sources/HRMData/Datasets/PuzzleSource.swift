public import Foundation

/// The source of a split's puzzles.
public enum PuzzleSource<Puzzle: Sendable>: Sendable {
    /// A CSV file.
    case csv(URL)
    /// Puzzles in memory, such as generated ones.
    case puzzles([Puzzle])
}

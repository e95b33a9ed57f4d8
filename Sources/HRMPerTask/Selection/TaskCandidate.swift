public import HRMData

/// A grid that a learner gave as the answer to a test input.
public struct TaskCandidate: Sendable, Hashable {
    /// The grid.
    public var grid: PuzzleGrid
    /// The share of this grid in the weights of all answers, `0 ... 1`.
    public var sureness: Double
    /// The step in which it was given first, counting from 0.
    public var firstStep: Int

    /// Creates a candidate.
    public init(grid: PuzzleGrid, sureness: Double, firstStep: Int) {
        self.grid = grid
        self.sureness = sureness
        self.firstStep = firstStep
    }
}

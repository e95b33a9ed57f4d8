/// Random states around known answers, in which some searches of a training start instead of at the
/// puzzle.
///
/// A model that treats all symbols and cells alike sees no new puzzle in a symmetric image. These
/// states are new to it: the answers of a thousand puzzles give any number of them. They contain no
/// rule of the puzzle, and several answers may fit them.
public struct DrawnStates: Sendable, Hashable {
    /// The share of new puzzles that are replaced; 0 for none.
    public var share = 0.0
    /// The least share of cells that only have their answer.
    public var leastGivens = 0.0
    /// The largest share of cells that only have their answer.
    public var mostGivens = 0.5
    /// The least share of the other cells' wrong symbols that are candidates.
    public var leastCandidates = 1.0
    /// The largest share of the other cells' wrong symbols that are candidates.
    public var mostCandidates = 1.0

    /// Creates settings without drawn states.
    public init() {}

    var givens: ClosedRange<Double> { range(leastGivens, mostGivens) }
    var candidates: ClosedRange<Double> { range(leastCandidates, mostCandidates) }

    private func range(_ least: Double, _ most: Double) -> ClosedRange<Double> {
        min(least, most)...max(least, most)
    }
}

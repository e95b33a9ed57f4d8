public import HRMModel

/// The settings of the search in training.
public struct SearchSettings: Sendable, Hashable {
    /// The rule by which states change.
    public var policy = SearchPolicy()
    /// The number of segments after which a contradiction that the model does not recognize is
    /// replaced.
    public var lostSegments = 6

    /// The largest number of cells of a new puzzle whose answer is given in addition, for half of the
    /// puzzles; 0 for none.
    ///
    /// A model that treats all symbols and cells alike sees no new puzzle in a symmetric image. The
    /// states between a puzzle and its answer are new to it.
    public var hints = 0
    /// The random states in which some searches start.
    public var drawn = DrawnStates()

    /// Creates the default settings.
    public init() {}
}

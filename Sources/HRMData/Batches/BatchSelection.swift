/// Where the random choices behind a training batch come from: a generator, or a record of one.
public protocol SamplingChoices {
    /// The next group of the pass, or `nil` when the pass is over.
    mutating func nextGroup() -> Int?
    /// One of a group's puzzles.
    mutating func choosePuzzle(from puzzles: Range<Int>) -> Int
    /// `count` different examples of a puzzle, in the order of their rows.
    mutating func chooseExamples(_ count: Int, from examples: Range<Int>) -> [Int]
}

/// The examples that make up a training batch.
public struct BatchSelection: Sendable, Hashable {
    /// The example in each row.
    public var examples: [Int] = []
    /// The puzzle of each row.
    public var puzzles: [Int] = []
    /// The groups that were used up.
    public var groups: [Int] = []

    /// Fills a batch by the reference's rule: group after group, one of its puzzles at random, and of
    /// that as many examples as there is room for, each once.
    ///
    /// A puzzle that is cut by the end of the batch is not continued in the next one. The selection
    /// is shorter than `batchSize` when the groups run out.
    public init(
        filling batchSize: Int, from set: PuzzleArrays, by choices: inout some SamplingChoices
    ) {
        while examples.count < batchSize, let group = choices.nextGroup() {
            let puzzle = choices.choosePuzzle(from: set.puzzles(ofGroup: group))
            let members = set.examples(ofPuzzle: puzzle)
            let count = min(members.count, batchSize - examples.count)
            examples += choices.chooseExamples(count, from: members)
            puzzles += repeatElement(puzzle, count: count)
            groups.append(group)
        }
    }
}

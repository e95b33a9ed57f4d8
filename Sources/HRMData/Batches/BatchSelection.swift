/// The source of the random choices for a training batch: a generator, or a record of one.
public protocol SamplingChoices {
    /// Returns the next group of the pass, or `nil` at the end of the pass.
    mutating func nextGroup() -> Int?
    /// Returns one of a group's puzzles.
    mutating func choosePuzzle(from puzzles: Range<Int>) -> Int
    /// Returns `count` distinct examples of a puzzle, in the order of their rows.
    mutating func chooseExamples(_ count: Int, from examples: Range<Int>) -> [Int]
}

/// The examples of a training batch.
package struct BatchSelection: Sendable, Hashable {
    /// The example in each row.
    package var examples: [Int] = []
    /// The puzzle in each row.
    package var puzzles: [Int] = []
    /// The groups consumed by the batch.
    package var groups: [Int] = []

    /// Fills a batch by the reference's rule: from each group in turn, one puzzle at random, and as
    /// many distinct examples of it as fit.
    ///
    /// A puzzle cut off at the end of the batch is not continued in the next one. The selection is
    /// shorter than `batchSize` if the groups run out.
    package init(
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

import Foundation
package import HRMFiles

/// One set of a data set: its examples, their puzzles, and the groups of puzzles.
///
/// The arrays are those of the files: `puzzleIndices[p] ..< puzzleIndices[p + 1]` are the examples
/// of puzzle `p`, `groupIndices[g] ..< groupIndices[g + 1]` the puzzles of group `g`.
package struct PuzzleArrays: Sendable, Hashable {
    /// The set's name, which prefixes the names of its files.
    package var name: String
    /// The input tokens, shape `[exampleCount, sequenceLength]`, row-major.
    package var inputs: CompactIntegers
    /// The label tokens, of the same shape.
    package var labels: CompactIntegers
    /// The identifier of each puzzle, `[puzzleCount]`.
    package var puzzleIdentifiers: [Int32]
    /// The first example of each puzzle, then the number of examples; `[puzzleCount + 1]`.
    package var puzzleIndices: [Int32]
    /// The first puzzle of each group, then the number of puzzles; `[groupCount + 1]`.
    package var groupIndices: [Int32]
    /// The element types of the arrays in files.
    package var elementTypes: ElementTypes

    /// The element types of a set's files, kept so that a data set is written as it was read.
    package struct ElementTypes: Sendable, Hashable {
        /// The type of the input tokens.
        package var inputs: NPYElementType
        /// The type of the label tokens.
        package var labels: NPYElementType
        /// The type of the puzzles' identifiers.
        package var puzzleIdentifiers = NPYElementType.int32
        /// The type of the offsets of puzzles.
        package var puzzleIndices = NPYElementType.int32
        /// The type of the offsets of groups.
        package var groupIndices = NPYElementType.int32

        /// Creates element types with the same type for all tokens and int32 for identifiers and
        /// offsets.
        ///
        /// New data sets have uint8 tokens: an eighth of the size of int64, and the reference reads
        /// both. The reference itself writes int64 for sets with shuffled Sudokus.
        package init(tokens: NPYElementType = .uint8) {
            inputs = tokens
            labels = tokens
        }
    }

    /// Creates a set in memory; ``PuzzleDataset`` checks its consistency.
    package init(
        name: String = "all", inputs: CompactIntegers, labels: CompactIntegers,
        puzzleIdentifiers: [Int32], puzzleIndices: [Int32], groupIndices: [Int32],
        elementTypes: ElementTypes = ElementTypes()
    ) {
        self.name = name
        self.inputs = inputs
        self.labels = labels
        self.puzzleIdentifiers = puzzleIdentifiers
        self.puzzleIndices = puzzleIndices
        self.groupIndices = groupIndices
        self.elementTypes = elementTypes
    }

    /// The number of examples.
    package var exampleCount: Int { Int(puzzleIndices.last ?? 0) }
    /// The number of puzzles.
    package var puzzleCount: Int { puzzleIdentifiers.count }
    /// The number of groups.
    package var groupCount: Int { max(0, groupIndices.count - 1) }

    /// Returns the range of a puzzle's examples.
    package func examples(ofPuzzle puzzle: Int) -> Range<Int> {
        Int(puzzleIndices[puzzle])..<Int(puzzleIndices[puzzle + 1])
    }

    /// Returns the range of a group's puzzles.
    package func puzzles(ofGroup group: Int) -> Range<Int> {
        Int(groupIndices[group])..<Int(groupIndices[group + 1])
    }

    /// Returns the puzzle that an example belongs to.
    ///
    /// - Complexity: O(log `puzzleCount`).
    package func puzzle(ofExample example: Int) -> Int {
        // The last puzzle that begins at or before the example, which skips empty puzzles.
        var (low, high) = (0, puzzleCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(puzzleIndices[middle]) <= example { low = middle } else { high = middle }
        }
        return low
    }

    /// The minimum number of examples in an epoch: the smallest puzzle of each group.
    var leastExamplesPerEpoch: Int {
        (0..<groupCount).reduce(0) { sum, group in
            sum + (puzzles(ofGroup: group).map { examples(ofPuzzle: $0).count }.min() ?? 0)
        }
    }
}

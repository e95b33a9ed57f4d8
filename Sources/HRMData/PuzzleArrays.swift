import Foundation
public import HRMFiles

/// One set of a data set: examples, which puzzle they belong to, and which puzzles are a group.
///
/// The arrays are those of the files: `puzzleIndices[p] ..< puzzleIndices[p + 1]` are the examples
/// of puzzle `p`, `groupIndices[g] ..< groupIndices[g + 1]` the puzzles of group `g`.
public struct PuzzleArrays: Sendable, Hashable {
    /// The set's name, which the names of its files begin with.
    public var name: String
    /// Input tokens, shape `[examples, sequenceLength]`, row-major.
    public var inputs: CompactIntegers
    /// Label tokens, of the same shape.
    public var labels: CompactIntegers
    /// The identifier of each puzzle.
    public var puzzleIdentifiers: [Int32]
    /// The first example of each puzzle, then the number of examples.
    public var puzzleIndices: [Int32]
    /// The first puzzle of each group, then the number of puzzles.
    public var groupIndices: [Int32]
    /// How the arrays are stored in files.
    public var elementTypes: ElementTypes

    /// The element types of a set's files, kept so that a data set is written as it was read.
    public struct ElementTypes: Sendable, Hashable {
        /// The type of the input tokens.
        public var inputs: NPYElementType
        /// The type of the label tokens.
        public var labels: NPYElementType
        /// The type of the puzzles' identifiers.
        public var puzzleIdentifiers = NPYElementType.int32
        /// The type of the offsets of puzzles.
        public var puzzleIndices = NPYElementType.int32
        /// The type of the offsets of groups.
        public var groupIndices = NPYElementType.int32

        /// Tokens of one type, identifiers and offsets as int32.
        ///
        /// New data sets have uint8 tokens: an eighth of the size of int64, and the reference reads
        /// both. The reference itself writes int64 for sets with shuffled Sudokus.
        public init(tokens: NPYElementType = .uint8) {
            inputs = tokens
            labels = tokens
        }
    }

    /// A set in memory; ``PuzzleDataset`` checks that the arrays fit together.
    public init(
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

    /// How many examples there are.
    public var exampleCount: Int { Int(puzzleIndices.last ?? 0) }
    /// How many puzzles there are.
    public var puzzleCount: Int { puzzleIdentifiers.count }
    /// How many groups there are.
    public var groupCount: Int { max(0, groupIndices.count - 1) }

    /// The examples of a puzzle.
    public func examples(ofPuzzle puzzle: Int) -> Range<Int> {
        Int(puzzleIndices[puzzle])..<Int(puzzleIndices[puzzle + 1])
    }

    /// The puzzles of a group.
    public func puzzles(ofGroup group: Int) -> Range<Int> {
        Int(groupIndices[group])..<Int(groupIndices[group + 1])
    }

    /// The puzzle that an example belongs to.
    ///
    /// - Complexity: O(log puzzles)
    public func puzzle(ofExample example: Int) -> Int {
        // The last puzzle that begins at or before the example: empty puzzles are passed over.
        var (low, high) = (0, puzzleCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(puzzleIndices[middle]) <= example { low = middle } else { high = middle }
        }
        return low
    }

    /// The number of examples that an epoch offers at least: one puzzle of each group, the smallest.
    var leastExamplesPerEpoch: Int {
        (0..<groupCount).reduce(0) { sum, group in
            sum + (puzzles(ofGroup: group).map { examples(ofPuzzle: $0).count }.min() ?? 0)
        }
    }
}

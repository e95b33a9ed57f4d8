import Foundation
public import HRMFiles

/// What is in a data folder, and what is wrong with it.
public struct DatasetInspection: Sendable {
    /// The splits, training first.
    public let splits: [SplitInspection]
    /// The names in `identifiers.json`; nil when there is no such file, or it cannot be read.
    public let nameCount: Int?
    /// What `task.json` says the folder holds; nil when there is no such file, or it cannot be used.
    public let task: PuzzleTask?
    /// Everything that must not be, in the order of the files.
    public let violations: [DatasetViolation]
}

/// What is in one split of a data folder.
public struct SplitInspection: Sendable {
    /// Its name, such as `train`.
    public let name: String
    /// What `dataset.json` says; nil when it cannot be read.
    public let metadata: DatasetMetadata?
    /// The sets, in the order of the metadata.
    public internal(set) var sets: [SetInspection]
    /// Examples whose input is an input of the first split, too; nil for the first split itself.
    public let sharedInputs: Int?
    /// The examples that were asked for.
    public let examples: [InspectedExample]

    /// Groups in all sets together; those of sets that are damaged are left out.
    public var groupCount: Int { sets.reduce(0) { $0 + ($1.groupCount ?? 0) } }
}

/// What is in one set; what could not be read is nil or empty.
public struct SetInspection: Sendable {
    /// The least, the mean and the largest of some numbers.
    public struct Spread: Sendable, Hashable {
        /// The least.
        public var least: Int
        /// The mean.
        public var mean: Double
        /// The largest.
        public var most: Int

        /// The spread of the lengths between offsets; nil when there are none, or they go back.
        init?(offsets: [Int32]) {
            let lengths = zip(offsets.dropFirst(), offsets).map { Int($0) - Int($1) }
            guard let least = lengths.min(), let most = lengths.max(), least >= 0 else {
                return nil
            }
            self.least = least
            self.most = most
            mean = Double(lengths.reduce(0, +)) / Double(lengths.count)
        }
    }

    /// A file of the set.
    public struct File: Sendable, Hashable {
        /// Its name in the split's folder.
        public var name: String
        /// Its size.
        public var byteCount: Int
        /// How elements are stored; nil when the file cannot be read.
        public var elementType: NPYElementType?
        /// The array's extents.
        public var shape: [Int]
    }

    /// The set's name.
    public let name: String
    /// The files that are there.
    public internal(set) var files: [File] = []
    /// How many examples there are.
    public internal(set) var exampleCount: Int?
    /// How many puzzles there are.
    public internal(set) var puzzleCount: Int?
    /// How many groups there are.
    public internal(set) var groupCount: Int?
    /// Examples a puzzle.
    public internal(set) var examplesPerPuzzle: Spread?
    /// Puzzles a group: the original and its augmentations.
    public internal(set) var puzzlesPerGroup: Spread?
    /// Different identifiers that puzzles have.
    public internal(set) var identifiersInUse: Int?
    /// Identifiers, other than the blank one, that puzzles of more than one group have; tasks whose
    /// groups are single puzzles share theirs rightly.
    public internal(set) var identifiersInSeveralGroups: Int?
    /// The tokens of the inputs.
    public internal(set) var inputTokens = TokenCounts()
    /// The tokens of the labels that count.
    public internal(set) var labelTokens = TokenCounts()
    /// Labels that count for nothing.
    public internal(set) var ignoredLabels = 0
    /// Labels that count and that the input has in the same cell already.
    public internal(set) var givenLabels = 0
    /// Sudokus with several solutions; nil for other puzzles.
    public internal(set) var survey: SudokuSurvey?

    init(name: String) {
        self.name = name
    }
}

/// How often each token occurs.
public struct TokenCounts: Sendable, Hashable {
    /// Different tokens beyond the first 256 that are told apart.
    private static let mostDistinct = 1 << 16

    private var small = [Int](repeating: 0, count: 256)
    private var large: [Int32: Int] = [:]
    /// How many tokens there are in all.
    public private(set) var total = 0

    /// Each token that occurs with its count, in ascending order.
    public var counts: [(token: Int, count: Int)] {
        let few = small.enumerated().filter { $0.element > 0 }.map { (token: $0, count: $1) }
        let more = large.sorted { $0.key < $1.key }.map { (token: Int($0), count: $1) }
        return few + more
    }

    mutating func add(_ token: Int32, count: Int = 1) {
        total += count
        if token >= 0, token < 256 {
            small[Int(token)] += count
        } else if large.count < Self.mostDistinct || large[token] != nil {
            large[token, default: 0] += count
        }
    }
}

/// One example, to be shown.
public struct InspectedExample: Sendable, Hashable {
    /// The set that it is in.
    public var set: String
    /// Its row in the set's arrays.
    public var example: Int
    /// The puzzle that it belongs to, by its place in the set.
    public var puzzle: Int
    /// The group that the puzzle belongs to, counted through all sets of the split.
    public var group: Int
    /// The identifier of the puzzle.
    public var identifier: Int
    /// The identifier's name, if `identifiers.json` has one.
    public var name: String?
    /// Its input tokens.
    public var input: [Int] = []
    /// Its label tokens, ignored ones as they are in the file.
    public var output: [Int] = []
}

/// Which examples are to be shown.
public struct ExampleChoice: Sendable, Hashable {
    /// How many at most.
    public var count: Int
    /// The split; the first one unless given.
    public var split: String?
    /// The group whose examples are wanted; else one example each of groups that are far apart.
    public var group: Int?
    /// Examples of more tokens are not wanted.
    public var longest: Int

    /// A choice.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - split: The split; the first one unless given.
    ///   - group: The group whose examples are wanted.
    ///   - longest: Examples of more tokens are not wanted.
    public init(count: Int, split: String? = nil, group: Int? = nil, longest: Int = 10_000) {
        self.count = count
        self.split = split
        self.group = group
        self.longest = longest
    }
}

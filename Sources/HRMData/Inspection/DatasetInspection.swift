import Foundation
package import HRMFiles

/// The content of a data folder, and its violations of the format.
package struct DatasetInspection: Sendable {
    /// The splits, training first.
    package let splits: [SplitInspection]
    /// The number of names in `identifiers.json`; `nil` if the file does not exist or cannot be
    /// read.
    package let nameCount: Int?
    /// The task in `task.json`; `nil` if the file does not exist or is not usable.
    package let task: PuzzleTask?
    /// All violations of the format, in the order of the files.
    package let violations: [DatasetViolation]
}

/// The content of one split of a data folder.
package struct SplitInspection: Sendable {
    /// The name, such as `train`.
    package let name: String
    /// The content of `dataset.json`; `nil` if it cannot be read.
    package let metadata: DatasetMetadata?
    /// The sets, in the order of the metadata.
    package internal(set) var sets: [SetInspection]
    /// The number of examples whose input also occurs in the first split; `nil` for the first split
    /// itself.
    package let sharedInputs: Int?
    /// The requested examples.
    package let examples: [InspectedExample]

    /// The number of groups in all sets, except damaged ones.
    package var groupCount: Int { sets.reduce(0) { $0 + ($1.groupCount ?? 0) } }
}

/// The content of one set; unreadable parts are `nil` or empty.
package struct SetInspection: Sendable {
    /// The minimum, mean and maximum of some numbers.
    package struct Spread: Sendable, Hashable {
        /// The minimum.
        package var least: Int
        /// The mean.
        package var mean: Double
        /// The maximum.
        package var most: Int

        /// Creates the spread of the differences of offsets; `nil` if there are none, or offsets
        /// decrease.
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
    package struct File: Sendable, Hashable {
        /// The name in the split's folder.
        package var name: String
        /// The size in bytes.
        package var byteCount: Int
        /// The element type; `nil` if the file cannot be read.
        package var elementType: NPYElementType?
        /// The array's shape.
        package var shape: [Int]
    }

    /// The set's name.
    package let name: String
    /// The files that exist.
    package internal(set) var files: [File] = []
    /// The number of examples.
    package internal(set) var exampleCount: Int?
    /// The number of puzzles.
    package internal(set) var puzzleCount: Int?
    /// The number of groups.
    package internal(set) var groupCount: Int?
    /// The number of examples per puzzle.
    package internal(set) var examplesPerPuzzle: Spread?
    /// The number of puzzles per group: the unaugmented one and its augmentations.
    package internal(set) var puzzlesPerGroup: Spread?
    /// The number of different identifiers in use.
    package internal(set) var identifiersInUse: Int?
    /// The number of identifiers, other than the blank one, shared by puzzles of several groups.
    ///
    /// Sharing is legitimate for tasks whose groups are single puzzles.
    package internal(set) var identifiersInSeveralGroups: Int?
    /// The counts of input tokens.
    package internal(set) var inputTokens = TokenCounts()
    /// The counts of label tokens that are not ignored.
    package internal(set) var labelTokens = TokenCounts()
    /// The number of ignored labels.
    package internal(set) var ignoredLabels = 0
    /// The number of counted labels that equal the input token of their cell.
    package internal(set) var givenLabels = 0
    /// The survey of Sudokus with several solutions; `nil` for other puzzles.
    package internal(set) var survey: SudokuSurvey?

    init(name: String) {
        self.name = name
    }
}

/// The number of occurrences of each token.
package struct TokenCounts: Sendable, Hashable {
    /// The maximum number of different tokens, beyond the first 256, that are counted separately.
    private static let mostDistinct = 1 << 16

    private var small = [Int](repeating: 0, count: 256)
    private var large: [Int32: Int] = [:]
    /// The total number of tokens.
    package private(set) var total = 0

    /// Each token that occurs and its count, in ascending order of tokens.
    package var counts: [(token: Int, count: Int)] {
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

/// An example to show.
package struct InspectedExample: Sendable, Hashable {
    /// The name of its set.
    package var set: String
    /// The row in the set's arrays.
    package var example: Int
    /// The index of its puzzle in the set.
    package var puzzle: Int
    /// The index of its group, counted over all sets of the split.
    package var group: Int
    /// The identifier of the puzzle.
    package var identifier: Int
    /// The identifier's name in `identifiers.json`, if it has one.
    package var name: String?
    /// The input tokens.
    package var input: [Int] = []
    /// The label tokens; ignored ones are as in the file.
    package var output: [Int] = []
}

/// A selection of examples to show.
package struct ExampleChoice: Sendable, Hashable {
    /// The maximum number of examples.
    package var count: Int
    /// The split; `nil` for the first one.
    package var split: String?
    /// The group whose examples to show; `nil` for one example each of groups spread over the set.
    package var group: Int?
    /// The maximum sequence length; longer examples are left out.
    package var longest: Int

    /// Creates a selection.
    ///
    /// - Parameters:
    ///   - count: The maximum number of examples.
    ///   - split: The split; `nil` for the first one.
    ///   - group: The group whose examples to show; `nil` for one example each of groups spread
    ///     over the set.
    ///   - longest: The maximum sequence length; longer examples are left out.
    package init(count: Int, split: String? = nil, group: Int? = nil, longest: Int = 10_000) {
        self.count = count
        self.split = split
        self.group = group
        self.longest = longest
    }
}

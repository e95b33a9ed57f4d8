/// What `dataset.json` says about one split of a data set.
public struct DatasetMetadata: Codable, Sendable, Hashable {
    /// The token that fills up short batches.
    public var padToken: Int
    /// Labels with this value count for nothing; `nil`: every label counts.
    public var ignoredLabel: Int?
    /// The identifier of no puzzle, which fills up short batches.
    public var blankIdentifier: Int
    /// `V`, how many different tokens there are.
    public var vocabularySize: Int
    /// `S`, tokens in an example.
    public var sequenceLength: Int
    /// How many different puzzle identifiers there are, the blank one included.
    public var puzzleIdentifierCount: Int
    /// Groups in all sets together: original puzzles, each with its augmentations.
    public var groupCount: Int
    /// Examples a puzzle, on average.
    public var meanExamplesPerPuzzle: Double
    /// A number that files of the Tiny Recursive Model's code have in addition; kept as it was.
    public var totalPuzzles: Int?
    /// The names of the sets, which the file names of their arrays begin with.
    public var sets: [String]

    enum CodingKeys: String, CodingKey {
        case padToken = "pad_id"
        case ignoredLabel = "ignore_label_id"
        case blankIdentifier = "blank_identifier_id"
        case vocabularySize = "vocab_size"
        case sequenceLength = "seq_len"
        case puzzleIdentifierCount = "num_puzzle_identifiers"
        case groupCount = "total_groups"
        case meanExamplesPerPuzzle = "mean_puzzle_examples"
        case totalPuzzles = "total_puzzles"
        case sets
    }

    /// A description of a split.
    public init(
        padToken: Int = 0, ignoredLabel: Int? = 0, blankIdentifier: Int = 0, vocabularySize: Int,
        sequenceLength: Int, puzzleIdentifierCount: Int = 1, groupCount: Int,
        meanExamplesPerPuzzle: Double = 1, totalPuzzles: Int? = nil, sets: [String] = ["all"]
    ) {
        self.padToken = padToken
        self.ignoredLabel = ignoredLabel
        self.blankIdentifier = blankIdentifier
        self.vocabularySize = vocabularySize
        self.sequenceLength = sequenceLength
        self.puzzleIdentifierCount = puzzleIdentifierCount
        self.groupCount = groupCount
        self.meanExamplesPerPuzzle = meanExamplesPerPuzzle
        self.totalPuzzles = totalPuzzles
        self.sets = sets
    }

    /// The text of `dataset.json`, the same bytes as the reference writes.
    ///
    /// Files with `total_puzzles` have their keys in the order of the code that writes that key.
    ///
    /// - Precondition: `meanExamplesPerPuzzle` is finite.
    public var jsonText: String {
        func pair(_ key: CodingKeys, _ value: String) -> String { "\"\(key.rawValue)\": \(value)" }
        let tokens = [
            pair(.padToken, String(padToken)),
            pair(.ignoredLabel, ignoredLabel.map(String.init) ?? "null"),
            pair(.blankIdentifier, String(blankIdentifier)),
        ]
        let vocabulary = pair(.vocabularySize, String(vocabularySize))
        let length = pair(.sequenceLength, String(sequenceLength))
        let counts = [
            pair(.puzzleIdentifierCount, String(puzzleIdentifierCount)),
            pair(.groupCount, String(groupCount)),
            pair(.meanExamplesPerPuzzle, PythonJSON.text(meanExamplesPerPuzzle)),
        ]
        let setNames = pair(.sets, PythonJSON.text(sets))
        let pairs =
            if let totalPuzzles {
                [length, vocabulary] + tokens + counts
                    + [pair(.totalPuzzles, String(totalPuzzles)), setNames]
            } else {
                tokens + [vocabulary, length] + counts + [setNames]
            }
        return "{" + pairs.joined(separator: ", ") + "}"
    }

    /// Refuses values that no data set can have.
    ///
    /// - Parameter path: The file that errors name.
    /// - Throws: ``DatasetError/invalidMetadata(path:key:value:requirement:)``.
    func validate(path: String) throws(DatasetError) {
        func require(
            _ condition: Bool, _ key: CodingKeys, _ value: any CustomStringConvertible,
            _ requirement: String
        ) throws(DatasetError) {
            guard condition else {
                throw .invalidMetadata(
                    path: path, key: key.rawValue, value: value.description,
                    requirement: requirement)
            }
        }
        let largest = 1 << 24
        let small = "must be between 1 and"
        try require(
            (1...largest).contains(vocabularySize), .vocabularySize, vocabularySize,
            "\(small) \(largest)")
        try require(
            (1...largest).contains(sequenceLength), .sequenceLength, sequenceLength,
            "\(small) \(largest)")
        try require(
            (1...Int(Int32.max)).contains(puzzleIdentifierCount), .puzzleIdentifierCount,
            puzzleIdentifierCount, "\(small) \(Int32.max)")
        try require(
            (0..<vocabularySize).contains(padToken), .padToken, padToken,
            "must be a token: below vocab_size, which is \(vocabularySize)")
        try require(
            ignoredLabel.map { Int32(exactly: $0) != nil } ?? true, .ignoredLabel,
            ignoredLabel ?? 0, "must fit in 32 bits, or be null")
        try require(
            (0..<puzzleIdentifierCount).contains(blankIdentifier), .blankIdentifier,
            blankIdentifier,
            "must be an identifier: below num_puzzle_identifiers, which is \(puzzleIdentifierCount)"
        )
        try require(
            (0...Int(Int32.max)).contains(groupCount), .groupCount, groupCount,
            "must be between 0 and \(Int32.max)")
        try require(
            meanExamplesPerPuzzle >= 0 && meanExamplesPerPuzzle <= Double(Int32.max),
            .meanExamplesPerPuzzle, meanExamplesPerPuzzle, "must be between 0 and \(Int32.max)")
        try require(!sets.isEmpty, .sets, "[]", "must name at least one set")
        try require(
            Set(sets).count == sets.count, .sets, PythonJSON.text(sets), "names a set twice")
        for name in sets {
            let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "/" }
            try require(
                !name.isEmpty && name.utf8.count <= 200 && isPlain, .sets, PythonJSON.text(name),
                "must be the beginning of a file name: 1 to 200 bytes, without slashes")
        }
    }
}

import HRMFiles

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

    /// Reads the members of `dataset.json`; others are passed over.
    ///
    /// - Throws: `DecodingError` that names the key.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        padToken = try members.wholeNumber(forKey: .padToken)
        ignoredLabel = try members.wholeNumberIfPresent(forKey: .ignoredLabel)
        blankIdentifier = try members.wholeNumber(forKey: .blankIdentifier)
        vocabularySize = try members.wholeNumber(forKey: .vocabularySize)
        sequenceLength = try members.wholeNumber(forKey: .sequenceLength)
        puzzleIdentifierCount = try members.wholeNumber(forKey: .puzzleIdentifierCount)
        groupCount = try members.wholeNumber(forKey: .groupCount)
        meanExamplesPerPuzzle = try members.decode(Double.self, forKey: .meanExamplesPerPuzzle)
        totalPuzzles = try members.wholeNumberIfPresent(forKey: .totalPuzzles)
        sets = try members.decode([String].self, forKey: .sets)
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
    /// - Throws: The first of ``problems(path:)``.
    func validate(path: String) throws(DatasetError) {
        if let problem = problems(path: path).first { throw problem }
    }

    /// The values that no data set can have.
    ///
    /// - Parameter path: The file that errors name.
    /// - Returns: ``DatasetError/invalidMetadata(path:key:value:requirement:)`` for each.
    func problems(path: String) -> [DatasetError] {
        var problems: [DatasetError] = []
        func require(
            _ condition: Bool, _ key: CodingKeys, _ value: any CustomStringConvertible,
            _ requirement: String
        ) {
            guard !condition else { return }
            problems.append(
                .invalidMetadata(
                    path: path, key: key.rawValue, value: value.description,
                    requirement: requirement))
        }
        let largest = 1 << 24
        let small = "must be between 1 and"
        require(
            (1...largest).contains(vocabularySize), .vocabularySize, vocabularySize,
            "\(small) \(largest)")
        require(
            (1...largest).contains(sequenceLength), .sequenceLength, sequenceLength,
            "\(small) \(largest)")
        require(
            (1...Int(Int32.max)).contains(puzzleIdentifierCount), .puzzleIdentifierCount,
            puzzleIdentifierCount, "\(small) \(Int32.max)")
        require(
            padToken >= 0 && padToken < vocabularySize, .padToken, padToken,
            "must be a token: below vocab_size, which is \(vocabularySize)")
        require(
            ignoredLabel.map { Int32(exactly: $0) != nil } ?? true, .ignoredLabel,
            ignoredLabel ?? 0, "must fit in 32 bits, or be null")
        require(
            blankIdentifier >= 0 && blankIdentifier < puzzleIdentifierCount, .blankIdentifier,
            blankIdentifier,
            "must be an identifier: below num_puzzle_identifiers, which is \(puzzleIdentifierCount)"
        )
        require(
            (0...Int(Int32.max)).contains(groupCount), .groupCount, groupCount,
            "must be between 0 and \(Int32.max)")
        require(
            meanExamplesPerPuzzle >= 0 && meanExamplesPerPuzzle <= Double(Int32.max),
            .meanExamplesPerPuzzle, meanExamplesPerPuzzle, "must be between 0 and \(Int32.max)")
        require(
            totalPuzzles.map { (0...Int(Int32.max)).contains($0) } ?? true, .totalPuzzles,
            totalPuzzles ?? 0, "must be between 0 and \(Int32.max)")
        require(!sets.isEmpty, .sets, "[]", "must name at least one set")
        require(
            Set(sets).count == sets.count, .sets, PythonJSON.text(sets), "names a set twice")
        for name in sets where !Self.canNameFiles(name) {
            require(
                false, .sets, PythonJSON.text(name),
                "must be the beginning of a file name: 1 to 200 bytes, without slashes")
        }
        return problems
    }

    /// Whether files can be called after a set.
    static func canNameFiles(_ set: String) -> Bool {
        (1...200).contains(set.utf8.count)
            && set.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "/" }
    }

    /// What contradicts the arrays of all sets together.
    ///
    /// - Parameters:
    ///   - groupCount: How many groups there are.
    ///   - puzzleCount: How many puzzles there are.
    ///   - exampleCount: How many examples there are.
    ///   - path: The file that errors name.
    /// - Returns: ``DatasetError/invalidMetadata(path:key:value:requirement:)`` for each.
    func contradictions(
        groupCount: Int, puzzleCount: Int, exampleCount: Int, path: String
    ) -> [DatasetError] {
        var problems: [DatasetError] = []
        if self.groupCount != groupCount {
            problems.append(
                .invalidMetadata(
                    path: path, key: CodingKeys.groupCount.rawValue,
                    value: String(self.groupCount),
                    requirement: "must be the number of groups in all sets, \(groupCount)"))
        }
        // The mean decides how long training is, so a wrong one must not pass unnoticed.
        let mean = puzzleCount > 0 ? Double(exampleCount) / Double(puzzleCount) : nil
        if let mean, !(abs(meanExamplesPerPuzzle - mean) <= 1e-3 * mean) {
            problems.append(
                .invalidMetadata(
                    path: path, key: CodingKeys.meanExamplesPerPuzzle.rawValue,
                    value: PythonJSON.text(meanExamplesPerPuzzle),
                    requirement: "must be the examples divided by the puzzles, \(mean)"))
        }
        return problems
    }
}

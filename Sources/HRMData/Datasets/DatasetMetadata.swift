import HRMFiles

/// The content of `dataset.json`, which describes one split of a data set.
package struct DatasetMetadata: Codable, Sendable, Hashable {
    /// The token that pads short batches.
    package var padToken: Int
    /// The label value that is excluded from loss and metrics; `nil` if every label counts.
    package var ignoredLabel: Int?
    /// The identifier that belongs to no puzzle and pads short batches.
    package var blankIdentifier: Int
    /// `V`, the number of different tokens.
    package var vocabularySize: Int
    /// `S`, the number of tokens in an example.
    package var sequenceLength: Int
    /// The number of different puzzle identifiers, including the blank one.
    package var puzzleIdentifierCount: Int
    /// The number of groups in all sets; a group is an unaugmented puzzle with its augmentations.
    package var groupCount: Int
    /// The mean number of examples per puzzle.
    package var meanExamplesPerPuzzle: Double
    /// The additional `total_puzzles` in files of the Tiny Recursive Model's code, kept unchanged.
    package var totalPuzzles: Int?
    /// The names of the sets, which prefix the names of their array files.
    package var sets: [String]

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

    /// Creates a description of a split.
    package init(
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

    /// Reads the members of `dataset.json`; unknown members are ignored.
    ///
    /// - Throws: `DecodingError` with the key.
    package init(from decoder: any Decoder) throws {
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

    /// The text of `dataset.json`, byte for byte as the reference writes it.
    ///
    /// Files with `total_puzzles` have their keys in the order of the Tiny Recursive Model's code.
    ///
    /// - Precondition: `meanExamplesPerPuzzle` is finite.
    package var jsonText: String {
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

    /// Checks for values that are invalid in any data set.
    ///
    /// - Parameter path: The path for error messages.
    /// - Throws: The first of ``problems(path:)``.
    func validate(path: String) throws(DatasetError) {
        if let problem = problems(path: path).first { throw problem }
    }

    /// Returns the values that are invalid in any data set.
    ///
    /// - Parameter path: The path for error messages.
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

    /// Returns true if a set's name is valid as part of file names.
    static func canNameFiles(_ set: String) -> Bool {
        (1...200).contains(set.utf8.count)
            && set.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "/" }
    }

    /// Returns the values that contradict the arrays of all sets.
    ///
    /// - Parameters:
    ///   - groupCount: The number of groups.
    ///   - puzzleCount: The number of puzzles.
    ///   - exampleCount: The number of examples.
    ///   - path: The path for error messages.
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
        // The mean determines the length of training, so a wrong value must be reported.
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

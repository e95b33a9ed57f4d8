package import Foundation

/// The training and test pairs of a data set to build.
public struct GridSplits: Sendable, Hashable {
    /// The training pairs.
    public var train: [GridPair]
    /// The test pairs.
    public var test: [GridPair]
    /// The symbols; `nil` for numbers, whose count follows from the largest one.
    public var alphabet: GridAlphabet?

    /// Creates splits from divided pairs.
    public init(train: [GridPair], test: [GridPair], alphabet: GridAlphabet? = nil) {
        self.train = train
        self.test = test
        self.alphabet = alphabet
    }

    /// Divides pairs at random.
    ///
    /// Pairs with the same question stay together, so that no test question is in the training
    /// split.
    ///
    /// - Parameters:
    ///   - pairs: All pairs.
    ///   - testShare: The share of test pairs, between 0 and 1 exclusive; there is at least one.
    ///   - alphabet: The symbols.
    ///   - generator: The source of the random choices.
    public init(
        dividing pairs: [GridPair], testShare: Double, alphabet: GridAlphabet? = nil,
        using generator: inout some RandomNumberGenerator
    ) {
        precondition(testShare > 0 && testShare < 1, "a test share of \(testShare)")
        var byQuestion: [GridPair.Question: [Int]] = [:]
        for (index, pair) in pairs.enumerated() {
            byQuestion[pair.question, default: []].append(index)
        }
        // In the order of first appearance, because dictionaries are unordered.
        let groups = pairs.indices.compactMap { index in
            byQuestion[pairs[index].question].flatMap { $0.first == index ? $0 : nil }
        }
        let wanted = max(1, Int((Double(pairs.count) * testShare).rounded()))
        var chosen: Set<Int> = []
        let order = ErasedGenerator.erasing(&generator) { groups.shuffled(using: &$0) }
        for group in order where chosen.count < wanted { chosen.formUnion(group) }
        self.init(
            train: pairs.indices.filter { !chosen.contains($0) }.map { pairs[$0] },
            test: pairs.indices.filter { chosen.contains($0) }.map { pairs[$0] },
            alphabet: alphabet)
    }

    /// The number of symbols.
    public var symbolCount: Int {
        if let alphabet { return alphabet.count }
        let largest = (train + test).reduce(UInt8(0)) { largest, pair in
            max(largest, pair.input.cells.max() ?? 0, pair.output.cells.max() ?? 0)
        }
        return Int(largest) + 1
    }

    /// The number of questions with different answers in different pairs.
    var contradictoryQuestions: Int {
        var answers: [GridPair.Question: PuzzleGrid] = [:]
        var contradictory: Set<GridPair.Question> = []
        for pair in train + test {
            let known = answers[pair.question]
            if known == nil { answers[pair.question] = pair.output }
            if let known, known != pair.output { contradictory.insert(pair.question) }
        }
        return contradictory.count
    }

    /// Parses a list of symbols: characters of the alphabet, or numbers separated by commas.
    ///
    /// - Throws: ``GridError`` with the unknown symbol.
    public func symbols(named text: String) throws(GridError) -> Set<UInt8> {
        let alphabet = alphabet ?? .numbers(symbolCount)
        let notation = GridNotation(alphabet: alphabet)
        guard case .numbers = alphabet else { return Set(try notation.grid(text).cells) }
        // With a trailing comma, a single number is parsed as a list.
        return Set(try notation.grid(text + ",").cells)
    }

    /// Reads all pairs of a file.
    ///
    /// - Throws: ``GridFileError``; also if the file has no pairs.
    package static func pairs(
        contentsOf url: URL, alphabet: GridAlphabet?
    ) throws(GridFileError) -> [GridPair] {
        var survey = GridBlankSurvey()
        return try pairs(contentsOf: url, alphabet: alphabet, survey: &survey)
    }

    /// Reads all pairs of a file, and surveys them for questions without a blank.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - alphabet: The symbols; nil for numbers.
    ///   - survey: Updated with every pair.
    /// - Returns: The pairs.
    /// - Throws: ``GridFileError``; also if the file has no pairs.
    package static func pairs(
        contentsOf url: URL, alphabet: GridAlphabet?, survey: inout GridBlankSurvey
    ) throws(GridFileError) -> [GridPair] {
        var reader = try GridPairReader(contentsOf: url, alphabet: alphabet)
        var pairs: [GridPair] = []
        while let pair = try reader.next() {
            pairs.append(pair)
            survey.add(pair, at: "\(url.lastPathComponent), line \(reader.line ?? 0)")
        }
        guard !pairs.isEmpty else {
            throw GridFileError(path: url.path, line: nil, problem: .table(.empty))
        }
        return pairs
    }
}

import HRMFiles

/// The inputs or the labels of a set, read some rows at a time, and what is found in them.
struct TokenColumn {
    /// The tokens that were read last.
    private(set) var piece = CompactIntegers()
    /// How often each token occurs that is in the vocabulary and counts.
    private(set) var tokens = TokenCounts()
    /// Tokens that count for nothing.
    private(set) var ignoredCount = 0

    private var reader: NPYReader?
    private let path: String
    private let vocabulary: Range<Int32>?
    private let ignored: [Int32]
    /// Tokens before the piece.
    private var before = 0
    /// The first token outside the vocabulary, and how many there are.
    private var outside: (index: Int, value: Int32, count: Int)?

    /// A column that has not been read yet.
    ///
    /// - Parameters:
    ///   - reader: The file; nil reads as empty.
    ///   - path: What errors call it.
    ///   - vocabulary: The tokens that may be; nil when that is not known.
    ///   - ignored: Tokens that count for nothing.
    init(
        _ reader: NPYReader?, path: String, vocabulary: Range<Int32>?, ignored: [Int32] = []
    ) {
        self.reader = reader
        self.path = path
        self.vocabulary = vocabulary
        self.ignored = ignored
    }

    /// Whether a token is in the vocabulary and counts.
    func counts(_ token: Int32) -> Bool {
        !ignored.contains(token) && vocabulary?.contains(token) ?? true
    }

    /// Takes the next tokens, or none after an error.
    mutating func read(upTo count: Int) -> NPYError? {
        before += piece.count
        piece = CompactIntegers()
        do throws(NPYError) {
            try reader?.read(upTo: count, into: &piece)
        } catch {
            piece = CompactIntegers()
            reader = nil
            return error
        }
        tally()
        return nil
    }

    private mutating func tally() {
        guard piece.wide.isEmpty else {
            for token in piece.wide { add(token, count: 1) }
            return
        }
        // Most files are bytes, and large: each distinct one is looked at once a piece.
        var table = [Int](repeating: 0, count: 256)
        for byte in piece.bytes { table[Int(byte)] += 1 }
        for (token, count) in table.enumerated() where count > 0 {
            add(Int32(token), count: count)
        }
    }

    private mutating func add(_ token: Int32, count: Int) {
        if ignored.contains(token) {
            ignoredCount += count
        } else if counts(token) {
            tokens.add(token, count: count)
        } else {
            let first = outside ?? firstOutside()
            outside = (first.index, first.value, first.count + count)
        }
    }

    private func firstOutside() -> (index: Int, value: Int32, count: Int) {
        let index = piece.firstIndex(outside: vocabulary ?? 0..<0, except: ignored) ?? 0
        return (before + index, piece[index], 0)
    }

    /// Whether tokens are outside the vocabulary.
    ///
    /// - Parameter length: Tokens in an example.
    /// - Returns: The violation, if there is one.
    func violation(length: Int) -> DatasetViolation? {
        outside.map { outside in
            DatasetViolation(
                .tokenOutOfRange(
                    path: path, example: outside.index / length, cell: outside.index % length,
                    value: Int(outside.value), vocabularySize: vocabulary?.count ?? 0),
                count: outside.count)
        }
    }
}

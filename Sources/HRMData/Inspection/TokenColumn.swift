import HRMFiles

/// The inputs or labels of a set, read in chunks of rows, with their statistics.
struct TokenColumn {
    /// The current chunk of tokens.
    private(set) var piece = CompactIntegers()
    /// The counts of tokens in the vocabulary that are not ignored.
    private(set) var tokens = TokenCounts()
    /// The number of ignored tokens.
    private(set) var ignoredCount = 0

    private var reader: NPYReader?
    private let path: String
    private let vocabulary: Range<Int32>?
    private let ignored: [Int32]
    /// The number of tokens before the chunk.
    private var before = 0
    /// The first token outside the vocabulary, and the number of such tokens.
    private var outside: (index: Int, value: Int32, count: Int)?

    /// Creates a column before its first chunk.
    ///
    /// - Parameters:
    ///   - reader: The file; `nil` reads as empty.
    ///   - path: The path for error messages.
    ///   - vocabulary: The valid tokens; `nil` if unknown.
    ///   - ignored: The ignored tokens.
    init(
        _ reader: NPYReader?, path: String, vocabulary: Range<Int32>?, ignored: [Int32] = []
    ) {
        self.reader = reader
        self.path = path
        self.vocabulary = vocabulary
        self.ignored = ignored
    }

    /// Returns true if a token is in the vocabulary and not ignored.
    func counts(_ token: Int32) -> Bool {
        !ignored.contains(token) && vocabulary?.contains(token) ?? true
    }

    /// Reads the next chunk of tokens, or none after an error.
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
        // Most files have byte tokens and are large: each distinct value is handled once per chunk.
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

    /// Returns a violation if tokens are outside the vocabulary.
    ///
    /// - Parameter length: The number of tokens in an example.
    /// - Returns: The violation, or `nil`.
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

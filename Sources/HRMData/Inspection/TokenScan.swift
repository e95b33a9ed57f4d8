/// Goes through the inputs and labels of a set side by side, some rows at a time.
struct TokenScan {
    private(set) var violations: [DatasetViolation] = []
    private(set) var inputTokens = TokenCounts()
    private(set) var labelTokens = TokenCounts()
    private(set) var ignoredLabels = 0
    private(set) var givenLabels = 0
    /// The examples that are wanted, with their tokens once they were read.
    private(set) var examples: [InspectedExample]

    private let length: Int
    private let vocabulary: Range<Int32>?
    private let ignored: [Int32]
    private var inputs: Column
    private var labels: Column
    private var row = 0

    /// One of the two arrays.
    private struct Column {
        var reader: NPYReader?
        let path: String
        var piece = CompactIntegers()
        /// The first token outside the vocabulary, and how many there are.
        var outside: (index: Int, value: Int32, count: Int)?

        /// Takes the next tokens, or none after an error.
        mutating func read(upTo count: Int) -> NPYError? {
            piece = CompactIntegers()
            do throws(NPYError) {
                try reader?.read(upTo: count, into: &piece)
                return nil
            } catch {
                piece = CompactIntegers()
                reader = nil
                return error
            }
        }

        /// Whether a token is in the vocabulary; notes it when it is not.
        mutating func isKnown(_ token: Int32, at index: Int, in vocabulary: Range<Int32>?) -> Bool {
            guard let vocabulary, !vocabulary.contains(token) else { return true }
            let first = outside ?? (index, token, 0)
            outside = (first.index, first.value, first.count + 1)
            return false
        }
    }

    /// Tokens that are read at a time, about.
    private static let pieceCount = 1 << 16

    /// A scan that has not begun.
    ///
    /// - Parameters:
    ///   - metadata: What `dataset.json` says, if it can be read.
    ///   - length: Tokens in a row.
    ///   - inputs: The input tokens and their file.
    ///   - labels: The label tokens and their file.
    ///   - wanted: Examples to be shown.
    init(
        metadata: DatasetMetadata?, length: Int, inputs: (reader: NPYReader?, path: String),
        labels: (reader: NPYReader?, path: String), wanted: [InspectedExample]
    ) {
        self.length = length
        let size = metadata.flatMap { Int32(exactly: $0.vocabularySize) } ?? 0
        vocabulary = size > 0 ? 0..<size : nil
        ignored =
            [PuzzleBatch.ignoredLabel]
            + (metadata?.ignoredLabel.flatMap { Int32(exactly: $0) }.map { [$0] } ?? [])
        self.inputs = Column(reader: inputs.reader, path: inputs.path)
        self.labels = Column(reader: labels.reader, path: labels.path)
        examples = wanted
    }

    /// Reads everything.
    ///
    /// - Parameter seeInput: Told the hash of each input.
    mutating func run(seeInput: (UInt64) -> Void) {
        let rows = max(1, Self.pieceCount / length)
        while true {
            let errors = [inputs.read(upTo: rows * length), labels.read(upTo: rows * length)]
            violations += errors.compactMap { $0 }.map { DatasetViolation(.array($0)) }
            guard inputs.piece.count > 0 || labels.piece.count > 0 else { break }
            countInputs(seeInput)
            countLabels()
            takeExamples()
            row += rows
        }
        for column in [inputs, labels] {
            guard let outside = column.outside else { continue }
            let error = DatasetError.tokenOutOfRange(
                path: column.path, example: outside.index / length, cell: outside.index % length,
                value: Int(outside.value), vocabularySize: vocabulary?.count ?? 0)
            violations.append(DatasetViolation(error, count: outside.count))
        }
    }

    private mutating func countInputs(_ seeInput: (UInt64) -> Void) {
        let piece = inputs.piece
        for start in stride(from: 0, to: piece.count, by: length) {
            let cells = start..<min(start + length, piece.count)
            seeInput(SeenInputs.hash(cells.lazy.map { piece[$0] }))
            for index in cells {
                let token = piece[index]
                if inputs.isKnown(token, at: row * length + index, in: vocabulary) {
                    inputTokens.add(token)
                }
            }
        }
    }

    private mutating func countLabels() {
        let piece = labels.piece
        let given = inputs.piece
        for index in 0..<piece.count {
            let label = piece[index]
            if ignored.contains(label) {
                ignoredLabels += 1
            } else if labels.isKnown(label, at: row * length + index, in: vocabulary) {
                labelTokens.add(label)
                if index < given.count, given[index] == label { givenLabels += 1 }
            }
        }
    }

    private mutating func takeExamples() {
        for index in examples.indices {
            let start = (examples[index].example - row) * length
            func tokens(_ piece: CompactIntegers) -> [Int] {
                guard start >= 0, start + length <= piece.count else { return [] }
                return (start..<(start + length)).map { Int(piece[$0]) }
            }
            if examples[index].input.isEmpty { examples[index].input = tokens(inputs.piece) }
            if examples[index].output.isEmpty { examples[index].output = tokens(labels.piece) }
        }
    }
}

import HRMFiles

/// Scans the inputs and labels of a set in parallel, in chunks of rows.
struct TokenScan {
    private(set) var violations: [DatasetViolation] = []
    private(set) var inputs: TokenColumn
    private(set) var labels: TokenColumn
    /// The number of counted labels that equal the input token of their cell.
    private(set) var givenLabels = 0
    /// The examples to show, with their tokens once read.
    private(set) var examples: [InspectedExample]

    private let length: Int
    private var row = 0

    /// The approximate number of tokens in a chunk.
    private static let pieceCount = 1 << 16

    /// Creates a scan.
    ///
    /// - Parameters:
    ///   - inputs: The input tokens.
    ///   - labels: The label tokens.
    ///   - length: The number of tokens in a row.
    ///   - wanted: The examples to show.
    init(inputs: TokenColumn, labels: TokenColumn, length: Int, wanted: [InspectedExample]) {
        self.inputs = inputs
        self.labels = labels
        self.length = length
        examples = wanted
    }

    /// Reads all tokens.
    ///
    /// - Parameter seeInput: Called with the hash of each input.
    mutating func run(seeInput: (UInt64) -> Void) {
        let rows = max(1, Self.pieceCount / length)
        while true {
            let errors = [inputs.read(upTo: rows * length), labels.read(upTo: rows * length)]
            violations += errors.compactMap { $0 }.map { DatasetViolation(.array($0)) }
            let piece = inputs.piece
            guard piece.count > 0 || labels.piece.count > 0 else { break }
            for start in stride(from: 0, to: piece.count, by: length) {
                seeInput(SeenInputs.hash(piece, start..<min(start + length, piece.count)))
            }
            countGivenLabels()
            takeExamples()
            row += rows
        }
        violations += [inputs, labels].compactMap { $0.violation(length: length) }
    }

    private mutating func countGivenLabels() {
        let (given, answers) = (inputs.piece, labels.piece)
        let counting = (0..<256).map { labels.counts(Int32($0)) }
        var count = 0
        for index in 0..<min(given.count, answers.count) where given[index] == answers[index] {
            let answer = answers[index]
            let isSmall = answer >= 0 && answer < 256
            if isSmall ? counting[Int(answer)] : labels.counts(answer) { count += 1 }
        }
        givenLabels += count
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

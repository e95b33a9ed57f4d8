import HRMText

/// A deterministic toy language model: its logits depend on all tokens of a row, and on whether the
/// prompt was prefilled as one bidirectional block.
final class ToyPredictor: TokenPredictor {
    let capacity: Int
    let vocabularySize: Int
    /// The next token for some sequences; other ones have pseudo-random logits.
    let script: @Sendable ([Int32]) -> Int32?
    private(set) var rows: [[Int32]?]
    /// The rows that were started, in order.
    private(set) var starts: [(row: Int, content: TextRow)] = []
    private var blocks: [Int]

    init(
        rows: Int, capacity: Int = 64, vocabularySize: Int,
        script: @escaping @Sendable ([Int32]) -> Int32? = { _ in nil }
    ) {
        self.rows = Array(repeating: nil, count: rows)
        blocks = Array(repeating: 0, count: rows)
        self.capacity = capacity
        self.vocabularySize = vocabularySize
        self.script = script
    }

    var rowCount: Int { rows.count }

    static func logits(
        _ ids: [Int32], block: Int, vocabularySize: Int, script: ([Int32]) -> Int32?
    ) -> [Float] {
        if let next = script(ids) {
            var logits = [Float](repeating: -20, count: vocabularySize)
            logits[Int(next)] = 20
            return logits
        }
        var state = UInt64(block &+ 1)
        for id in ids {
            state = (state ^ UInt64(UInt32(bitPattern: id))) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 29
        }
        return (0..<vocabularySize).map { place in
            var mixed = (state &+ UInt64(place)) &* 0xBF58_476D_1CE4_E5B9
            mixed ^= mixed >> 31
            return Float(mixed % 4096) / 512
        }
    }

    private func check(_ ids: [Int32]) throws(TextSessionError) {
        for id in ids where id < 0 || Int(id) >= vocabularySize {
            throw .unknownToken(id: id, vocabularySize: vocabularySize)
        }
    }

    private func logits(_ row: Int) -> [Float] {
        Self.logits(
            rows[row] ?? [], block: blocks[row], vocabularySize: vocabularySize, script: script)
    }

    func refill(_ row: Int, with content: TextRow) throws(TextSessionError) -> [Float] {
        guard !content.ids.isEmpty else { throw .emptyRow }
        guard content.ids.count <= capacity else {
            throw .contextExceeded(needed: content.ids.count, capacity: capacity)
        }
        try check(content.ids)
        rows[row] = content.ids
        blocks[row] = content.types.filter { $0 == 1 }.count
        starts.append((row, content))
        return logits(row)
    }

    func decode(_ ids: [Int32]) throws(TextSessionError) -> [[Float]] {
        let active = rows.indices.filter { rows[$0] != nil }
        precondition(ids.count == active.count, "\(ids.count) tokens for \(active.count) rows")
        try check(ids)
        for (row, id) in zip(active, ids) {
            guard (rows[row]?.count ?? 0) < capacity else {
                throw .contextExceeded(needed: capacity + 1, capacity: capacity)
            }
            rows[row]?.append(id)
        }
        return active.map { logits($0) }
    }

    func extend(_ row: Int, with ids: [Int32]) throws(TextSessionError) -> [Float] {
        precondition(rows[row] != nil, "row \(row) is free")
        try check(ids)
        rows[row]?.append(contentsOf: ids)
        return logits(row)
    }

    func finish(_ row: Int) { rows[row] = nil }
}

/// A tokenizer of single bytes, and generators with toy models.
enum Toy {
    static let tokenizer = try? TokenizerTrainer(vocabularySize: 287).train()

    static func generator(
        context: Int = 64, script: @escaping @Sendable ([Int32]) -> Int32? = { _ in nil }
    ) throws -> TextGenerator {
        let tokenizer = try TokenizerTrainer(vocabularySize: 287).train()
        return try TextGenerator(tokenizer: tokenizer, endTokens: [11], context: context) {
            ToyPredictor(rows: $0, capacity: context, vocabularySize: 287, script: script)
        }
    }

    /// A script that answers with a text and the end token, whatever the prompt.
    static func script(_ answer: String) throws -> @Sendable ([Int32]) -> Int32? {
        let ids = try TokenizerTrainer(vocabularySize: 287).train().encode(answer) + [11]
        return { tokens in
            guard let end = tokens.lastIndex(of: 7) else { return nil }
            let place = tokens.count - end - 1
            return place < ids.count ? ids[place] : 11
        }
    }

    /// The answers to requests, by request.
    static func answers(
        _ generator: TextGenerator, _ requests: [GenerationRequest], rows: Int
    ) throws -> [GeneratedText] {
        var rest = requests[...]
        var answers: [Int: GeneratedText] = [:]
        try generator.run(rows: rows) {
            rest.popFirst()
        } report: { event in
            if case .finished(let request, let answer) = event { answers[request] = answer }
        }
        return requests.indices.compactMap { answers[$0] }
    }
}

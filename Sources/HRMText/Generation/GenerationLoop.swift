/// Answers requests in the rows of a batch; a row whose answer has ended is refilled at once.
///
/// Every answer depends on its own request alone.
package struct GenerationLoop {
    /// A row with an answer in progress.
    private struct Slot {
        var request: Int
        var state: AnswerState
    }

    private let predictor: any TokenPredictor
    private let tokenizer: Tokenizer
    private var slots: [Slot?]

    /// Creates a loop.
    ///
    /// - Parameters:
    ///   - predictor: A session without sequences.
    ///   - tokenizer: The tokenizer.
    package init(predictor: any TokenPredictor, tokenizer: Tokenizer) {
        self.predictor = predictor
        self.tokenizer = tokenizer
        slots = Array(repeating: nil, count: predictor.rowCount)
    }

    /// Answers requests until there are no more.
    ///
    /// - Parameters:
    ///   - requests: Returns the next request; nil at the end.
    ///   - isCancelled: Returns true to end all answers; polled before each step.
    ///   - report: Receives the events; those of a request are in order.
    /// - Throws: The error of a parameter, or of the session during decoding.
    package mutating func run(
        requests: () throws -> GenerationRequest?, isCancelled: () -> Bool = { false },
        report: (GenerationEvent) throws -> Void
    ) throws {
        var next = 0
        var isAtEnd = false
        while true {
            while !isAtEnd, !isCancelled(), let row = slots.firstIndex(where: { $0 == nil }) {
                guard let request = try requests() else {
                    isAtEnd = true
                    break
                }
                try start(request, number: next, in: row, report)
                next += 1
            }
            guard !isCancelled() else { return try cancel(report) }
            let rows = slots.indices.filter { slots[$0] != nil }
            if rows.isEmpty {
                guard !isAtEnd else { return }
                continue
            }
            let logits = try predictor.decode(rows.compactMap { slots[$0]?.state.tokens.last })
            for (row, logits) in zip(rows, logits) { try accept(logits, in: row, report) }
        }
    }

    private mutating func start(
        _ request: GenerationRequest, number: Int, in row: Int,
        _ report: (GenerationEvent) throws -> Void
    ) throws {
        let logits: [Float]
        do throws(GenerationError) {
            let state = try AnswerState(
                request, context: predictor.capacity, tokenizer: tokenizer)
            do throws(TextSessionError) {
                logits = try predictor.refill(row, with: request.row)
            } catch {
                throw .session(error)
            }
            slots[row] = Slot(request: number, state: state)
        } catch {
            return try report(.failed(request: number, error))
        }
        try accept(logits, in: row, report)
    }

    private mutating func accept(
        _ logits: [Float], in row: Int, _ report: (GenerationEvent) throws -> Void
    ) throws {
        guard var slot = slots[row] else { preconditionFailure("row \(row) has no answer") }
        // The state must be uniquely referenced while it changes.
        slots[row] = nil
        let token: (id: Int32?, text: String)
        do throws(GenerationError) {
            token = try slot.state.accept(logits)
        } catch {
            predictor.finish(row)
            return try report(.failed(request: slot.request, error))
        }
        if slot.state.reason == nil { slots[row] = slot } else { predictor.finish(row) }
        if token.id != nil || !token.text.isEmpty {
            try report(.token(request: slot.request, id: token.id, text: token.text))
        }
        if slot.state.reason != nil {
            try report(.finished(request: slot.request, slot.state.answer))
        }
    }

    private mutating func cancel(_ report: (GenerationEvent) throws -> Void) throws {
        for row in slots.indices {
            guard var slot = slots[row] else { continue }
            let rest = slot.state.finish(.cancelled)
            slots[row] = nil
            predictor.finish(row)
            if !rest.isEmpty {
                try report(.token(request: slot.request, id: nil, text: rest))
            }
            try report(.finished(request: slot.request, slot.state.answer))
        }
    }
}

import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel

/// Tells what a model would fill in or strike next on a partly played board.
struct HintHandler: Sendable {
    let library: ModelLibrary
    let load: ServerLoad
    private static let mostHints = 8

    /// A symbol that a cell has, or has not.
    private struct Hint {
        var isFill: Bool
        var cell: Int
        var token: Int32
        var confidence: Double
    }

    /// Answers `POST /v1/hint`.
    func callAsFunction(_ request: HTTPRequest) async throws -> HTTPResponse {
        var members = try RequestMembers(request)
        let text = try members.requiredText("puzzle")
        let selection = try PuzzleSelection(&members)
        let choices = try InferenceChoices(try members.object("options"))
        let marks = try members.integers("candidates", in: 0...(1 << 30 - 1), atMost: 16_384)
        try members.finish()
        let model = try await selection.model(for: text, in: library)
        guard let task = model.task else { throw SolveHandler.noPuzzle(nil) }
        if case .sudoku(let geometry) = task,
            let board = try? SudokuBoard(written: TextDecoder.plain(text), geometry: geometry),
            !board.isConsistent
        {
            return Self.answer(
                [], steps: 0, consistent: 0, conflicts: board.contradictions, board: nil, model)
        }
        let reading = try WrittenPuzzles.readings(of: text, task: task, atMost: 1000)[0]
        guard let question = reading.question else { throw SolveHandler.noPuzzle(reading.problem) }
        var plan = choices.options(otherwise: model.reasoner.plan, for: model.file.model)
        (plan.votes, plan.starts) = (1, 1)
        // Candidates are struck by what is seen in the first steps.
        if model.isSearch { plan.maxSteps = max(1, plan.search.policy.thoughts) }
        let options = plan
        let last = try await load.with(1, .puzzles) {
            try await TimeLimit.run(seconds: load.limits.requestSeconds) {
                try await Self.lastStep(of: question, plan: options, model)
            }
        }
        guard let last, let outputs = last.outputs else {
            throw HTTPError(
                .internalServerError, "the model has no answer", at: "model",
                remedy: "use another model")
        }
        let hints =
            model.isSearch
            ? Self.strikes(outputs, question: question, marks: marks ?? [], model.file.model)
            : Self.fills(outputs, question: question, last, model.file.model)
        let consistent =
            model.isSearch
            ? Self.consistency(outputs) : last.step.reading.confidence
        return Self.answer(
            hints, steps: last.step.step, consistent: consistent, conflicts: [],
            board: question, model)
    }

    private static func lastStep(
        of question: PuzzleQuestion, plan: InferenceOptions, _ model: ModelLibrary.Loaded
    ) async throws -> TracedStep? {
        do {
            var last: TracedStep?
            let traces = try model.reasoner.traces(of: question, plan: plan, keepsOutputs: true)
            for await event in traces {
                switch event {
                case .step(let step): last = step
                case .solution: break
                case .failure(let error): throw error
                }
            }
            return last
        } catch let error as ReasonerError {
            throw HTTPError(.unprocessableContent, error, at: "body.puzzle")
        }
    }

    /// Returns the cells that the model would change, with its probability of the symbol.
    private static func fills(
        _ outputs: [Float], question: PuzzleQuestion, _ last: TracedStep,
        _ model: HierarchicalReasoningModel
    ) -> [Hint] {
        let count = model.dimensions.vocabularySize
        let board = question.board
        let columns = question.task.board.columns
        return (0..<(board.rows * board.columns)).compactMap { cell in
            let place = cell / board.columns * columns + cell % board.columns
            let token = last.step.reading.tokens[place]
            guard token != question.tokens[place] else { return nil }
            let surprise = TokenLoss.value(
                model.configuration.lossType, logits: outputs.span,
                cell: (place * count)..<((place + 1) * count), label: Int(token))
            return Hint(isFill: true, cell: cell, token: token, confidence: exp(-surprise))
        }
    }

    /// Returns the candidates that the model would not keep.
    private static func strikes(
        _ outputs: [Float], question: PuzzleQuestion, marks: [Int],
        _ model: HierarchicalReasoningModel
    ) -> [Hint] {
        var sets = CandidateSets(
            of: question.tokens, symbols: model.configuration.symbolCount,
            vocabularySize: model.dimensions.vocabularySize)
        if marks.count == sets.cells.count {
            for (cell, mark) in marks.enumerated() where mark != 0 {
                sets.cells[cell] &= Int32(truncatingIfNeeded: mark)
            }
        }
        return sets.cells.indices.flatMap { cell -> [Hint] in
            guard sets.cells[cell].nonzeroBitCount > 1 else { return [] }
            return sets.members(of: cell).compactMap { symbol in
                let first = (cell * sets.symbols + symbol) * CandidateOutput.count
                let keep = Double(outputs[first + CandidateOutput.keep])
                guard keep < 0 else { return nil }
                return Hint(
                    isFill: false, cell: cell, token: sets.firstToken + Int32(symbol),
                    confidence: QLoss.sigmoid(-keep))
            }
        }
    }

    /// Returns the probability that no symbol shows a contradiction.
    private static func consistency(_ outputs: [Float]) -> Double {
        let conflicts = stride(
            from: CandidateOutput.conflict, to: outputs.count, by: CandidateOutput.count
        )
        .map { Double(outputs[$0]) }
        return 1 - QLoss.sigmoid(conflicts.max() ?? -.infinity)
    }

    private static func answer(
        _ hints: [Hint], steps: Int, consistent: Double, conflicts: [SudokuContradiction],
        board: PuzzleQuestion?, _ model: ModelLibrary.Loaded
    ) -> HTTPResponse {
        let surest = hints.sorted { ($1.confidence, $0.cell) < ($0.confidence, $1.cell) }
            .prefix(mostHints)
        let values = surest.compactMap { hint -> JSONValue? in
            guard let question = board else { return nil }
            let columns = question.board.columns
            // The text of a symbol is that of a cell of an answer that has it.
            var tokens = question.tokens
            let place =
                hint.cell / columns * question.task.board.columns + hint.cell % columns
            tokens[place] = hint.token
            let cells = question.answer(tokens).board.cells
            return .object([
                "kind": .text(hint.isFill ? "fill" : "strike"), "cell": .integer(hint.cell),
                "row": .integer(hint.cell / columns), "column": .integer(hint.cell % columns),
                "symbol": .text(hint.cell < cells.count ? cells[hint.cell] : ""),
                "confidence": .number(min(1, max(0, hint.confidence))),
            ])
        }
        return .json(
            .object([
                "hints": .list(values), "steps": .integer(steps),
                "consistent": .number(min(1, max(0, consistent))),
                "conflicts": .list(conflicts.map(\.members)),
                "model": .text(model.entry.identifier),
            ]))
    }
}

import HRMFigures
import HRMFiles
import HRMText

/// The tokens that each pass would have said next, as a table and as JSON.
struct LensTable {
    private let steps: [[TextLens.Step]]
    private let tokens: [Int32]
    private let tokenizer: Tokenizer

    /// Reads the passes of an answer.
    ///
    /// - Parameters:
    ///   - prompt: The tokens of the prompt.
    ///   - answer: The answer.
    ///   - loaded: The model.
    ///   - count: The number of tokens for each pass.
    /// - Throws: The model's error for invalid tokens.
    init(
        prompt: [Int32], answer: GeneratedText, loaded: TextModelArguments.Loaded, count: Int = 3
    ) throws {
        tokenizer = loaded.generator.tokenizer
        tokens = answer.tokens
        let ids = prompt + answer.tokens
        let types = ids.indices.map { Int32($0 < prompt.count ? 1 : 0) }
        steps =
            answer.tokens.isEmpty
            ? []
            : try TextLens.steps(
                of: loaded.model, row: TextRow(ids: ids, types: types),
                positions: (prompt.count - 1)..<(ids.count - 1), count: count)
    }

    /// A line for each token of the answer, a column for each pass.
    var text: String {
        let width = 9
        func cell(_ text: String) -> String {
            let short = text.count > width - 1 ? text.prefix(width - 2) + "…" : text
            return short + String(repeating: " ", count: max(1, width - short.count))
        }
        guard let first = steps.first else { return "" }
        var lines = [cell("token") + first.map { cell($0.name) }.joined()]
        for (token, steps) in zip(tokens, steps) {
            lines.append(
                cell(shown(token))
                    + steps.map { cell($0.readings.first.map { shown($0.id) } ?? "") }.joined())
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The `--json` members: for each token, its passes with their most likely tokens.
    var value: JSONValue {
        .list(
            zip(tokens, steps).map { token, steps in
                .object([
                    "id": .integer(Int(token)), "text": .text(shown(token)),
                    "passes": .list(
                        steps.map { step in
                            .object([
                                "pass": .text(step.name),
                                "top": .list(
                                    step.readings.map { reading in
                                        .object([
                                            "id": .integer(Int(reading.id)),
                                            "text": .text(shown(reading.id)),
                                            "probability": .number(reading.probability),
                                        ])
                                    }),
                            ])
                        }),
                ])
            })
    }

    /// The passes as a picture; nil for an answer without tokens.
    var picture: PictureSheet? {
        LensPicture(tokens: tokens, steps: steps) { tokenizer.decode([$0]).shown }.sheet
    }

    /// Returns a token's text in quotation marks.
    private func shown(_ id: Int32) -> String {
        let text = tokenizer.decode([id])
        return "'\(text.shown)'"
    }
}

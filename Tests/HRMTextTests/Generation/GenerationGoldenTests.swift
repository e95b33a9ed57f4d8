import HRMText
import Testing

/// Recorded greedy answers, generated through the loop that users run.
@Suite struct GenerationGoldenTests {
    @Test(arguments: TextGolden.names("generate"), [1, 2, 3])
    func answersAreTheRecordedOnes(_ name: String, rows: Int) throws {
        let golden = try TextGolden(name)
        let model = try golden.model()
        let tokenizer = try #require(Toy.tokenizer)
        var compared = 0
        for variant in golden.variants {
            var requests: [GenerationRequest] = []
            var end: Int32?
            if case .number(let id)? = variant.inputs["eos"] { end = Int32(id) }
            guard case .number(let limit)? = variant.inputs["newTokens"] else { continue }
            for row in try golden.textRows(variant) {
                let kept = row.ids.indices.filter { row.mask?[$0] != 0 }
                let types = row.types.isEmpty ? [] : kept.map { row.types[$0] }
                // Requests have prompts of one kind.
                guard Set(types).count < 2 else { continue }
                requests.append(
                    GenerationRequest(
                        prompt: kept.map { row.ids[$0] }, tokenLimit: limit,
                        stopTokens: end.map { [$0] } ?? [], isBidirectional: types.contains(1)))
            }
            let generator = try TextGenerator(
                tokenizer: tokenizer, endTokens: [], context: 64
            ) { TextSession(model: model, capacity: 64, batch: $0) }
            let answers = try Toy.answers(generator, requests, rows: rows)
            let expected = try golden.rows(try #require(variant.ids))
            for (answer, expected) in zip(answers, expected) {
                let tokens = end.map { end in Array(expected.prefix { $0 != end }) } ?? expected
                #expect(answer.tokens == tokens, "\(variant.name)")
                compared += 1
            }
        }
        #expect(compared > 2)
    }
}

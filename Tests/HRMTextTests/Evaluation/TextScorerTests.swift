import Foundation
import HRMText
import Testing

@Suite struct TextScorerTests {
    private static let vocabularySize = 300

    /// A toy model whose logits depend on the tokens before a place and their types.
    private static func scorer() -> TextScorer {
        TextScorer { row, positions in
            positions.map { place in
                ToyPredictor.logits(
                    Array(row.ids[...place]), block: row.types.filter { $0 == 1 }.count,
                    vocabularySize: vocabularySize
                ) { _ in nil }
            }
        }
    }

    private static func logProbability(_ logits: [Float], _ id: Int32) -> Double {
        let total = logits.map { exp(Double($0)) }.reduce(0, +)
        return log(exp(Double(logits[Int(id)])) / total)
    }

    @Test func addsLogProbabilities() throws {
        let prompt: [Int32] = [6, 40, 50, 7]
        let continuation: [Int32] = [60, 61, 11]
        var expected = 0.0
        for place in continuation.indices {
            let before = prompt + continuation[..<place]
            expected += Self.logProbability(
                ToyPredictor.logits(before, block: 4, vocabularySize: Self.vocabularySize) { _ in
                    nil
                },
                continuation[place])
        }
        let score = try Self.scorer().score(continuation, after: prompt)
        #expect(abs(score.logLikelihood - expected) < 1e-9)
        #expect(!score.isGreedy)
        let single = try Self.scorer().scores(ofSingle: [60, 61], after: prompt)
        for (id, score) in zip([60, 61] as [Int32], single) {
            #expect(try Self.scorer().score([id], after: prompt) == score)
        }
        #expect(try Self.scorer().score([], after: prompt).logLikelihood == 0)
    }

    /// The windows overlap, and score each token once.
    @Test(arguments: [(1, 2), (5, 2), (20, 8), (7, 100), (64, 8), (33, 9)])
    func perplexityScoresEachTokenOnce(count: Int, context: Int) throws {
        let tokens = (0..<Int32(count)).map { 40 + $0 % 50 }
        var lengths: [Int] = []
        // The toy model of a bigram does not see where a window begins.
        let scorer = TextScorer { row, positions in
            lengths.append(row.ids.count)
            #expect(row.types.allSatisfy { $0 == 0 })
            return positions.map {
                ToyPredictor.logits([row.ids[$0]], block: 0, vocabularySize: 300) { _ in nil }
            }
        }
        let result = try TextPerplexity.measure(
            tokens, bytes: 2 * count, start: 6, context: context, scorer: scorer)
        #expect(result.tokens == count)
        #expect(lengths.allSatisfy { $0 < context })
        let pairs = zip([6] + tokens, tokens)
        let expected = pairs.map {
            Self.logProbability(
                ToyPredictor.logits([$0], block: 0, vocabularySize: 300) { _ in nil }, $1)
        }.reduce(0, +)
        #expect(abs(result.logLikelihood - expected) < 1e-9 * Double(count))
        #expect(abs(result.perplexity - exp(-expected / Double(count))) < 1e-6)
        #expect(abs(result.bitsPerByte + expected / log(2) / Double(2 * count)) < 1e-9)
    }

    @Test(arguments: ChoiceEvaluation.Style.allCases)
    func choicesAreCompared(_ style: ChoiceEvaluation.Style) throws {
        let tokenizer = try #require(Toy.tokenizer)
        // Prefers "blue" and "B" after any prompt, and reads the types.
        let liked = [tokenizer.encode("blue"), tokenizer.encode("B")]
        var prompts: [String] = []
        let scorer = TextScorer { row, positions in
            let end = row.ids.lastIndex(of: 7) ?? 0
            #expect(row.types == row.ids.indices.map { $0 <= end ? 1 : 0 })
            prompts.append(tokenizer.decode(row.ids[2..<end]))
            return positions.map { place in
                var logits = [Float](repeating: 0, count: 287)
                for answer in liked where place - end < answer.count {
                    logits[Int(answer[place - end])] = 5
                }
                return logits
            }
        }
        let evaluation = ChoiceEvaluation(
            scorer: scorer, tokenizer: tokenizer, format: try PromptFormat(tokenizer),
            conditions: [.direct], style: style, context: 60)
        let result = try evaluation.evaluate("Sky?", choices: ["red", "blue", "x"], right: 1)
        #expect(result.choice == 1 && result.right == 1)
        #expect(result.logLikelihoods.count == 3)
        #expect(Set(prompts) == [style == .texts ? "Sky?" : "Sky?\nA. red\nB. blue\nC. x"])
        #expect(throws: GenerationError.self) {
            try evaluation.evaluate(
                String(repeating: "x", count: 60), choices: ["a", "b"], right: 0)
        }
    }
}

import HRMText
import Testing

@Suite struct PromptFormatTests {
    @Test func agreesWithRecordedPrompts() throws {
        let golden = try TokenizerGolden.load()
        let tokenizer = try TokenizerGolden.tokenizer()
        let format = try PromptFormat(tokenizer)
        for prompt in golden.prompts {
            let conditions = try PromptCondition.list(prompt.condition)
            let ids = try format.prompt(prompt.text, conditions: conditions, tokenizer: tokenizer)
            #expect(ids == prompt.idsPlainText, "\(prompt.text)")
        }
        #expect(format.answerEnd == 11)
    }

    @Test func conditionsAreListed() throws {
        #expect(try PromptCondition.list("synth,cot") == [.synth, .cot])
        #expect(try PromptCondition.list(" direct , noisy ") == [.direct, .noisy])
        #expect(try PromptCondition.list("").isEmpty)
        let error = #expect(throws: GenerationError.self) { try PromptCondition.list("cot,fast") }
        #expect(error?.description.contains("'fast' is no condition") == true)
    }

    @Test func missingTokensAreNamed() throws {
        let bare = try TokenizerTrainer(vocabularySize: 256, specialTokens: []).train()
        #expect(throws: GenerationError.missingToken("<|im_start|>")) { try PromptFormat(bare) }
        let small = try TokenizerTrainer(
            vocabularySize: 258, specialTokens: ["<|im_start|>", "<|im_end|>"]
        ).train()
        let format = try PromptFormat(small)
        #expect(format.answerEnd == nil)
        #expect(try format.prompt("", conditions: [], tokenizer: small) == [0, 1])
        #expect(throws: GenerationError.missingToken("<|quad_end|>")) {
            try format.prompt("", conditions: [.synth], tokenizer: small)
        }
    }
}

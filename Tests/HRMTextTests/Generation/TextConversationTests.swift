import Testing

@testable import HRMText

@Suite struct TextConversationTests {
    private static func conversation(
        _ memory: TextConversation.Memory, context: Int = 64, answer: String = "ok"
    ) throws -> (TextConversation, ToyPredictor) {
        let predictor = ToyPredictor(
            rows: 1, capacity: context, vocabularySize: 287, script: try Toy.script(answer))
        let generator = try Toy.generator(context: context)
        let conversation = TextConversation(
            generator: generator, predictor: predictor, memory: memory, sampling: .greedy)
        return (conversation, predictor)
    }

    @Test(arguments: TextConversation.Memory.allCases)
    func turnsFollowEachOther(_ memory: TextConversation.Memory) throws {
        let (conversation, predictor) = try Self.conversation(memory)
        var streamed = ""
        for prompt in ["a", "b"] {
            let answer = try conversation.ask(prompt, conditions: [.direct]) { streamed += $0 }
            #expect(answer.text == "ok")
        }
        #expect(streamed == "okok")
        let tokenizer = try #require(Toy.tokenizer)
        let ok = tokenizer.encode("ok")
        let first = [6, 8] + tokenizer.encode("a") + [7] + ok + [11]
        let second = first + [6, 8] + tokenizer.encode("b") + [7]
        #expect(conversation.tokens == second + ok + [11])
        // The end token of the last answer was drawn, but not given to the model.
        #expect(predictor.rows[0] == second + ok)
        switch memory {
        case .whole:
            #expect(
                predictor.starts.map(\.content) == [
                    .prompt(Array(first.dropLast(3))), .prompt(second),
                ])
        case .causal: #expect(predictor.starts.count == 1)
        }
        conversation.restart()
        #expect(conversation.tokens.isEmpty && predictor.rows[0] == nil)
        let again = try conversation.ask("a", conditions: []) { _ in }
        #expect(again.text == "ok")
    }

    @Test func fullContextsAreRefused() throws {
        let (conversation, _) = try Self.conversation(.whole, context: 9)
        _ = try conversation.ask("a", conditions: []) { _ in }
        let tokens = conversation.tokens
        #expect(throws: GenerationError.promptTooLong(tokens: 10, context: 9)) {
            try conversation.ask("bc", conditions: []) { _ in }
        }
        #expect(conversation.tokens == tokens)
    }

    @Test func cutAnswersAreClosed() throws {
        let (conversation, _) = try Self.conversation(.causal, answer: "hello")
        let answer = try conversation.ask("a", conditions: [], tokenLimit: 2) { _ in }
        #expect(answer.text == "he" && answer.reason == .tokenLimit)
        #expect(conversation.tokens.last == 11)
        let next = try conversation.ask("b", conditions: []) { _ in }
        #expect(next.text == "hello")
    }
}

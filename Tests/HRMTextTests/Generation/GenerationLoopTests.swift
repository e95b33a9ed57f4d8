import HRMText
import Testing

@Suite struct GenerationLoopTests {
    private static func requests(_ generator: TextGenerator) throws -> [GenerationRequest] {
        try (0..<7).map { number in
            try generator.request(
                String(repeating: "question ", count: number % 3) + "\(number)",
                sampling: SamplingOptions(
                    temperature: number.isMultiple(of: 2) ? 0.9 : 0, topK: 40,
                    seed: UInt64(number)),
                tokenLimit: 3 + 2 * number)
        }
    }

    /// An answer depends on its request alone.
    @Test(arguments: [1, 2, 3, 7, 20])
    func answersDoNotDependOnTheBatch(rows: Int) throws {
        let generator = try Toy.generator()
        let requests = try Self.requests(generator)
        let alone = try requests.flatMap { try Toy.answers(generator, [$0], rows: 1) }
        #expect(alone.count == 7)
        #expect(Set(alone.map(\.text)).count == 7)
        #expect(try Toy.answers(generator, requests, rows: rows) == alone)
        let reversed = try Toy.answers(generator, requests.reversed(), rows: rows)
        #expect(Array(reversed.reversed()) == alone)
    }

    @Test func freeRowsAreRefilled() throws {
        let tokenizer = try #require(Toy.tokenizer)
        let predictor = ToyPredictor(rows: 2, vocabularySize: 287)
        var loop = GenerationLoop(predictor: predictor, tokenizer: tokenizer)
        var rest = [1, 5, 1, 1][...].map {
            GenerationRequest(prompt: [6, 40, 7], tokenLimit: $0)
        }[...]
        try loop.run(requests: { rest.popFirst() }, report: { _ in })
        #expect(predictor.starts.map(\.row) == [0, 0, 1, 1])
        #expect(predictor.starts.allSatisfy { $0.content == .prompt([6, 40, 7]) })
        #expect(predictor.rows == [nil, nil])
    }

    @Test func textsOfTokensAreTheAnswer() throws {
        let generator = try Toy.generator(script: try Toy.script("é語! 😀"))
        var texts: [String] = []
        var answer: GeneratedText?
        var rest = [try generator.request("q")][...]
        try generator.run(rows: 1) {
            rest.popFirst()
        } report: { event in
            switch event {
            case .token(_, let id, let text):
                #expect(id != nil)
                texts.append(text)
            case .finished(_, let text): answer = text
            case .failed(_, let error): Issue.record(error)
            }
        }
        #expect(texts.filter { !$0.isEmpty } == ["é", "語", "!", " ", "😀"])
        #expect(answer?.text == "é語! 😀")
        #expect(answer?.reason == .endToken)
        #expect(answer?.promptTokenCount == 3)
        #expect(answer?.tokens.contains(11) == false)
    }

    @Test(arguments: [
        (["wor"], "hello "), (["lo w", "d"], "hel"), (["x"], "hello world"), (["d"], "hello worl"),
        (["worldx"], "hello world"), (["h"], ""), (["", "o"], "hell"),
        (["hello worX", "lo"], "hel"),
    ])
    func stopTextsEndAnswers(stops: [String], text: String) throws {
        let generator = try Toy.generator(script: try Toy.script("hello world"))
        let request = try generator.request("q", stopTexts: stops)
        let answer = try #require(try Toy.answers(generator, [request], rows: 1).first)
        #expect(answer.text == text)
        #expect(answer.reason == (text == "hello world" ? .endToken : .stopText))
    }

    @Test func limitsEndAnswers() throws {
        let generator = try Toy.generator(context: 10, script: try Toy.script("hello world"))
        let limited = try generator.request("q", tokenLimit: 4)
        #expect(try Toy.answers(generator, [limited], rows: 1).map(\.text) == ["hell"])
        #expect(try Toy.answers(generator, [limited], rows: 1).map(\.reason) == [.tokenLimit])
        // 3 tokens of the prompt and 7 of the answer.
        let full = try generator.request("q")
        #expect(try Toy.answers(generator, [full], rows: 1).map(\.text) == ["hello w"])
        #expect(try Toy.answers(generator, [full], rows: 1).map(\.reason) == [.context])
        let cut = try Toy.generator(script: try Toy.script("a語"))
        let request = try cut.request("q", tokenLimit: 3)
        #expect(try Toy.answers(cut, [request], rows: 1).map(\.text) == ["a\u{FFFD}"])
    }

    @Test func failedRequestsDoNotAffectOthers() throws {
        let generator = try Toy.generator(context: 12, script: try Toy.script("ok"))
        let requests = [
            try generator.request("q"), try generator.request("a long, long prompt"),
            GenerationRequest(prompt: [6, 5000]), GenerationRequest(prompt: []),
            GenerationRequest(prompt: [6], tokenLimit: 0), try generator.request("r"),
        ]
        var rest = requests[...]
        var errors: [Int: GenerationError] = [:]
        var texts: [Int: String] = [:]
        try generator.run(rows: 2) {
            rest.popFirst()
        } report: { event in
            switch event {
            case .failed(let request, let error): errors[request] = error
            case .finished(let request, let answer): texts[request] = answer.text
            case .token: break
            }
        }
        #expect(texts == [0: "ok", 5: "ok"])
        #expect(errors[1] == .promptTooLong(tokens: 21, context: 12))
        #expect(errors[2] == .session(.unknownToken(id: 5000, vocabularySize: 287)))
        #expect(errors[3] == .session(.emptyRow))
        #expect(errors.count == 4)
        #expect(errors.values.allSatisfy { !$0.description.isEmpty })
    }
}

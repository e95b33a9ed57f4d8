import Foundation
import Testing

@Suite struct TextCommandTests {
    private static func use(_ body: (Workbench) throws -> Void) throws {
        try Workbench.use { bench in
            try TinyTextModel.write(in: bench)
            try body(bench)
        }
    }

    @Test func answersAPrompt() throws {
        try Self.use { bench in
            let result = try bench.hrm("generate", "--model", "model", "a question")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "hi\n")
            #expect(result.errors.contains("2 tokens; the first after"), "\(result.errors)")
            let piped = try bench.hrm(
                ["generate", "--model", "model", "--condition", "synth,cot"], input: "<|im_end|>\n")
            #expect(piped.output == "hi\n")
        }
    }

    @Test func jsonHasTokensAndSpeed() throws {
        try Self.use { bench in
            let result = try bench.hrm(
                "generate", "--model", "model", "--json", "--max-tokens", "1", "abc")
            #expect(result.status == 0, "\(result.errors)")
            let answer = try #require((try result.json["answers"] as? [[String: Any]])?.first)
            #expect(answer["text"] as? String == "h")
            #expect(answer["reason"] as? String == "limit")
            #expect(answer["prompt_tokens"] as? Int == 5)
            #expect(answer["completion_tokens"] as? Int == 1)
            #expect((answer["tokens"] as? [Int])?.count == 1)
            #expect(try result.json["count"] as? Int == 1)
            #expect(try result.json["tokens_per_second"] is Double)
        }
    }

    /// Answers are in order, whatever the batch, and depend on the prompt and its seed only.
    @Test func answersManyPrompts() throws {
        try Self.use { bench in
            try bench.write("one\n\ntwo\nthree\nfour\n", to: "prompts.txt")
            try bench.write(
                #""one""# + "\n" + #"{"prompt": "two"}"# + "\n", to: "prompts.jsonl")
            func texts(_ more: String..., file: String = "prompts.txt") throws -> [String] {
                let result = try bench.hrm(
                    ["generate", "--model", "model", "--prompts", file, "--json"] + more)
                #expect(result.status == 0, "\(result.errors)")
                return (try result.json["answers"] as? [[String: Any]] ?? []).compactMap {
                    $0["text"] as? String
                }
            }
            #expect(try texts() == ["hi", "hi", "hi", "hi"])
            #expect(try texts(file: "prompts.jsonl") == ["hi", "hi"])
            let random = ["--temperature", "8", "--max-tokens", "12", "--seed", "5"]
            let alone = try texts(
                random[0], random[1], random[2], random[3], random[4], random[5], "--batch-size",
                "1")
            let together = try texts(
                random[0], random[1], random[2], random[3], random[4], random[5], "--batch-size",
                "3")
            #expect(alone == together)
            #expect(Set(alone).count == 4)
            let plain = try bench.hrm(
                "generate", "--model", "model", "--prompts", "prompts.txt")
            #expect(plain.output == "> one\nhi\n\n> two\nhi\n\n> three\nhi\n\n> four\nhi\n\n")
            // The second prompt has the next seed.
            let second = try bench.hrm(
                "generate", "--model", "model", "--temperature", "8", "--max-tokens", "12",
                "--seed", "6", "--json", "two")
            let answer = try #require((try second.json["answers"] as? [[String: Any]])?.first)
            #expect(answer["text"] as? String == alone[1])
        }
    }

    @Test func showsThePasses() throws {
        try Self.use { bench in
            let result = try bench.hrm("generate", "--model", "model", "--trace", "q")
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 4 && lines[0] == "hi")
            #expect(lines[1].hasPrefix("token    L1.1     L1.2     L1.3     H1"))
            #expect(lines[2].split(separator: " ").allSatisfy { $0 == "'h'" })
            let json = try bench.hrm("generate", "--model", "model", "--trace", "--json", "q").json
            let answer = try #require((json["answers"] as? [[String: Any]])?.first)
            let trace = try #require(answer["trace"] as? [[String: Any]])
            #expect(trace.map { $0["text"] as? String } == ["'h'", "'i'"])
            #expect((trace[0]["passes"] as? [Any])?.count == 8)
        }
    }

    @Test func longPromptsAreRefused() throws {
        try Self.use { bench in
            let long = String(repeating: "word ", count: 200_000)
            let result = try bench.hrm(["generate", "--model", "model"], input: long)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.contains("1000002 tokens"), "\(result.errors.prefix(300))")
            try bench.write("short\n" + String(repeating: "x", count: 100) + "\nend\n", to: "p")
            let mixed = try bench.hrm(
                "generate", "--model", "model", "--prompts", "p", "--json")
            #expect(mixed.status == 1)
            #expect(try mixed.json["count"] as? Int == 2 && mixed.json["errors"] as? Int == 1)
            #expect(mixed.errors.contains("prompt 2: the prompt has 102 tokens"))
        }
    }

    @Test func badOptionsAreNamed() throws {
        try Self.use { bench in
            for (arguments, words) in [
                (["--condition", "fast"], "'fast' is no condition"),
                (["--top-p", "2"], "top-p is 2.0"), (["--temperature=-1"], "the temperature is"),
                (["--top-k", "0"], "top-k is 0"), (["--max-tokens", "0"], "--max-tokens is 0"),
                (["--context", "1"], "--context is 1"),
            ] {
                let result = try bench.hrm(["generate", "--model", "model", "x"] + arguments)
                #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
            }
            expectFailure(
                try bench.hrm("generate", "--model", "nowhere", "x"), mentioning: "nowhere")
            expectFailure(
                try bench.hrm(
                    "generate", "--model", "model", "--context", "4000000", "--prompts",
                    "model/config.json", "--batch-size", "1024"),
                mentioning: "GB")
            try bench.write("{}", to: "model/tokenizer.json")
            expectFailure(
                try bench.hrm("generate", "--model", "model", "x"), mentioning: "tokenizer.json",
                "'model'")
        }
    }

    @Test(arguments: ["whole", "causal", "none"])
    func holdsAConversation(memory: String) throws {
        try Self.use { bench in
            let talk = try Conversation(
                ["chat", "--model", "model", "--memory", memory, "--context", "40"], in: bench)
            for line in ["hello", "again", "/new", "", "third"] {
                try talk.write(line + "\n")
                if line.first?.isLetter == true { #expect(talk.line() == "hi\n") }
            }
            // The context is full, but the conversation can begin again.
            try talk.write(String(repeating: "x", count: 60) + "\n/new\nlast\n")
            #expect(talk.line() == "hi\n")
            try talk.write("/quit\n")
            let end = try talk.finish()
            #expect(end.status == 0 && end.output.isEmpty)
            let errors = String(decoding: try bench.bytes("errors"), as: UTF8.self)
            #expect(errors.contains("'/new' begins a new conversation"), "\(errors)")
        }
    }

    @Test func evaluatesQuestions() throws {
        try Self.use { bench in
            try bench.write(
                """
                {"question": "q", "choices": {"text": ["no", "hi"], "label": ["A", "B"]}, "answerKey": "B"}
                {"ctx": "q", "endings": ["hi", "aa"], "label": 1}
                {"question": "q", "answer": "so it is\\n#### hi"}
                {"question": "q", "answer": "ho"}
                """, to: "q.jsonl")
            let result = try bench.hrm(
                "evaluate-text", "--model", "model", "--json", "--samples", "s.jsonl", "q.jsonl")
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json
            #expect(json["acc"] as? Double == 0.5 && json["exact_match"] as? Double == 0.5)
            #expect(json["acc_stderr"] as? Double == 0.5 && json["questions"] as? Int == 4)
            let samples = String(decoding: try bench.bytes("s.jsonl"), as: UTF8.self)
            #expect(samples.split(separator: "\n").count == 4)
            #expect(samples.contains(#""compared":"hi""#), "\(samples)")
            let plain = try bench.hrm(
                "evaluate-text", "--model", "model", "--shots", "1", "--limit", "2", "q.jsonl")
            #expect(plain.output.contains("questions         2\n"), "\(plain.output)")
            try bench.write("{}\n", to: "bad.jsonl")
            expectFailure(
                try bench.hrm("evaluate-text", "--model", "model", "bad.jsonl"),
                mentioning: "bad.jsonl, line 1")
        }
    }

    /// The first byte has the logit 0, all others have √288.
    @Test func measuresPerplexity() throws {
        try Self.use { bench in
            try bench.write(String(repeating: "a", count: 200), to: "a.txt")
            let result = try bench.hrm(
                "evaluate-text", "--model", "model", "--perplexity", "--json", "a.txt")
            #expect(result.status == 0, "\(result.errors)")
            let json = try result.json
            let top = 288.0.squareRoot()
            let total = log(exp(top) + 287)
            let expected = -total + 199 * (top - total)
            let found = try #require(json["log_likelihood"] as? Double)
            #expect(abs(found - expected) < 0.01, "\(found) \(expected)")
            #expect(json["tokens"] as? Int == 200 && json["bytes"] as? Int == 200)
            let perplexity = try #require(json["perplexity"] as? Double)
            #expect(abs(perplexity - exp(-expected / 200)) < 1e-3)
        }
    }
}

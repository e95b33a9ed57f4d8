import Foundation
import HRMText
import Testing
import _HRMTestSupport

@Suite struct TextExampleTests {
    private static func read(_ lines: String, limit: Int? = nil) throws -> [TextExample] {
        var examples: [TextExample] = []
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("x.jsonl")
            try Data(lines.utf8).write(to: url)
            examples = try TextExamples.read(url, limit: limit)
        }
        return examples
    }

    @Test(arguments: [
        #"{"question": "q", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "B"}"#,
        #"{"question": "q", "choices": {"text": ["x", "y"], "label": ["1", "2"]}, "answerKey": "2"}"#,
        #"{"ctx": "q", "endings": ["x", "y"], "label": "1", "ind": 7}"#,
        #"{"goal": "q", "sol1": "x", "sol2": "y", "label": 1}"#,
        #"{"question": "q", "choices": ["x", "y"], "answer": 1, "subject": "s"}"#,
        #"{"query": "q", "choices": ["x", "y"], "gold": 1}"#,
        #"{"question": "q", "options": ["x", "y"], "answer": "B"}"#,
        #"{"question": "q", "choices": ["x", "y"], "answer": "y"}"#,
    ])
    func readsChoices(_ line: String) throws {
        let expected = TextExample.Expectation.choice(of: ["x", "y"], right: 1)
        #expect(try Self.read(line).map(\.expectation) == [expected])
        #expect(try Self.read(line).map(\.prompt) == ["q"])
    }

    @Test(arguments: [
        (#"{"question": "q", "answer": "so it is 1,234\n#### 1234"}"#, [" 1234"]),
        (#"{"prompt": "q", "target": "t"}"#, ["t"]), (#"{"input": "q", "output": 4}"#, ["4"]),
        (#"{"problem": "q", "solution": "\\boxed{3}"}"#, [#"\boxed{3}"#]),
        (#"{"question": "q", "answers": ["a", "b"]}"#, ["a", "b"]),
    ])
    func readsAnswers(line: String, answers: [String]) throws {
        #expect(try Self.read(line).map(\.expectation) == [.text(oneOf: answers)])
    }

    @Test(arguments: [
        ("[1]", "line 1: it is not an object"), ("{", "line 1: it is not valid JSON"),
        ("\n{\"answer\": 1}", "line 2: no member is a prompt"),
        (#"{"question": "q"}"#, "no member is an answer"),
        (#"{"question": "q", "choices": ["x"], "answer": 0}"#, "at least two"),
        (#"{"question": "q", "choices": ["x", "y"], "answer": 2}"#, "2 is none of the 2 choices"),
        (#"{"question": "q", "choices": ["x", "y"], "answer": "z"}"#, "\"z\" is none of"),
        (#"{"question": "q", "choices": ["x", "y"]}"#, "no member is the right choice"),
        (#"{"question": "q", "question": "r", "answer": 1}"#, "twice"), ("\n\n", "no examples"),
    ])
    func refusesOtherLines(lines: String, words: String) throws {
        let error = #expect(throws: EvaluationError.self) { try Self.read(lines) }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    @Test func limitsAndEmptyLines() throws {
        let line = #"{"question": "q", "answer": "a"}"#
        #expect(try Self.read("\(line)\r\n\n\(line)\n").count == 2)
        #expect(try Self.read("\(line)\n{", limit: 1).count == 1)
    }

    @Test func survivesMutation() throws {
        let originals = [
            #"{"question": "q", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "B"}"#,
            #"{"question": "q", "answer": "a #### 4"}"#,
        ].map { Array($0.utf8) }
        try withScratchFolder { folder in
            let url = folder.appendingPathComponent("x.jsonl")
            let series = Mutations(
                "examples", count: 1000, seed: 5, telling: "{}[]\",: 01\n#".utf8, slowness: 20)
            let readable = series.run(on: originals) { round in
                do {
                    try Data(round.bytes).write(to: url)
                    return try !TextExamples.read(url).isEmpty
                } catch {
                    #expect(error is EvaluationError, "\(round.description): \(error)")
                    return false
                }
            }
            #expect(readable > 0 && readable < series.count)
        }
    }

    @Test(arguments: [
        (AnswerMatch.Part.all, " 12 \n", "12", true), (.all, "12.", "12", false),
        (.line, "\n 12 \nx", "12", true), (.number, "It is 1,234.50 dollars.", "1234.5", true),
        (.number, "first 3, then -7", "-7", true), (.number, "18.", " 18", true),
        (.number, "1.5.", "1.5", true), (.number, "none", "4", false),
        (.number, "a.5", ".5", true), (.number, "3,000,000", "3000000", true),
        (.boxed, #"so \boxed{\frac{1}{2}} ."#, #"\frac{1}{2}"#, true),
        (.boxed, #"\boxed{1} \boxed{2}"#, #"\boxed{2}"#, true), (.boxed, #"\boxed{1"#, "1", false),
    ])
    func comparesParts(part: AnswerMatch.Part, answer: String, right: String, agrees: Bool) {
        #expect(AnswerMatch(part).matches(answer, oneOf: ["zz", right]) == agrees)
    }

    @Test func caseCanBeIgnored() {
        #expect(!AnswerMatch(.all).matches("Yes", oneOf: ["yes"]))
        #expect(AnswerMatch(.all, ignoresCase: true).matches("Yes", oneOf: ["yes"]))
    }

    @Test func solvedExamplesPrecedeQuestions() {
        let examples = try? Self.read(
            #"{"question": "p", "choices": ["x", "y"], "answer": 1}"# + "\n"
                + #"{"question": "r", "answer": "s"}"#)
        let shots = FewShotPrompt(examples ?? [], style: .letters)
        #expect(shots.text("q") == "p\nA. x\nB. y\nB\n\nr\ns\n\nq")
        #expect(FewShotPrompt([], style: .texts).text("q") == "q")
    }

    @Test func proportionsHaveErrors() {
        var share = Proportion()
        #expect(share.share == 0 && share.standardError == 0)
        for place in 0..<4 { share.add(place == 0) }
        #expect(share.share == 0.25)
        #expect(abs(share.standardError - 0.25) < 1e-12)
    }
}

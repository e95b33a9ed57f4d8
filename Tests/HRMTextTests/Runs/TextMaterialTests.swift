import Foundation
import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Training texts: their tokens and targets, and files that cannot be used.
@Suite struct TextMaterialTests {
    @Test func answersAreTheTargets() {
        let lesson = TextLesson(prompt: [7, 8, 9], answer: [1, 2], objective: .prefix)
        #expect(lesson.row.ids == [7, 8, 9, 1])
        #expect(lesson.row.types == [1, 1, 1, 0])
        #expect(lesson.targets == [-1, -1, 1, 2])
        let causal = TextLesson(prompt: [7, 8, 9], answer: [1, 2], objective: .causal)
        #expect(causal.row.types.isEmpty && causal.targets == lesson.targets)
        let all = TextLesson(prompt: [7, 8, 9], answer: [1, 2], objective: .all)
        #expect(all.row.types.isEmpty && all.targets == [8, 9, 1, 2])
        let text = TextLesson(text: [3, 4, 5])
        #expect(text.row.ids == [3, 4] && text.targets == [4, 5])
    }

    @Test func textsAreDividedWithoutLoss() throws {
        let tokenizer = try TokenizerTrainer(
            vocabularySize: TokenizerTrainer.byteVocabularySize
        ).train()
        var settings = TextTrainingSettings()
        settings.context = 4
        for text in ["abcdefghij", "a", "abcd"] {
            let lessons = try TextMaterial.text(text).lessons(
                tokenizer: tokenizer, settings: settings)
            #expect(lessons.flatMap(\.targets) == tokenizer.encode(text))
            #expect(lessons.allSatisfy { $0.row.ids.count <= 4 })
        }
    }

    @Test func longAnswersAreRefused() throws {
        let tokenizer = try TokenizerTrainer(
            vocabularySize: TokenizerTrainer.byteVocabularySize
        ).train()
        var settings = TextTrainingSettings()
        settings.context = 6
        let pairs = [TextPair(prompt: "ab", answer: "cd"), TextPair(prompt: "ab", answer: "cde")]
        #expect(throws: Never.self) {
            try TextMaterial.pairs([pairs[0]]).lessons(tokenizer: tokenizer, settings: settings)
        }
        let error = #expect(throws: TextTrainingError.self) {
            try TextMaterial.pairs(pairs).lessons(tokenizer: tokenizer, settings: settings)
        }
        #expect("\(String(describing: error))".contains("example 2"))
    }

    @Test func filesAreReadAsTheyAreNamed() throws {
        try withScratchFolder { folder in
            let lines = folder.appendingPathComponent("a.jsonl")
            try Data(
                """
                {"question": "1+1", "answer": "so\\n#### 2"}

                {"prompt": "x", "answers": ["y", "z"]}
                """.utf8
            ).write(to: lines)
            #expect(
                try TextMaterial.read(lines)
                    == .pairs([
                        TextPair(prompt: "1+1", answer: "so\n#### 2"),
                        TextPair(prompt: "x", answer: "y"),
                    ]))
            let text = folder.appendingPathComponent("a.txt")
            try Data("words".utf8).write(to: text)
            #expect(try TextMaterial.read(text) == .text("words"))
            for (content, words) in [("{\"question\": 1}\n", "line 1"), ("\n", "no examples")] {
                try Data(content.utf8).write(to: lines)
                let error = #expect(throws: EvaluationError.self) { try TextMaterial.read(lines) }
                #expect("\(String(describing: error))".contains(words))
            }
        }
    }

    @Test func numbersHaveTheirWords() {
        for (number, words) in [
            (0, "zero"), (13, "thirteen"), (20, "twenty"), (42, "forty-two"),
            (100, "one hundred"), (311, "three hundred eleven"),
            (1998, "one thousand nine hundred ninety-eight"),
        ] {
            #expect(ArithmeticInWords.words(number) == words)
        }
        #expect(Set((0...1999).map(ArithmeticInWords.words)).count == 2000)
    }

    @Test func problemsAreDifferent() {
        var generator = SeededGenerator(seed: 1)
        let arithmetic = ArithmeticInWords(largest: 9)
        let problems = arithmetic.problems(arithmetic.count, using: &generator)
        #expect(Set(problems).count == 100 + 55)
        #expect(problems.contains(TextPair(prompt: "nine plus two", answer: "eleven")))
        #expect(problems.contains(TextPair(prompt: "nine minus two", answer: "seven")))
    }

    /// Products and attention of one block pass, counted by hand.
    @Test func operationsAreThoseOfTheFormula() {
        let configuration = TinyText.configuration(
            hidden: 10, heads: 2, headSize: 4, inner: 6, blocks: 3, high: 2, low: 1,
            vocabulary: 20)
        let cost = TextTrainingCost(configuration)
        let weights = 10.0 * (4 * 8 + 8 + 3 * 6)
        let pass = 3 * (2 * 12 * weights + 4 * (25 + 49) * 8)
        let head = 2.0 * 9 * 10 * 20
        #expect(
            cost.operations(lengths: [5, 7], targetCount: 9, plan: nil) == 4 * pass + head)
        let plan = GradientPlan(steps: 3, configuration)
        let back = 3 * 3 * (4 * 12 * weights + 10 * (25 + 49) * 8)
        #expect(
            cost.operations(lengths: [5, 7], targetCount: 9, plan: plan)
                == 4 * pass + back + 3 * head)
    }
}

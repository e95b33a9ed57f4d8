import Foundation
import HRMFiles
import HRMTensor
import HRMText
import Testing
import _HRMTestSupport

/// Trainings of small models: equal bits, budgets, resuming, and plain transformers.
@Suite struct TextTrainerTests {
    private static let pairs = [
        TextPair(prompt: "a", answer: "b"), TextPair(prompt: "b", answer: "cc"),
        TextPair(prompt: "cd", answer: "a"),
    ]

    private static func tokenizer() throws -> Tokenizer {
        try TokenizerTrainer(vocabularySize: TokenizerTrainer.byteVocabularySize).train()
    }

    private static func settings() -> TextTrainingSettings {
        var settings = TextTrainingSettings()
        settings.hiddenSize = 16
        settings.innerSize = 24
        settings.headCount = 2
        settings.headSize = 8
        settings.context = 32
        settings.batchSize = 4
        settings.steps = 12
        settings.warmupSteps = 3
        settings.averageDecay = 0.5
        settings.learningRate = 0.02
        return settings
    }

    private static func trainer(_ settings: TextTrainingSettings) throws -> TextTrainer {
        let tokenizer = try tokenizer()
        return try TextTrainer(
            settings: settings,
            configuration: settings.configuration(
                tokenizer: tokenizer, format: PromptFormat(tokenizer)),
            lessons: try TextMaterial.pairs(pairs).lessons(
                tokenizer: tokenizer, settings: settings),
            workers: Workers(count: 2))
    }

    private static func values(_ trainer: TextTrainer) -> [[Float]] {
        [trainer.learner.parameters, trainer.learner.average].flatMap {
            $0.named.map(\.matrix.values)
        }
    }

    @Test func aResumedTrainingHasTheSameBits() throws {
        let whole = try Self.trainer(Self.settings())
        while !whole.isFinished { _ = try whole.advance() }
        try withScratchFolder { folder in
            let file = folder.appendingPathComponent("checkpoint.safetensors")
            let first = try Self.trainer(Self.settings())
            for _ in 0..<5 { _ = try first.advance() }
            try TextCheckpoint.write(first, note: 77, to: file)
            let second = try Self.trainer(Self.settings())
            #expect(try TextCheckpoint.read(into: second, from: file) == 77)
            #expect(second.step == 5)
            while !second.isFinished { _ = try second.advance() }
            #expect(Self.values(second) == Self.values(whole))
            #expect(second.operations == whole.operations)
        }
    }

    @Test func seedsChangeTheWeights() throws {
        var settings = Self.settings()
        let first = try Self.trainer(settings)
        settings.seed = 1
        let second = try Self.trainer(settings)
        #expect(Self.values(first) != Self.values(second))
    }

    /// Answers are learned by heart, by both architectures.
    @Test(arguments: [false, true])
    func learnsAnswers(_ isTransformer: Bool) throws {
        var settings = Self.settings()
        settings.steps = 120
        if isTransformer { settings.becomeTransformer() }
        let trainer = try Self.trainer(settings)
        let first = try trainer.advance().loss.meanLoss
        var last = first
        while !trainer.isFinished { last = try trainer.advance().loss.meanLoss }
        #expect(last < first / 10, "\(first) to \(last)")
        let tokenizer = try Self.tokenizer()
        let model = trainer.learner.model(averaged: true)
        let lessons = try TextMaterial.pairs(Self.pairs).lessons(
            tokenizer: tokenizer, settings: settings)
        let result = try TextExamination.of(model, on: lessons, pool: trainer.learner.pool)
        #expect(result.exactCount == 3 && result.count == 3 && result.accuracy == 1)
        // Generated answers are those of the examination.
        let generator = try TextGenerator(model: model, tokenizer: tokenizer)
        for pair in Self.pairs {
            var request: GenerationRequest? = try generator.request(pair.prompt, tokenLimit: 10)
            var text: String?
            try generator.run(rows: 1) {
                defer { request = nil }
                return request
            } report: {
                if case .finished(_, let answer) = $0 { text = answer.text }
            }
            #expect(text == pair.answer)
        }
    }

    /// A plain transformer has as many parameters as both stacks, and none of the fast stack.
    @Test func aTransformerHasTheSameSize() throws {
        var settings = Self.settings()
        let loops = try Self.trainer(settings)
        settings.becomeTransformer()
        let plain = try Self.trainer(settings)
        func count(_ trainer: TextTrainer) -> Int {
            Self.values(trainer).reduce(0) { $0 + $1.count }
        }
        #expect(count(plain) == count(loops))
        #expect(plain.learner.parameters.low.isEmpty && plain.learner.parameters.high.count == 2)
        #expect(plain.learner.initialLow.values.allSatisfy { $0 == 0 })
        // Its folder can be read, and gives the same logits.
        try withScratchFolder { folder in
            try plain.learner.parameters.write(
                to: folder, configuration: plain.learner.configuration,
                initialLow: plain.learner.initialLow)
            let read = try TextModel.load(
                folder: folder, options: TextModelOptions(workers: Workers(count: 2)))
            let row = TextRow.prompt([40, 50, 60])
            #expect(
                try read.logits(of: row) == plain.learner.model(averaged: false).logits(of: row))
        }
    }

    @Test func aBudgetEndsTheTraining() throws {
        var settings = Self.settings()
        let step = try Self.trainer(settings).advance().operations
        settings.budget = 4.5 * step
        settings.warmsUpGradient = false
        settings.gradientSteps = 2
        let trainer = try Self.trainer(settings)
        while !trainer.isFinished { _ = try trainer.advance() }
        #expect(trainer.step == 5)
        #expect(trainer.operations >= 4.5 * step && trainer.progress == 1)
    }

    @Test func impossibleSettingsAreNamed() throws {
        for (change, words) in [
            ({ $0.batchSize = 0 }, "the batch size is 0"),
            ({ $0.hiddenSize = 15 }, "a multiple of the number of heads"),
            ({ $0.headSize = 7 }, "an even number"),
            ({ $0.learningRate = .nan }, "the learning rate is nan"),
            ({ $0.precision = .bfloat16 }, "bfloat16; use float32"),
        ] as [((inout TextTrainingSettings) -> Void, String)] {
            var settings = Self.settings()
            change(&settings)
            let error = #expect(throws: TextTrainingError.self) { try settings.validate() }
            #expect("\(String(describing: error))".contains(words))
        }
    }

    @Test func damagedCheckpointsAreRefusedOrRead() throws {
        try withScratchFolder { folder in
            let file = folder.appendingPathComponent("checkpoint.safetensors")
            let trainer = try Self.trainer(Self.settings())
            try TextCheckpoint.write(trainer, note: 0, to: file)
            let series = Mutations(
                "text checkpoints", count: 300, seed: 3, telling: "{}[]\",:0129-.F".utf8,
                slowness: 10)
            let readable = try series.run(on: [Array(try Data(contentsOf: file))], prefix: 4000) {
                round in
                try Data(round.bytes).write(to: file)
                do throws(TextTrainingError) {
                    _ = try TextCheckpoint.read(into: trainer, from: file)
                    return true
                } catch {
                    #expect(error.description.contains(file.path), "\(round.description)")
                    return false
                }
            }
            #expect(readable < series.count)
        }
    }
}

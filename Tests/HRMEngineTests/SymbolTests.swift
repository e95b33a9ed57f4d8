import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Symbols that could change places: whatever they are called, the model thinks the same.
@Suite struct SymbolTests {
    /// Two plain tokens and four symbols.
    private static let dimensions = PuzzleDimensions(
        vocabularySize: 6, sequenceLength: 7, puzzleIdentifierCount: 1)
    private static let symbols = 4

    private static func model(_ precision: ActivationPrecision = .float32) throws
        -> HierarchicalReasoningModel
    {
        let model = TestModel.make(
            try TestModel.configuration {
                TestModel.Kind.symbols.apply(to: &$0)
                $0.symbolCount = symbols
                $0.lowLayers = 2
                $0.forwardPrecision = precision
            }, dimensions: dimensions)
        // The helper's Q head is drawn at random, copies apart.
        model.symbolTying?.tie(initial: model)
        model.pack(workers: Workers(count: 1))
        return model
    }

    /// Logits `[B·S, V]` and Q logits `[B, 2]` of puzzles, after some segments.
    private static func think(
        _ model: HierarchicalReasoningModel, about inputs: [Int32], segments: Int
    ) -> (logits: [Float], qLogits: [Float]) {
        let count = inputs.count / dimensions.sequenceLength
        var carry = CPUCarry(batchSize: count, model: model)
        carry.refill(
            from: TokenBatch(
                inputs: inputs, labels: inputs,
                puzzleIdentifiers: Array(repeating: 0, count: count)), model: model)
        let engine = SegmentExecutor(
            model: model, batchSize: count, workers: Workers(count: 1), training: false)
        for _ in 0..<segments { _ = engine.evaluationStep(&carry, maxSteps: 99) }
        return (engine.outputs.logits.values, engine.outputs.qLogits.values)
    }

    /// New names for the tokens, of which the plain ones keep theirs, and for how many segments the
    /// model thinks alike.
    ///
    /// Means are summed in another order, and each segment magnifies what rounding makes of it. Where the
    /// first two symbols change places, nothing is to be magnified, since `a + b = b + a` in every bit:
    /// only the heads, which look at all features at once, see another order.
    @Test(arguments: [([0, 1, 4, 2, 5, 3], 1), ([0, 1, 3, 2, 4, 5], 3)])
    func freshWeightsAreAlikeForAllSymbols(renaming: [Int], segments: Int) throws {
        let model = try Self.model()
        var generator = SeededGenerator(seed: 211)
        let inputs = (0..<(3 * Self.dimensions.sequenceLength)).map { _ in
            Int32.random(in: 0..<6, using: &generator)
        }
        let original = Self.think(model, about: inputs, segments: segments)
        let renamed = Self.think(
            model, about: inputs.map { Int32(renaming[Int($0)]) }, segments: segments)
        let vocabulary = Self.dimensions.vocabularySize
        let expected = original.logits.indices.map { index in
            let token = index % vocabulary
            let source = renaming.firstIndex(of: token) ?? token
            return original.logits[index - token + source]
        }
        expectClose(renamed.logits, expected, .ofMaximum(expected, 1e-5), "logits")
        expectClose(renamed.qLogits, original.qLogits, .ofMaximum(original.qLogits, 1e-5), "q")
        #expect(renamed.logits != original.logits)
    }

    /// Copies of a weight, told apart only by which symbols they stand for, equal in every bit.
    private func expectCopies(_ matrix: Matrix, symbolRows: Bool, _ name: String) {
        let (count, size) = (Self.symbols, matrix.columns / Self.symbols)
        let plain = matrix.rows - (symbolRows ? count : 0)
        func block(_ row: Int, _ symbol: Int) -> [Float] {
            (0..<size).map { matrix[row, symbol * size + $0] }
        }
        for row in 0..<plain {
            for symbol in 1..<count { #expect(block(row, symbol) == block(row, 0), "\(name)") }
        }
        guard symbolRows else { return }
        for row in 0..<count {
            for symbol in 0..<count {
                let first = row == symbol ? block(plain, 0) : block(plain, 1)
                #expect(block(plain + row, symbol) == first, "\(name)")
            }
        }
        #expect(block(plain, 0) != block(plain, 1), "\(name)")
    }

    /// Gradients of a worker as the engine leaves them are those of single copies; shared, copies
    /// have one, and it is their mean.
    @Test func copiesShareTheirGradient() throws {
        let model = try Self.model()
        var generator = SeededGenerator(seed: 212)
        let batch = TestModel.batch(4, for: model, using: &generator)
        var carry = TestModel.carry(batch, model: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 4, workers: Workers(count: 2), training: true)
        _ = engine.trainingStep(&carry, minimumSteps: [0, 0, 0, 0], scale: 0.25)
        let before = engine.gradients.map(\.values)
        engine.shareSymbolGradients()
        for (gradient, old) in zip(engine.gradients, before) {
            for (name, rows) in [
                ("embed_tokens.embedding_weight", true), ("lm_head.weight", true),
                ("q_head.weight", false),
            ] {
                let entry = model.layout.entry(name)
                expectCopies(entry.matrix(in: gradient), symbolRows: rows, name)
                let place = entry.offset..<(entry.offset + entry.count)
                expectClose(
                    gradient.values[place].reduce(0) { $0 + Double($1) },
                    old[place].reduce(0) { $0 + Double($1) },
                    Tolerance(absolute: 1e-5), "\(name): the sum over all copies")
            }
            let shared = model.layout.entry("L_level.layers.0.mlp.down_proj.weight")
            let place = shared.offset..<(shared.offset + shared.count)
            #expect(Array(gradient.values[place]) == Array(old[place]))
        }
    }

    @Test func theStatesBeginAlike() throws {
        for precision in ActivationPrecision.allCases {
            let model = try Self.model(precision)
            expectCopies(model.highInitial, symbolRows: false, "H_init")
            expectCopies(model.lowInitial, symbolRows: false, "L_init")
        }
    }

    /// Weights of the SwiGLU are one symbol's, and see it beside the mean of all.
    @Test func theShapesAreThoseOfOneSymbol() throws {
        let model = try Self.model()
        #expect(model.layout.entry("L_level.layers.0.mlp.gate_up_proj.weight").shape == [128, 6])
        #expect(model.layout.entry("L_level.layers.0.mlp.down_proj.weight").shape == [3, 64])
        #expect(model.layout.entry("embed_tokens.embedding_weight").shape == [6, 12])
    }

    /// One puzzle whose rows all workers share, and the same one alone: equal in every bit.
    @Test func aTeamComesToTheSame() throws {
        let model = try Self.model(.bfloat16)
        let inputs: [Int32] = [0, 2, 3, 1, 5, 4, 2]
        func logits(_ workers: Int) -> [Float] {
            var carry = CPUCarry(batchSize: 1, model: model)
            carry.refill(
                from: TokenBatch(inputs: inputs, labels: inputs, puzzleIdentifiers: [0]),
                model: model)
            let engine = SegmentExecutor(
                model: model, batchSize: 1, workers: Workers(count: workers), training: false)
            for _ in 0..<3 { _ = engine.evaluationStep(&carry, maxSteps: 99) }
            return engine.outputs.logits.values
        }
        #expect(logits(1) == logits(3))
    }

    @Test func aVocabularyWithoutThemTraps() async {
        await #expect(processExitsWith: .failure) {
            var configuration = HRMConfiguration()
            configuration.symbolCount = 8
            configuration.mixesPositions = true
            configuration.positionEncoding = .none
            configuration.puzzleEmbeddingSize = 0
            _ = HierarchicalReasoningModel(
                blank: configuration,
                dimensions: PuzzleDimensions(
                    vocabularySize: 7, sequenceLength: 4, puzzleIdentifierCount: 1),
                trainable: false)
        }
    }
}

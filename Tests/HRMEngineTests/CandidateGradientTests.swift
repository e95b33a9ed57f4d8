import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Models that read candidates.
@Suite struct CandidateGradientTests {
    /// A model of three symbols on a board of nine cells.
    private static func model(layers: Int = 1, lowCycles: Int = 2) throws
        -> HierarchicalReasoningModel
    {
        var generator = SeededGenerator(seed: 1)
        let model = HierarchicalReasoningModel(
            configuration: try TestModel.configuration {
                TestModel.Kind.relatedSymbols.apply(to: &$0)
                $0.inputEncoding = .candidates
                $0.lossType = .softmaxCrossEntropy
                $0.lowLayers = layers
                $0.lowCycles = lowCycles
            }, dimensions: TestModel.dimensions, using: &generator)
        let bias = model.layout.entry("candidate_head.bias")
        bias.matrix(in: model.parameters).assign(generator.values(bias.count))
        model.pack(workers: Workers(count: 1))
        return model
    }

    /// Two boards: one whose answer is among its candidates, one with a struck answer.
    private static func batch(using generator: inout SeededGenerator) -> TokenBatch {
        let labels = (0..<18).map { _ in Int32.random(in: 2..<5, using: &generator) }
        var inputs = labels.map { label in
            Int32.random(in: 0..<8, using: &generator) | 1 << (label - 2)
        }
        inputs[12] = 7 & ~(1 << (labels[12] - 2))
        return TokenBatch(inputs: inputs, labels: labels, puzzleIdentifiers: [0, 0])
    }

    @Test(arguments: [(1, 1), (2, 2)])
    func theTrainingStepsGradientIsTheDerivativeOfItsLoss(layers: Int, lowCycles: Int) throws {
        let model = try Self.model(layers: layers, lowCycles: lowCycles)
        var generator = SeededGenerator(seed: 201)
        let batch = Self.batch(using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: true)
        var carry = start.copied(for: model)
        let outcomes = engine.trainingStep(&carry, minimumSteps: [0, 0], scale: 0.5)
        let inference = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: false)
        func loss() -> Double {
            model.pack(workers: Workers(count: 1))
            var carry = start.copied(for: model)
            return 0.5
                * inference.evaluationStep(&carry, maxSteps: 9).reduce(0) { $0 + $1.loss.total }
        }
        let total = loss()
        expectClose(
            total, 0.5 * outcomes.reduce(0) { $0 + $1.loss.total }, Tolerance(relative: 1e-12),
            "total")
        #expect(outcomes[0].loss.tokenLoss > 0)
        // A contradiction only teaches to be recognized.
        #expect(outcomes[1].loss.tokenLoss == 0 && outcomes[1].loss.qHaltLoss > 0)
        let check = GradientCheck(magnitude: total, samples: 2)
        for entry in model.layout.entries {
            check.expect(
                entry.matrix(in: engine.gradients[0]).values,
                of: entry.matrix(in: model.parameters), entry.name, using: &generator, loss: loss)
        }
    }

    /// Symbols that change places change places in the outputs too, and nothing else changes.
    @Test func symbolsAreInterchangeable() throws {
        let model = try Self.model()
        var generator = SeededGenerator(seed: 202)
        let sets = (0..<9).map { _ in Int32.random(in: 0..<8, using: &generator) }
        let order = [2, 0, 1]
        let image = sets.map { set in
            (0..<3).reduce(Int32(0)) { $0 | (set >> Int32($1) & 1) << Int32(order[$1]) }
        }
        func outputs(_ sets: [Int32]) -> (values: [Float], q: Float) {
            let engine = SegmentExecutor(
                model: model, batchSize: 1, workers: Workers(count: 1), training: false)
            var carry = CPUCarry(batchSize: 1, model: model)
            carry.begin(0, inputs: sets, identifier: 0, model: model)
            let outcomes = engine.evaluationStep(&carry, maxSteps: 9)
            return (engine.outputs.logits.values, outcomes[0].qHalt)
        }
        let (own, other) = (outputs(sets), outputs(image))
        for cell in 0..<9 {
            for symbol in 0..<3 {
                for output in 0..<CandidateOutput.count {
                    expectClose(
                        Double(
                            other.values[
                                (cell * 3 + order[symbol]) * CandidateOutput.count + output]),
                        Double(own.values[(cell * 3 + symbol) * CandidateOutput.count + output]),
                        Tolerance(absolute: 1e-5, relative: 1e-4), "\(cell), \(symbol)")
                }
            }
        }
        expectClose(
            Double(other.q), Double(own.q), Tolerance(absolute: 1e-5, relative: 1e-4), "q")
    }

    /// No weight depends on the size of the board or the number of symbols.
    @Test func weightsFitEveryBoard() throws {
        func shapes(symbols: Int, cells: Int) throws -> [[Int]] {
            let configuration = try TestModel.configuration {
                TestModel.Kind.relatedSymbols.apply(to: &$0)
                $0.inputEncoding = .candidates
                $0.lossType = .softmaxCrossEntropy
                $0.symbolCount = symbols
                $0.hiddenSize = 4 * symbols
                $0.headCount = 1
            }
            let layout = ParameterLayout(
                configuration: configuration,
                dimensions: PuzzleDimensions(
                    vocabularySize: symbols + 2, sequenceLength: cells, puzzleIdentifierCount: 1))
            return (layout.entries + layout.buffers).map(\.shape)
        }
        #expect(try shapes(symbols: 3, cells: 9) == shapes(symbols: 16, cells: 256))
    }

    /// On another board, the weights are the same.
    @Test func aModelFitsAnotherBoard() throws {
        let model = try Self.model()
        let other = try model.fitted(symbols: 5, cells: 25)
        #expect(other.parameters.values == model.parameters.values)
        #expect(other.configuration.symbolSize == model.configuration.symbolSize)
        #expect(other.dimensions.vocabularySize == 7)
        #expect(throws: ConfigurationError.self) { _ = try model.fitted(symbols: 5, cells: 24) }
    }
}

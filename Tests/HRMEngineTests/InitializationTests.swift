import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

@Suite struct InitializationTests {
    @Test func freshWeightsHaveTheirDeviations() throws {
        var generator = SeededGenerator(seed: 141)
        let model = HierarchicalReasoningModel(
            configuration: try TestModel.configuration {
                $0.hiddenSize = 64
                $0.headCount = 4
                $0.positionEncoding = .learned
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 20, sequenceLength: 30, puzzleIdentifierCount: 3),
            using: &generator)
        for entry in model.layout.entries + model.layout.buffers {
            let values = try #require(model.tensor(entry)).values.map(Double.init)
            switch entry.name {
            case "q_head.weight", "puzzle_emb.weights":
                #expect(values.allSatisfy { $0 == 0 }, "\(entry.name)")
            case "q_head.bias":
                #expect(values == [-5, -5])
            default:
                // Embeddings 1/√D, linear weights 1/√inputs (their last extent), states 1.
                let isState = entry.name.hasSuffix("_init")
                let wanted = isState ? 1 : 1 / Double(entry.shape.last ?? 1).squareRoot()
                let count = Double(values.count)
                let found = (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
                // Five standard errors: σ/√(2n) for a normal, less when its tails are cut.
                #expect(
                    abs(found - wanted) < 5 * wanted / (2 * count).squareRoot(), "\(entry.name)")
                #expect(
                    values.allSatisfy { abs($0) <= 2 * wanted / 0.879 }, "\(entry.name)")
            }
        }
    }

    /// A block whose last matrices are zero passes its input on.
    @Test(arguments: TestModel.Kind.allCases)
    func outputsCanStartAtZero(kind: TestModel.Kind) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                kind.apply(to: &$0)
                $0.zeroInitializesOutputs = true
            })
        var zeros = 0
        for entry in model.layout.entries {
            let isOutput = ["o_proj.weight", "down_proj.weight"].contains(
                where: entry.name.hasSuffix)
            let values = entry.matrix(in: model.parameters).values
            #expect(values.allSatisfy { $0 == 0 } == isOutput, "\(entry.name)")
            zeros += isOutput ? 1 : 0
        }
        let perBlock = model.configuration.relations.isEmpty ? 2 : 1
        #expect(zeros == perBlock * model.modules.reduce(0) { $0 + $1.blocks.count })
    }

    @Test func theSeedDecides() throws {
        let configuration = try TestModel.configuration()
        let models = [1, 1, 2].map { TestModel.make(configuration, seed: $0) }
        #expect(models[0].parameters.values == models[1].parameters.values)
        #expect(models[0].highInitial.values == models[1].highInitial.values)
        #expect(models[0].parameters.values != models[2].parameters.values)
        #expect(models[0].highInitial.values != models[2].highInitial.values)
    }

    @Test func initialStatesAreRoundedWhereTheyLive() throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.forwardPrecision = .bfloat16 })
        for state in [model.highInitial, model.lowInitial] {
            #expect(state.precision == .bfloat16)
            #expect(state.values.contains { $0 != 0 })
        }
        #expect(model.parameters.precision == .float32)
    }
}

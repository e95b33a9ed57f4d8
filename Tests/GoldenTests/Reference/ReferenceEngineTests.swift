import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

/// The reference engine's slots and tensors.
@Suite struct ReferenceEngineTests {
    private static let configuration: HRMConfiguration = {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = 4
        configuration.headCount = 2
        configuration.expansion = 1
        configuration.highLayers = 1
        configuration.lowLayers = 1
        configuration.puzzleEmbeddingSize = 6
        configuration.haltMaxSteps = 4
        return configuration
    }()
    private static let dimensions = PuzzleDimensions(
        vocabularySize: 3, sequenceLength: 5, puzzleIdentifierCount: 2)

    private static func tensors(seed: UInt64) -> [ReferenceTensor] {
        var generator = SeededGenerator(seed: seed)
        let layout = ParameterLayout(configuration: configuration, dimensions: dimensions)
        return (layout.entries + layout.buffers).map {
            ReferenceTensor(
                name: $0.name, shape: $0.shape, values: generator.values($0.count))
        }
    }

    private static func engine(seed: UInt64 = 1) throws -> ReferenceEngine {
        ReferenceEngine(
            try ReferenceModel(
                configuration: configuration, dimensions: dimensions,
                weights: tensors(seed: seed)),
            slotCount: 2,
            optimizers: ReferenceOptimizerSettings(
                adam: ReferenceAdamATan2(betas: (0.9, 0.95), weightDecay: 0.1), averages: true))
    }

    private static func table() -> ReferenceSlotTable {
        var table = ReferenceSlotTable(slotCount: 2, sequenceLength: 5)
        table.inputs = [[0, 1, 2, 1, 0], [2, 2, 1, 0, 1]]
        table.labels = [[1, 1, 2, -100, 0], [0, 2, 1, 0, 1]]
        table.identifiers = [1, 0]
        return table
    }

    @Test func slotsBeginWithInitialStatesAndNoise() throws {
        let engine = try Self.engine()
        var generator = SeededGenerator(seed: 2)
        let count = engine.states(of: 0).high.values.count
        let noise = (high: generator.values(count), low: generator.values(count))
        engine.begin(slot: 1, noise: noise)
        let initial = engine.model.weights
        for (state, name, added) in [
            (engine.states(of: 1).high, "H_init", noise.high),
            (engine.states(of: 1).low, "L_init", noise.low),
        ] {
            let vector = try #require(initial[name]).values
            #expect(state.rows == 7)
            for (index, value) in state.values.enumerated() {
                #expect(value == vector[index % 4] + Double(added[index]))
            }
        }
        #expect(engine.states(of: 0).high == engine.model.initialStates.high)
    }

    @Test func slotsMoveAndCellsChangePlaces() throws {
        let engine = try Self.engine()
        var generator = SeededGenerator(seed: 3)
        let count = engine.states(of: 0).high.values.count
        engine.begin(slot: 0, noise: (generator.values(count), generator.values(count)))
        let before = engine.states(of: 0)
        engine.move(from: 0, to: 1)
        #expect(engine.states(of: 1) == before)
        let sources = [3, 0, 4, 1, 2]
        engine.rearrange(slot: 1, sources: sources)
        #expect(engine.states(of: 0) == before)
        for (new, old) in [
            (engine.states(of: 1).high, before.high), (engine.states(of: 1).low, before.low),
        ] {
            // The first two positions are the puzzle embedding's.
            for (position, source) in ([0, 1] + sources.map { $0 + 2 }).enumerated() {
                for column in 0..<4 { #expect(new[position, column] == old[source, column]) }
            }
        }
    }

    @Test func loadedTensorsContinueARun() throws {
        let engines = (try Self.engine(seed: 4), try Self.engine(seed: 5))
        var tables = (Self.table(), Self.table())
        let step = ReferenceTrainingStep(
            slots: 0..<2, maxSteps: 4, update: .init(number: 1, learningRate: 0.01))
        #expect(engines.0.tensors(.gradients).isEmpty)
        _ = engines.0.train(&tables.0, step)
        tables.1 = tables.0
        // Both take the rounded values.
        for group in ReferenceTensorGroup.allCases where group != .gradients {
            let tensors = engines.0.tensors(group)
            try engines.0.load(tensors, group)
            try engines.1.load(tensors, group)
        }
        var next = step
        next.update?.number = 2
        let results = (engines.0.train(&tables.0, next), engines.1.train(&tables.1, next))
        #expect(results.0.outcomes == results.1.outcomes)
        for group in ReferenceTensorGroup.allCases {
            #expect(!engines.0.tensors(group).isEmpty)
            #expect(engines.0.tensors(group) == engines.1.tensors(group), "\(group)")
        }
    }

    @Test func othersTensorsAreRefused() throws {
        let engine = try Self.engine()
        let tensors = Self.tensors(seed: 6)
        let before = engine.tensors(.weights)
        #expect(throws: ReferenceTensorError.missing(name: "H_init")) {
            try engine.load(tensors.filter { $0.name != "H_init" }, .weights)
        }
        var renamed = tensors
        renamed[0].name = "other"
        #expect(throws: ReferenceTensorError.unknown(name: "other")) {
            try engine.load(renamed, .weights)
        }
        var reshaped = tensors
        reshaped[0].shape = [4, 3]
        #expect(
            throws: ReferenceTensorError.wrongShape(
                name: tensors[0].name, expected: [3, 4], found: [4, 3])
        ) { try engine.load(reshaped, .weights) }
        #expect(engine.tensors(.weights) == before)
    }

    @Test func divergedStepsLeaveWeightsAlone() throws {
        let engine = try Self.engine()
        var weights = engine.tensors(.weights)
        let place = try #require(weights.firstIndex { $0.name == "lm_head.weight" })
        weights[place].values[0] = .infinity
        try engine.load(weights, .weights)
        var table = Self.table()
        let result = engine.train(
            &table,
            ReferenceTrainingStep(
                slots: 0..<2, maxSteps: 4, update: .init(number: 1, learningRate: 0.01)))
        #expect(result.divergence == .loss)
        #expect(engine.tensors(.weights) == weights)
        #expect(table.steps == [1, 1])
    }

    @Test func stepsWithoutUpdateLeaveWeightsAlone() throws {
        let engine = try Self.engine()
        let weights = engine.tensors(.weights)
        var table = Self.table()
        _ = engine.train(&table, ReferenceTrainingStep(slots: 0..<2, maxSteps: 4, update: nil))
        #expect(engine.tensors(.weights) == weights)
        #expect(
            engine.tensors(.gradients).map(\.name).sorted()
                == weights.map(\.name).filter {
                    $0 != "H_init" && $0 != "L_init"
                }.sorted())
    }

    @Test func onlyTheFirstSlotsLearn() throws {
        let engine = try Self.engine()
        var table = Self.table()
        var step = ReferenceTrainingStep(
            slots: 0..<2, maxSteps: 4, update: .init(number: 1, learningRate: 0.01))
        step.learningSlots = 1
        let other = engine.states(of: 1)
        let result = engine.train(&table, step)
        #expect(result.outcomes.map(\.slot) == [0])
        #expect(table.steps == [1, 0])
        #expect(engine.states(of: 1) == other)
    }
}

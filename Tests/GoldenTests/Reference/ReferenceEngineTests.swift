import HRMEngine
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

    private static func engine(seed: UInt64 = 1) -> ReferenceEngine {
        var generator = SeededGenerator(seed: seed)
        let model = HierarchicalReasoningModel(
            configuration: configuration, dimensions: dimensions, using: &generator)
        for entry in model.layout.entries + model.layout.buffers {
            model.tensor(entry)?.assign(generator.values(entry.count))
        }
        var optimizers = OptimizerDescription()
        optimizers.averagesWeights = true
        return ReferenceEngine(ReferenceModel(model), slotCount: 2, optimizers: optimizers)
    }

    private static func noise(seed: UInt64) -> StateNoise {
        var generator = SeededGenerator(seed: seed)
        return StateNoise(
            amplitude: 0.5, configuration: configuration, dimensions: dimensions,
            using: &generator)
    }

    private static func carry() -> Carry {
        var carry = Carry(slotCount: 2, dimensions: dimensions)
        let ignored = TokenLoss.ignoredLabel
        carry.begin(0, inputs: [0, 1, 2, 1, 0], labels: [1, 1, 2, ignored, 0], identifier: 1)
        carry.begin(1, inputs: [2, 2, 1, 0, 1], labels: [0, 2, 1, 0, 1], identifier: 0)
        return carry
    }

    private static func step(
        number: Int? = 1, learningSlots: Int = 2, keepsGradients: Bool = false
    ) -> TrainingStep {
        TrainingStep(
            slots: 0..<2, learningSlots: learningSlots, minimumSteps: [0, 0], maxSteps: 4,
            scale: 0.5,
            update: number.map {
                .init(
                    number: $0, learningRate: 0.01, puzzleLearningRate: 0.01, averageRate: 0.9)
            }, keepsGradients: keepsGradients)
    }

    @Test func slotsBeginWithInitialStatesAndNoise() throws {
        let engine = Self.engine()
        let noise = Self.noise(seed: 2)
        engine.begin(1, noise: noise)
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
        let engine = Self.engine()
        engine.begin(0, noise: Self.noise(seed: 3))
        let before = engine.states(of: 0)
        engine.move(from: 0, to: 1)
        #expect(engine.states(of: 1) == before)
        let sources = [3, 0, 4, 1, 2]
        engine.rearrange(1, sources: sources)
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
        let engines = (Self.engine(seed: 4), Self.engine(seed: 5))
        #expect(engines.0.tensors(.gradients).isEmpty)
        var carries = (Self.carry(), Self.carry())
        _ = engines.0.train(&carries.0, Self.step())
        #expect(engines.0.tensors(.gradients).isEmpty)
        carries.1 = carries.0
        // Both take the rounded values.
        for group in TensorGroup.allCases where group != .gradients {
            let tensors = engines.0.tensors(group)
            engines.0.load(tensors, group)
            engines.1.load(tensors, group)
        }
        let next = Self.step(number: 2, keepsGradients: true)
        let outcomes = (
            engines.0.train(&carries.0, next), engines.1.train(&carries.1, next)
        )
        #expect(outcomes.0.sequences == outcomes.1.sequences)
        for group in TensorGroup.allCases {
            let values = engines.0.values(group)
            #expect(!values.isEmpty)
            #expect(values == engines.1.values(group), "\(group)")
        }
    }

    @Test func loadingReplacesOnlyWhatIsGiven() throws {
        let engine = Self.engine()
        for group in TensorGroup.allCases where group != .gradients {
            let before = engine.values(group)
            let name = try #require(engine.tensors(group).last).name
            let zeros = [Float](repeating: 0, count: try #require(before[name]).count)
            #expect(before[name] != zeros)
            try engine.load(zeros, as: name, group)
            #expect(engine.values(group) == before.merging([name: zeros]) { $1 }, "\(group)")
        }
    }

    @Test func othersTensorsAreRefused() async {
        await #expect(processExitsWith: .failure) {
            Self.engine().load(
                [NamedTensor(name: "other", shape: [1], values: Matrix(rows: 1, columns: 1))],
                .weights)
        }
        await #expect(processExitsWith: .failure) {
            Self.engine().load(
                [
                    NamedTensor(
                        name: "lm_head.weight", shape: [4, 3], values: Matrix(rows: 4, columns: 3))
                ], .weights)
        }
    }

    @Test func divergedStepsLeaveWeightsAlone() throws {
        let engine = Self.engine()
        var head = try engine.values(.weights, "lm_head.weight")
        head[0] = .infinity
        try engine.load(head, as: "lm_head.weight", .weights)
        let before = engine.values(.weights)
        var carry = Self.carry()
        #expect(engine.train(&carry, Self.step()).nonFinite == .loss)
        #expect(engine.values(.weights) == before)
        #expect(carry.steps == [1, 1])
    }

    @Test func stepsWithoutUpdateLeaveWeightsAlone() throws {
        let engine = Self.engine()
        let before = engine.values(.weights)
        var carry = Self.carry()
        _ = engine.train(&carry, Self.step(number: nil, keepsGradients: true))
        #expect(engine.values(.weights) == before)
        #expect(
            Set(engine.tensors(.gradients).map(\.name))
                == Set(before.keys).subtracting(["H_init", "L_init"]))
    }

    @Test func onlyTheFirstSlotsLearn() throws {
        let engine = Self.engine()
        var carry = Self.carry()
        let other = engine.states(of: 1)
        let outcome = engine.train(&carry, Self.step(learningSlots: 1, keepsGradients: true))
        #expect(outcome.sequences.map(\.row) == [0])
        #expect(carry.steps == [1, 0])
        #expect(engine.states(of: 1) == other)
        #expect(engine.tensors(.gradients).last?.shape == [1, 6])
    }
}

extension Engine {
    /// All values of a group by name.
    fileprivate func values(_ group: TensorGroup) -> [String: [Float]] {
        Dictionary(uniqueKeysWithValues: tensors(group).map { ($0.name, $0.values.values) })
    }
}

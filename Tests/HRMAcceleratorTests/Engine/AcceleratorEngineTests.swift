import HRMAccelerator
import HRMEngine
import HRMModel
import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

/// Whole models on a plug-in, against the reference engine of the tests where values matter.
@Suite(.needsPlugin) struct AcceleratorEngineTests {
    private func expectEqual(
        _ engine: any Engine, _ other: any Engine, _ group: TensorGroup, within tolerance: Double
    ) {
        let expected = other.numbers(group)
        for (name, values) in engine.numbers(group) {
            expectClose(
                values, expected[name] ?? [], .ofMaximum(expected[name] ?? [], tolerance), name)
        }
    }

    @Test(arguments: TestModel.Kind.allCases)
    func trainsAsTheReferenceEngine(_ kind: TestModel.Kind) throws {
        let test = try EngineCase(kind: kind)
        let engine = try test.training()
        let reference = ReferenceEngine(
            ReferenceModel(test.model), slotCount: test.size, optimizers: test.optimizers)
        var carries = (test.carry(), test.carry())
        let own = test.train(engine, &carries.0, steps: 1...1)
        let expected = test.train(reference, &carries.1, steps: 1...1)
        expectClose(own[0], expected[0], Tolerance(absolute: 1e-5, relative: 1e-5), "losses")
        #expect(carries.0 == carries.1)
        expectEqual(engine, reference, .gradients, within: 2e-5)
        expectEqual(engine, reference, .states, within: 1e-4)
    }

    @Test func trainsWithMuonAndAverages() throws {
        var test = try EngineCase(kind: .hierarchical)
        test.optimizers.muon = MuonSettings()
        test.optimizers.averagesWeights = true
        let engine = try test.training()
        let reference = ReferenceEngine(
            ReferenceModel(test.model), slotCount: test.size, optimizers: test.optimizers)
        var carries = (test.carry(), test.carry())
        _ = test.train(engine, &carries.0, steps: 1...1, muonRate: 0.02, averageRate: 0.9)
        _ = test.train(reference, &carries.1, steps: 1...1, muonRate: 0.02, averageRate: 0.9)
        let name = "H_level.layers.0.mlp.down_proj.weight"
        let (own, expected) = (engine.numbers(.weights), reference.numbers(.weights))
        expectClose(
            try #require(own[name]), try #require(expected[name]), Tolerance(absolute: 1e-4), name)
        engine.updateAverage(rate: 0.5)
        reference.updateAverage(rate: 0.5)
        let (average, shadow) = (
            try #require(engine.numbers(.optimizer)["average"]),
            try #require(reference.numbers(.optimizer)["average"])
        )
        let entry = test.model.layout.entry(name)
        let range = entry.offset..<(entry.offset + entry.count)
        expectClose(
            Array(average[range]), Array(shadow[range]), Tolerance(absolute: 1e-4), "average")
    }

    @Test func slotsThatDoNotLearnKeepTheirStates() throws {
        let test = try EngineCase(kind: .hierarchical)
        let engine = try test.training()
        let reference = ReferenceEngine(
            ReferenceModel(test.model), slotCount: test.size, optimizers: test.optimizers)
        var carries = (test.carry(), test.carry())
        _ = test.train(engine, &carries.0, steps: 1...1, learningSlots: 2)
        _ = test.train(reference, &carries.1, steps: 1...1, learningSlots: 2)
        expectEqual(engine, reference, .gradients, within: 2e-5)
        expectEqual(engine, reference, .states, within: 1e-4)
        // Rows of puzzles that only such slots have stay as they are.
        let name = "puzzle_emb.weights"
        expectClose(
            try #require(engine.numbers(.weights)[name]),
            try #require(reference.numbers(.weights)[name]), Tolerance(absolute: 1e-6), name)
    }

    /// A run that is saved and loaded into another engine has the same bits as one that is not.
    @Test func continuesWithEqualBits() throws {
        var test = try EngineCase(kind: .hierarchical)
        test.optimizers.averagesWeights = true
        let whole = try test.training()
        var carry = test.carry()
        _ = test.train(whole, &carry, steps: 1...2, averageRate: 0.9)
        let saved = [TensorGroup.weights, .states, .optimizer].map { ($0, whole.tensors($0)) }
        let second = try test.training()
        for (group, tensors) in saved { second.load(tensors, group) }
        var other = carry
        let losses = test.train(whole, &carry, steps: 3...4, averageRate: 0.9)
        #expect(test.train(second, &other, steps: 3...4, averageRate: 0.9) == losses)
        for group in [TensorGroup.weights, .states, .optimizer] {
            #expect(second.numbers(group) == whole.numbers(group))
        }
    }

    @Test func twoDevicesTrainAsOne() throws {
        let test = try EngineCase(kind: .hierarchical)
        let (one, two) = (try test.training(), try test.training(devices: 2))
        var carries = (test.carry(), test.carry())
        let losses = test.train(one, &carries.0, steps: 1...1)
        expectClose(
            test.train(two, &carries.1, steps: 1...1)[0], losses[0],
            Tolerance(absolute: 1e-5, relative: 1e-5), "losses")
        expectEqual(two, one, .gradients, within: 1e-5)
        expectEqual(two, one, .states, within: 1e-5)
        let name = "puzzle_emb.weights"
        #expect(two.numbers(.weights)[name] == one.numbers(.weights)[name])
        // The same again, bit for bit: the order of summation is fixed.
        let again = try test.training(devices: 2)
        var carry = test.carry()
        _ = test.train(again, &carry, steps: 1...1)
        #expect(again.numbers(.weights) == two.numbers(.weights))
    }

    @Test func movesAndRearrangesSlots() throws {
        let test = try EngineCase(kind: .hierarchical)
        let engine = try test.training()
        let reference = ReferenceEngine(
            ReferenceModel(test.model), slotCount: test.size, optimizers: test.optimizers)
        var generator = SeededGenerator(seed: 3)
        let noise = StateNoise(
            amplitude: 0.5, configuration: test.configuration, dimensions: test.model.dimensions,
            using: &generator)
        for engine in [engine, reference] as [any Engine] {
            for slot in 0..<test.size { engine.begin(slot, noise: slot == 2 ? noise : nil) }
            engine.rearrange(2, sources: Array((0..<16).reversed()))
            engine.move(from: 2, to: 0)
        }
        expectEqual(engine, reference, .states, within: 1e-6)
        var carry = test.carry()
        _ = carry.refill(from: test.batch)
        _ = engine.infer(&carry, first: 3, maxSteps: 4, observer: nil)
        #expect(carry.steps == [1, 1, 1, 0])
    }

    @Test func observersSeeTheSegment() throws {
        let test = try EngineCase(kind: .hierarchical)
        let engine = try test.training()
        var carry = test.carry()
        for slot in carry.refill(from: test.batch) { engine.begin(slot, noise: nil) }
        let seen = Mutex<[(Int, [Float], [Float])]>([])
        _ = engine.infer(&carry, first: 2, maxSteps: 4) { moment in
            let heads = moment.readHeads()
            seen.withLock {
                $0.append((moment.applications, moment.high.values, heads.logits.values))
            }
        }
        let moments = seen.withLock { $0 }
        #expect(
            moments.map(\.0) == Array(0...test.configuration.schedule.applications.count))
        let rows = engine.positionCount * test.configuration.hiddenSize * 2
        #expect(
            moments.last?.1 == Array(try #require(engine.numbers(.states)["z_H"]).prefix(rows)))
        let logits = engine.withLogits(of: 0) { logits in logits.indices.map { logits[$0] } }
        let prefix = test.configuration.prefixLength * 7
        expectClose(
            Array(try #require(moments.last?.2)[prefix..<(prefix + logits.count)]), logits,
            Tolerance(absolute: 1e-5), "logits")
    }

    @Test func nonFiniteLossesLeaveTheWeights() throws {
        let test = try EngineCase(kind: .hierarchical)
        let name = "lm_head.weight"
        let head = try #require(test.model.tensor(test.model.layout.entry(name)))
        head.assign([Float](repeating: .nan, count: head.rows * head.columns))
        let engine = try test.training()
        let before = engine.numbers(.weights)["embed_tokens.embedding_weight"]
        var carry = test.carry()
        for slot in carry.refill(from: test.batch) { engine.begin(slot, noise: nil) }
        let outcome = engine.train(
            &carry,
            TrainingStep(
                slots: 0..<4, learningSlots: 4, minimumSteps: [0, 0, 0, 0], maxSteps: 4, scale: 1,
                update: .init(number: 1, learningRate: 1, puzzleLearningRate: 1)))
        #expect(outcome.nonFinite == .loss)
        #expect(engine.numbers(.weights)["embed_tokens.embedding_weight"] == before)
    }

    @Test func modelsWithCandidatesAreRefused() throws {
        var configuration = HRMConfiguration()
        configuration.hiddenSize = 16
        configuration.headCount = 1
        configuration.inputEncoding = .candidates
        configuration.symbolCount = 4
        configuration.relations = [.row]
        configuration.positionEncoding = .none
        configuration.puzzleEmbeddingSize = 0
        configuration.ignoresContinue = true
        configuration.lossType = .softmaxCrossEntropy
        try configuration.validate()
        var generator = SeededGenerator(seed: 1)
        let model = HierarchicalReasoningModel(
            configuration: configuration,
            dimensions: PuzzleDimensions(
                vocabularySize: 5, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
        let context = try AcceleratorContext(client: AvailablePlugin.client.get())
        #expect(throws: UnsupportedModel.self) {
            try AcceleratorEngine(model: model, slotCount: 2, context: context)
        }
    }
}

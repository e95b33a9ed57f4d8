import HRMEngine
import HRMModel
import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMTraining

extension Trainer {
    /// The model of an engine on this machine.
    fileprivate var model: HierarchicalReasoningModel {
        guard let engine = engine as? CPUEngine else { preconditionFailure("\(engine)") }
        return engine.model
    }
}

/// What recipes change about single steps.
@Suite struct TrainerRecipeTests {
    private static func trainer(
        _ settings: [String], workers: Int = 1, totalSteps: Int = 8
    ) throws -> Trainer {
        var configuration = TinyPuzzles.configuration
        for assignment in settings { try configuration.set(assignment) }
        try configuration.validate()
        var generator = SeededGenerator(seed: 421)
        let model = HierarchicalReasoningModel(
            configuration: configuration.architecture,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
        return Trainer(
            model: model, configuration: configuration, totalSteps: totalSteps,
            workers: Workers(count: workers))
    }

    private static func batch(seed: UInt64 = 422, size: Int = 4) -> TokenBatch {
        var generator = SeededGenerator(seed: seed)
        return TokenBatch.random(
            size: size,
            dimensions: PuzzleDimensions(
                vocabularySize: 6, sequenceLength: 16, puzzleIdentifierCount: 1),
            using: &generator)
    }

    @Test func aBatchGrowsByItsSlots() throws {
        var configuration = TinyPuzzles.configuration
        configuration.globalBatchSize = 8
        configuration.batchWarmupSteps = 4
        configuration.batchWarmupStart = 0.25
        #expect((1...6).map(configuration.learningSlots) == [2, 4, 5, 7, 8, 8])
        configuration.batchWarmupStart = 1e-9
        #expect(configuration.learningSlots(at: 1) == 1)
        configuration.batchWarmupSteps = 0
        #expect(configuration.learningSlots(at: 1) == 8)
    }

    /// The slots that learn learn as in a batch of their own; those that rest keep their puzzle.
    @Test(arguments: [1, 2]) func slotsThatRestDoNothing(workers: Int) throws {
        var growing = try Self.trainer(
            ["batch_warmup_steps=4", "batch_warmup_start=0.5"], workers: workers)
        var small = try Self.trainer(["global_batch_size=2"], workers: workers)
        let batch = Self.batch()
        let half = TokenBatch(
            inputs: Array(batch.inputs.prefix(32)), labels: Array(batch.labels.prefix(32)),
            puzzleIdentifiers: [0, 0])
        let results = (growing.advance(with: batch), small.advance(with: half))
        #expect(results.0?.outcomes.count == 2)
        #expect(results.0?.outcomes == results.1?.outcomes)
        let isSame = growing.model.parameters.values == small.model.parameters.values
        #expect(isSame)
        #expect(growing.model.puzzleEmbedding?.values == small.model.puzzleEmbedding?.values)
        #expect(growing.carry.steps == [1, 1, 0, 0])
        #expect(growing.advance(with: Self.batch(seed: 423))?.outcomes.count == 3)
        #expect(growing.carry.steps == [2, 2, 1, 0])
        let resting = growing.carry.current.inputs.suffix(32)
        #expect(resting == batch.inputs.suffix(32))
    }

    /// Only puzzles that begin are disturbed, and every step in a way of its own.
    @Test func initialStatesAreDisturbed() throws {
        var plain = try Self.trainer(["halt_exploration_prob=0"])
        var noisy = try Self.trainer(["halt_exploration_prob=0", "init_state_noise=0.5"])
        var again = try Self.trainer(["halt_exploration_prob=0", "init_state_noise=0.5"])
        for step in 1...3 {
            let batch = Self.batch(seed: UInt64(step))
            let losses = [
                plain.advance(with: batch)?.loss, noisy.advance(with: batch)?.loss,
                again.advance(with: batch)?.loss,
            ]
            #expect(losses[0] != losses[1], "step \(step)")
            #expect(losses[1] == losses[2], "step \(step)")
        }
        #expect(RandomStream.startingStates(step: 1) != RandomStream.startingStates(step: 2))
    }

    /// Training is shallow at first; the model that is evaluated keeps its depth.
    @Test(arguments: [
        "arch.name=hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1",
        "arch.name=recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1",
    ])
    func depthGrows(family: String) throws {
        let deep = [family, "H_cycles=2", "L_cycles=3"]
        var growing = try Self.trainer(
            deep + ["depth_curriculum=0:1x1,0.5:2x3"], totalSteps: 2)
        var shallow = try Self.trainer([family, "H_cycles=1", "L_cycles=1"], totalSteps: 2)
        var full = try Self.trainer(deep, totalSteps: 2)
        let batch = Self.batch()
        #expect(growing.advance(with: batch)?.outcomes == shallow.advance(with: batch)?.outcomes)
        let isSame = growing.model.parameters.values == shallow.model.parameters.values
        #expect(isSame)
        #expect(growing.model.configuration.highCycles == 2)
        // From the same weights and states, the second step is one of full depth.
        _ = full.advance(with: batch)
        full.model.parameters.assign(growing.model.parameters)
        if let table = growing.model.puzzleEmbedding { full.model.puzzleEmbedding?.assign(table) }
        full.model.pack(workers: Workers(count: 1))
        full.carry = Carry(slotCount: 4, dimensions: full.engine.dimensions)
        growing.carry = Carry(slotCount: 4, dimensions: growing.engine.dimensions)
        full.exploration = growing.exploration
        #expect(growing.advance(with: batch)?.outcomes == full.advance(with: batch)?.outcomes)
    }

    /// Puzzles leave early at first, and the slots of a batch are staggered within what there is then.
    @Test func segmentsGrow() throws {
        let always = ["no_ACT_continue=true", "halt_exploration_prob=1", "halt_max_steps=6"]
        var growing = try Self.trainer(
            always + ["segment_curriculum=0:2,0.5:6", "stagger_slots=true"], totalSteps: 20)
        var (leaving, longest) = ([Set<Int>](repeating: [], count: 2), [0, 0])
        for step in 1...20 {
            let advanced = growing.advance(with: Self.batch(seed: UInt64(step)))
            let outcomes = try #require(advanced).outcomes
            let stage = step <= 10 ? 0 : 1
            leaving[stage].formUnion(outcomes.filter(\.hasHalted).map(\.steps))
            longest[stage] = max(longest[stage], outcomes.map(\.steps).max() ?? 0)
            if step == 1 { #expect(outcomes.map(\.steps) == [1, 1, 2, 2]) }
        }
        #expect(longest == [2, 6])
        #expect(leaving[0] == [2])
        #expect(growing.model.configuration.haltMaxSteps == 6)
    }

    /// What q_continue should have been, and how long exploration lasts, depend on the segments there are.
    ///
    /// A model that wants to halt shows how long it had to go on.
    @Test(arguments: [("halt_exploration_prob=0", 2, -0.1), ("halt_exploration_prob=1", 3, 0.1)])
    func theLastSegmentIsTheCurriculums(exploration: String, most: Int, qHalt: Float) throws {
        func trainer(_ settings: [String]) throws -> Trainer {
            let trainer = try Self.trainer([exploration] + settings)
            let layout = trainer.model.layout
            let bias = try #require(layout.entries.first { $0.name == "q_head.bias" })
            bias.matrix(in: trainer.model.parameters).assign([qHalt, 0])
            return trainer
        }
        var few = try trainer(["halt_max_steps=\(most)"])
        var growing = try trainer(["halt_max_steps=6", "segment_curriculum=0:\(most),0.99:6"])
        var many = try trainer(["halt_max_steps=6"])
        var differences = 0
        for step in 1...7 {
            let batch = Self.batch(seed: UInt64(step))
            let expected = few.advance(with: batch)?.outcomes
            #expect(growing.advance(with: batch)?.outcomes == expected, "step \(step)")
            if many.advance(with: batch)?.outcomes != expected { differences += 1 }
        }
        #expect(differences > 0)
    }

    /// An HRM learns without q_continue too: no target, no second segment, halting by q_halt alone.
    @Test func qContinueCanBeLeftOutOfAnHRM() throws {
        var trainer = try Self.trainer(["arch.no_ACT_continue=true", "halt_max_steps=3"])
        for step in 1...4 {
            let advanced = trainer.advance(with: Self.batch(seed: UInt64(step)))
            let result = try #require(advanced)
            #expect(result.metrics.qContinueLoss == nil)
            #expect(result.outcomes.allSatisfy { $0.targetQContinue == nil && $0.next == nil })
            #expect(result.outcomes.allSatisfy { $0.hasHalted == ($0.steps == 3 || $0.qHalt > 0) })
            #expect(result.divergence == nil)
        }
    }

    /// A trainer leaves to AdamATan2 what is no matrix, and learns to copy its input.
    @Test(arguments: ["adam_atan2", "muon"])
    func aTrainerLearns(optimizer: String) throws {
        var configuration = TinyPuzzles.configuration
        try configuration.set("optimizer=\(optimizer)")
        let model = TinyPuzzles.model()
        let before = model.layout.entries.map { $0.matrix(in: model.parameters).values }
        var trainer = Trainer(
            model: model, configuration: configuration, totalSteps: 60,
            workers: Workers(count: 2))
        #expect((configuration.optimizers.muon != nil) == (optimizer == "muon"))
        var generator = SeededGenerator(seed: 412)
        let losses = (0..<60).compactMap { _ in
            let tokens = (0..<64).map { _ in Int32.random(in: 2..<6, using: &generator) }
            return trainer.advance(
                with: TokenBatch(
                    inputs: tokens, labels: tokens, puzzleIdentifiers: [0, 0, 0, 0])
            )?.outcomes.reduce(0) { $0 + $1.loss.tokenLoss }
        }
        #expect(losses.count == 60)
        let (first, last) = (losses.prefix(4).reduce(0, +), losses.suffix(4).reduce(0, +))
        #expect(last < 0.8 * first, "\(first / 4) at first, \(last / 4) in the end")
        for (entry, values) in zip(model.layout.entries, before) {
            #expect(entry.matrix(in: model.parameters).values != values, "\(entry.name)")
        }
    }
}

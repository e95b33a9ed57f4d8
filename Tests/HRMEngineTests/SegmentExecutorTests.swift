import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

@Suite struct ReasoningEngineTests {
    /// Everything that some training steps leave behind.
    private struct Run {
        var outcomes: [SequenceOutcome] = []
        var logits: [Float] = []
        var qLogits: [Float] = []
        var high: [Float] = []
        var low: [Float] = []
        var gradient: [Float] = []
        var puzzleGradient: [Float] = []
    }

    private static func run(
        _ model: HierarchicalReasoningModel, batchSize: Int, workers: Int, steps: Int = 2
    ) -> Run {
        var generator = SeededGenerator(seed: 161)
        let batches = (0..<steps).map { _ in
            TestModel.batch(batchSize, for: model, using: &generator)
        }
        let engine = SegmentExecutor(
            model: model, batchSize: batchSize, workers: Workers(count: workers), training: true)
        var carry = CPUCarry(batchSize: batchSize, model: model)
        var run = Run()
        for batch in batches {
            carry.refill(from: batch, model: model)
            run.outcomes += engine.trainingStep(
                &carry, minimumSteps: Array(repeating: 0, count: batchSize),
                scale: 1 / Double(batchSize))
        }
        run.logits = engine.outputs.logits.values
        run.qLogits = engine.outputs.qLogits.values
        run.high = carry.high.values
        run.low = carry.low.values
        run.puzzleGradient = engine.outputs.puzzleGradient?.values ?? []
        run.gradient = [Float](repeating: 0, count: model.layout.flatCount)
        #expect(engine.gradients.count == workers)
        for gradient in engine.gradients {
            for (index, value) in gradient.values.enumerated() { run.gradient[index] += value }
        }
        return run
    }

    private static func expectEqualWithinNoise(_ a: Run, _ b: Run, _ name: String) {
        // States are normed, so of unit size; a few hundred roundings at random.
        let noise = Tolerance(absolute: 1e-5)
        expectClose(a.high, b.high, noise, "\(name): z_H")
        expectClose(a.low, b.low, noise, "\(name): z_L")
        expectClose(a.logits, b.logits, noise, "\(name): logits")
        expectClose(a.qLogits, b.qLogits, noise, "\(name): Q logits")
        expectClose(a.gradient, b.gradient, .ofMaximum(b.gradient, 1e-5), "\(name): gradient")
        expectClose(
            a.puzzleGradient, b.puzzleGradient, .ofMaximum(b.puzzleGradient, 1e-5),
            "\(name): puzzle gradient")
        #expect(a.outcomes.map(\.row) == b.outcomes.map(\.row))
        #expect(a.outcomes.map(\.steps) == b.outcomes.map(\.steps))
        #expect(a.outcomes.map(\.hasHalted) == b.outcomes.map(\.hasHalted))
        #expect(a.outcomes.map(\.loss.correctCount) == b.outcomes.map(\.loss.correctCount))
        expectClose(
            a.outcomes.map(\.loss.total), b.outcomes.map(\.loss.total),
            Tolerance(absolute: 1e-5), "\(name): losses")
    }

    /// Batches that the number of workers does not divide, and fewer slots than workers.
    @Test(arguments: [1, 2, 5, 7], TestModel.Kind.allCases)
    func workersChangeNothingButRounding(batchSize: Int, kind: TestModel.Kind) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                $0.highCycles = 2
                $0.lowCycles = 2
                $0.positionEncoding = .learned
                kind.apply(to: &$0)
            })
        let one = Self.run(model, batchSize: batchSize, workers: 1)
        for workers in [2, 3] {
            let several = Self.run(model, batchSize: batchSize, workers: workers)
            Self.expectEqualWithinNoise(several, one, "\(workers) workers")
        }
    }

    /// A batch of which only the first slots are in use, from one to all: each thinks as if alone.
    ///
    /// Of the long sequences a micro-batch could take three, but has no memory for more than two.
    @Test(arguments: [1, 2, 3], [(5, 7), (4, 230)])
    func slotsInUseThinkAsIfAlone(workers: Int, batch: (size: Int, length: Int)) throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.positionEncoding = .learned },
            dimensions: PuzzleDimensions(
                vocabularySize: 3, sequenceLength: batch.length, puzzleIdentifierCount: 2))
        var generator = SeededGenerator(seed: 163)
        let size = batch.size
        let batch = TestModel.batch(size, for: model, using: &generator)
        let length = model.dimensions.sequenceLength
        let engine = SegmentExecutor(
            model: model, batchSize: size, workers: Workers(count: workers), training: false)
        let alone = SegmentExecutor(
            model: model, batchSize: 1, workers: Workers(count: 1), training: false)
        for count in 1...size {
            var carry = CPUCarry(batchSize: size, model: model)
            carry.refill(from: batch, model: model)
            for _ in 0..<2 {
                let outcomes = engine.evaluationStep(&carry, maxSteps: 9, first: count)
                #expect(outcomes.map(\.row) == Array(0..<count))
            }
            #expect(carry.steps == (0..<size).map { $0 < count ? 2 : 0 })
            for slot in 0..<count {
                let cells = (slot * length)..<((slot + 1) * length)
                var single = CPUCarry(batchSize: 1, model: model)
                single.begin(
                    0, inputs: Array(batch.inputs[cells]),
                    identifier: batch.puzzleIdentifiers[slot], model: model)
                for _ in 0..<2 { _ = alone.evaluationStep(&single, maxSteps: 9) }
                #expect(
                    carry.high.rows(model.rows(of: slot..<(slot + 1))).values == single.high.values)
                #expect(engine.predictions(of: slot) == alone.predictions(of: 0))
            }
        }
    }

    /// Long sequences: a worker takes several micro-batches, the last of them smaller.
    @Test func microBatchesChangeNothingButRounding() throws {
        let model = TestModel.make(
            try TestModel.configuration {
                $0.hiddenSize = 4
                $0.headCount = 2
                $0.puzzleEmbeddingSize = 3
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 3, sequenceLength: 240, puzzleIdentifierCount: 2))
        let one = Self.run(model, batchSize: 5, workers: 1, steps: 1)
        let two = Self.run(model, batchSize: 5, workers: 2, steps: 1)
        Self.expectEqualWithinNoise(two, one, "2 workers")

        // Slot by slot, a batch of one says the same.
        var generator = SeededGenerator(seed: 162)
        let batch = TestModel.batch(5, for: model, using: &generator)
        let full = SegmentExecutor(
            model: model, batchSize: 5, workers: Workers(count: 1), training: false)
        var carry = CPUCarry(batchSize: 5, model: model)
        carry.refill(from: batch, model: model)
        _ = full.evaluationStep(&carry, maxSteps: 1)
        let single = SegmentExecutor(
            model: model, batchSize: 1, workers: Workers(count: 1), training: false)
        for slot in [0, 4] {
            var carry = CPUCarry(batchSize: 1, model: model)
            let cells = (slot * 240)..<((slot + 1) * 240)
            carry.refill(
                from: TokenBatch(
                    inputs: Array(batch.inputs[cells]), labels: Array(batch.labels[cells]),
                    puzzleIdentifiers: [batch.puzzleIdentifiers[slot]]), model: model)
            _ = single.evaluationStep(&carry, maxSteps: 1)
            expectClose(
                single.outputs.logits.values,
                full.outputs.logits.rows((slot * 241)..<((slot + 1) * 241)).values,
                Tolerance(absolute: 1e-5), "slot \(slot)")
            #expect(single.predictions(of: 0) == full.predictions(of: slot))
        }
    }

    /// Fewer puzzles than workers: they share each one's rows, and every row comes out the same.
    @Test(
        arguments: [(1, ActivationPrecision.float32), (2, .float32), (1, .bfloat16)],
        TestModel.Kind.allCases)
    func workersWhoShareAPuzzleChangeNothing(
        batch size: (Int, ActivationPrecision), kind: TestModel.Kind
    ) throws {
        let (batchSize, precision) = size
        let model = TestModel.make(
            try TestModel.configuration {
                $0.highCycles = 2
                $0.highLayers = 2
                $0.forwardPrecision = precision
                kind.apply(to: &$0)
            },
            dimensions: PuzzleDimensions(
                vocabularySize: 5, sequenceLength: 25, puzzleIdentifierCount: 4))
        var generator = SeededGenerator(seed: 163)
        let batch = TestModel.batch(batchSize, for: model, using: &generator)
        let results = [1, 3, 5].map { workers in
            let engine = SegmentExecutor(
                model: model, batchSize: batchSize, workers: Workers(count: workers),
                training: false)
            var carry = CPUCarry(batchSize: batchSize, model: model)
            carry.refill(from: batch, model: model)
            let outcomes = (0..<2).map { _ in engine.evaluationStep(&carry, maxSteps: 2) }
            return (
                outcomes, engine.outputs.logits.values, carry.high.values + carry.low.values
            )
        }
        for result in results.dropFirst() {
            #expect(result == results[0])
        }
    }

    /// After the first step everything has its place: nothing is allocated for the next ones.
    @Test func stepsTakeNoNewMemory() async {
        // Other tests allocate meanwhile: this one has a process of its own.
        await #expect(processExitsWith: .success) {
            for kind in TestModel.Kind.allCases {
                let model = TestModel.make(
                    try TestModel.configuration {
                        $0.forwardPrecision = .bfloat16
                        $0.positionEncoding = .learned
                        kind.apply(to: &$0)
                    })
                var generator = SeededGenerator(seed: 164)
                let batch = TestModel.batch(7, for: model, using: &generator)
                let learner = SegmentExecutor(
                    model: model, batchSize: 7, workers: Workers(count: 2), training: true)
                let thinker = SegmentExecutor(
                    model: model, batchSize: 1, workers: Workers(count: 3), training: false)
                var carry = CPUCarry(batchSize: 7, model: model)
                var single = CPUCarry(batchSize: 1, model: model)
                var counts: [Int] = []
                for _ in 0..<4 {
                    carry.refill(from: batch, model: model)
                    _ = learner.trainingStep(
                        &carry, minimumSteps: Array(repeating: 0, count: 7), scale: 1)
                    _ = thinker.evaluationStep(&single, maxSteps: 1)
                    counts.append(Matrix.allocationCount)
                }
                precondition(
                    counts[0] > 0 && counts.allSatisfy { $0 == counts[0] }, "\(kind): \(counts)")
            }
        }
    }

    /// Of what a block does with positions, one kind alone takes time.
    @Test(arguments: [false, true])
    func timesAreTakenWhereTheyAreWanted(mixesPositions: Bool) throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.mixesPositions = mixesPositions })
        let absent: Set<EngineOperation> =
            mixesPositions
            ? [.queriesKeysValues, .attention, .attentionOutput, .attentionGradient]
            : [.positionMixing]
        var generator = SeededGenerator(seed: 165)
        let batch = TestModel.batch(3, for: model, using: &generator)
        for timed in [false, true] {
            let engine = SegmentExecutor(
                model: model, batchSize: 3, workers: Workers(count: 2), training: true,
                timed: timed)
            var carry = CPUCarry(batchSize: 3, model: model)
            carry.refill(from: batch, model: model)
            _ = engine.trainingStep(&carry, minimumSteps: [0, 0, 0], scale: 1)
            let expected = Set(EngineOperation.allCases).subtracting(absent)
            #expect(Set(engine.operationTimes.keys) == (timed ? expected : []))
            #expect(engine.operationTimes.values.allSatisfy { $0 > .zero })
            engine.resetTimes()
            #expect(engine.operationTimes.isEmpty)
        }
    }

    @Test(arguments: [1, 2, 3], ActivationPrecision.allCases)
    func equalWorkersGiveEqualBits(workers: Int, precision: ActivationPrecision) throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.forwardPrecision = precision })
        let first = Self.run(model, batchSize: 5, workers: workers)
        let second = Self.run(model, batchSize: 5, workers: workers)
        #expect(first.outcomes == second.outcomes)
        #expect(first.gradient == second.gradient && first.gradient.contains { $0 != 0 })
        #expect(first.puzzleGradient == second.puzzleGradient)
        #expect(first.high == second.high && first.low == second.low)
        #expect(first.logits == second.logits && first.qLogits == second.qLogits)
    }

    /// Training keeps what evaluation forgets; the numbers are the same.
    @Test(arguments: ActivationPrecision.allCases, TestModel.Kind.allCases)
    func evaluationSeesWhatTrainingSaw(precision: ActivationPrecision, kind: TestModel.Kind) throws
    {
        let model = TestModel.make(
            try TestModel.configuration {
                $0.forwardPrecision = precision
                $0.highCycles = 2
                $0.lowCycles = 3
                $0.lowLayers = 3
                $0.highLayers = 2
                kind.apply(to: &$0)
            })
        var generator = SeededGenerator(seed: 163)
        let batch = TestModel.batch(3, for: model, using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let training = SegmentExecutor(
            model: model, batchSize: 3, workers: Workers(count: 1), training: true)
        let inference = SegmentExecutor(
            model: model, batchSize: 3, workers: Workers(count: 1), training: false)
        var (learned, evaluated) = (start.copied(for: model), start.copied(for: model))
        let outcomes = training.trainingStep(
            &learned, minimumSteps: [0, 0, 0], scale: 1)
        let evaluation = inference.evaluationStep(&evaluated, maxSteps: 4)
        #expect(training.outputs.logits.values == inference.outputs.logits.values)
        #expect(training.outputs.qLogits.values == inference.outputs.qLogits.values)
        #expect(learned.high.values == evaluated.high.values)
        #expect(learned.low.values == evaluated.low.values)
        #expect(learned.high.values != start.high.values)
        for (a, b) in zip(outcomes, evaluation) {
            #expect(a.loss.tokenLoss == b.loss.tokenLoss && a.qHalt == b.qHalt)
            #expect(b.targetQContinue == nil && b.next == nil && !b.hasHalted)
        }
        #expect(inference.gradients.isEmpty && inference.outputs.puzzleGradient == nil)

        guard model.configuration.trainsContinue else {
            #expect(
                outcomes.allSatisfy {
                    $0.next == nil && $0.targetQContinue == nil && $0.loss.qContinueLoss == 0
                })
            return
        }
        // The Q target comes from one segment more.
        _ = inference.evaluationStep(&evaluated, maxSteps: 4)
        for outcome in outcomes {
            let next = try #require(outcome.next)
            #expect(next.qHalt == inference.outputs.qLogits[outcome.row, 0])
            #expect(next.qContinue == inference.outputs.qLogits[outcome.row, 1])
            #expect(
                outcome.targetQContinue
                    == AdaptiveComputation.targetQContinue(isLast: false, next: next))
        }
    }

    /// Without q_continue a slot halts when q_halt is above 0; with it, when it is above q_continue.
    @Test(arguments: [false, true])
    func whatHaltsASlot(ignoresContinue: Bool) throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.ignoresContinue = ignoresContinue })
        let weights = model.layout.entry("q_head.weight").matrix(in: model.parameters)
        weights.clear()
        let bias = model.layout.entry("q_head.bias").matrix(in: model.parameters)
        for (halt, goOn) in [(0.5, 0.75), (-0.5, -0.75)] as [(Float, Float)] {
            bias.assign([halt, goOn])
            model.pack(workers: Workers(count: 1))
            let outcome = try #require(
                Self.run(model, batchSize: 1, workers: 1, steps: 1).outcomes.first)
            #expect(outcome.hasHalted == (ignoresContinue ? halt > 0 : halt > goOn))
        }
    }

    /// The baseline knows no fast state: it stays as it was.
    @Test func aTransformerLeavesTheFastStateAlone() throws {
        let model = TestModel.make(
            try TestModel.configuration { TestModel.Kind.transformer.apply(to: &$0) })
        var generator = SeededGenerator(seed: 166)
        let batch = TestModel.batch(2, for: model, using: &generator)
        var carry = TestModel.carry(batch, model: model, using: &generator)
        let before = (carry.high.values, carry.low.values)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: true)
        _ = engine.trainingStep(&carry, minimumSteps: [0, 0], scale: 1)
        #expect(carry.low.values == before.1 && carry.high.values != before.0)
        #expect(model.lowInitial.values.allSatisfy { $0 == 0 })
    }

    /// Steps count up, the last segment halts, and the target then leaves q_continue out.
    @Test func slotsEndAtTheirLastSegment() throws {
        let model = TestModel.make(try TestModel.configuration { $0.haltMaxSteps = 3 })
        var generator = SeededGenerator(seed: 164)
        let batch = TestModel.batch(2, for: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: true)
        var carry = CPUCarry(batchSize: 2, model: model)
        for step in 1...3 {
            carry.refill(from: batch, model: model)
            // Nobody may halt before the end.
            let outcomes = engine.trainingStep(&carry, minimumSteps: [9, 9], scale: 1)
            #expect(outcomes.map(\.row) == [0, 1])
            #expect(outcomes.map(\.steps) == [step, step] && carry.steps == [step, step])
            #expect(outcomes.allSatisfy { $0.hasHalted == (step == 3) })
            #expect(carry.halted == [step == 3, step == 3])
            for outcome in outcomes {
                let next = try #require(outcome.next)
                #expect(
                    outcome.targetQContinue
                        == AdaptiveComputation.targetQContinue(isLast: step == 3, next: next))
            }
        }
        carry.refill(from: batch, model: model)
        #expect(carry.steps == [0, 0])

        let inference = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: false)
        for step in 1...3 {
            let outcomes = inference.evaluationStep(&carry, maxSteps: 3)
            #expect(outcomes.allSatisfy { $0.hasHalted == (step == 3) && $0.steps == step })
        }
    }

    @Test func predictionsAreTheMostLikelyTokens() throws {
        let model = TestModel.make(try TestModel.configuration())
        var generator = SeededGenerator(seed: 165)
        let batch = TestModel.batch(2, for: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: false)
        var carry = CPUCarry(batchSize: 2, model: model)
        carry.refill(from: batch, model: model)
        let outcomes = engine.evaluationStep(&carry, maxSteps: 1)
        let length = model.dimensions.sequenceLength
        for slot in 0..<2 {
            let predictions = engine.predictions(of: slot)
            for cell in 0..<length {
                // Two positions of the puzzle embedding stand in front.
                let place = slot * (length + 2) + 2 + cell
                let row = engine.outputs.logits.rows(place..<(place + 1))
                let values = row.values
                #expect(values[Int(predictions[cell])] == values.max())
            }
            let labels = batch.labels[(slot * length)..<((slot + 1) * length)]
            #expect(
                outcomes[slot].loss.correctCount
                    == zip(labels, predictions).count { $0 == $1 })
        }
    }

    @Test func anEngineMadeToInferCannotTrain() async {
        await #expect(processExitsWith: .failure) {
            let model = TestModel.make(try TestModel.configuration())
            let engine = SegmentExecutor(
                model: model, batchSize: 1, workers: Workers(count: 1), training: false)
            var carry = CPUCarry(batchSize: 1, model: model)
            _ = engine.trainingStep(&carry, minimumSteps: [0], scale: 1)
        }
        await #expect(processExitsWith: .failure) {
            let model = HierarchicalReasoningModel(
                blank: try TestModel.configuration(), dimensions: TestModel.dimensions,
                trainable: false)
            _ = SegmentExecutor(
                model: model, batchSize: 1, workers: Workers(count: 1), training: true)
        }
    }
}

import HRMModel
import HRMTensor
import HRMTraining
import Synchronization
import Testing
import _HRMTestSupport

/// Parts of the package that no recorded case covers, against the reference engine: relations,
/// symbols, the transformer, label smoothing, weights of segments, Muon.
@Suite("Processor and reference engine") struct ReferenceComparisonTests {
    /// A model, and how it is trained.
    struct Setting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `S`, a square number.
        let sequenceLength: Int
        var configuration: HRMConfiguration
        let training: @Sendable (inout TrainingConfiguration) -> Void

        init(
            _ name: String, sequenceLength: Int,
            _ change: (inout HRMConfiguration) -> Void,
            training: @escaping @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        ) {
            testDescription = name
            self.sequenceLength = sequenceLength
            self.training = training
            configuration = HRMConfiguration()
            configuration.hiddenSize = 12
            configuration.headCount = 3
            configuration.expansion = 1
            configuration.highLayers = 1
            configuration.lowLayers = 1
            configuration.haltMaxSteps = 4
            configuration.puzzleEmbeddingSize = 0
            configuration.forwardPrecision = .float32
            change(&configuration)
        }

        var dimensions: PuzzleDimensions {
            PuzzleDimensions(
                vocabularySize: 5, sequenceLength: sequenceLength, puzzleIdentifierCount: 4)
        }
    }

    private static func relate(_ configuration: inout HRMConfiguration) {
        configuration.family = .tiny
        configuration.ignoresContinue = true
        configuration.positionEncoding = .none
        configuration.relations = BoardRelation.allCases
    }

    static let settings = [
        Setting("relations and symbols", sequenceLength: 16) {
            relate(&$0)
            $0.symbolCount = 3
            $0.lowLayers = 2
            $0.labelSmoothing = 0.1
            $0.lossStepWeight = 0.7
        } training: {
            $0.optimizer = .muon
            $0.muon.learningRate = 0.01
            $0.averagesWeights = true
            $0.averageRate = 0.8
            $0.warmsUpAverage = true
        },
        Setting("relations of oblong boxes, learned positions", sequenceLength: 36) {
            relate(&$0)
            $0.positionEncoding = .learned
            $0.relations = [.box, .tallBox, .left]
            $0.lossType = .softmaxCrossEntropy
            $0.labelSmoothing = 0.2
            $0.gradientApplications = 4
        },
        Setting("symbols, mixed positions", sequenceLength: 9) {
            $0.mixesPositions = true
            $0.positionEncoding = .none
            $0.symbolCount = 4
            $0.gradientApplications = 6
        },
        Setting("transformer", sequenceLength: 9) {
            $0.family = .transformer
            $0.highLayers = 2
            $0.puzzleEmbeddingSize = 17
        },
        Setting("transformer of one segment", sequenceLength: 9) {
            $0.family = .transformer
            $0.haltMaxSteps = 1
            $0.positionEncoding = .learned
        },
        Setting("hierarchical, frozen weights", sequenceLength: 9) {
            $0.puzzleEmbeddingSize = 17
            $0.lossStepWeight = 0.5
        } training: {
            $0.freezesWeights = true
            $0.averagesWeights = true
        },
    ]

    @Test(arguments: settings)
    func trainAlike(_ setting: Setting) throws {
        var configuration = setting.configuration
        try configuration.validate(for: setting.dimensions)
        configuration.haltExplorationProbability = 0
        var generator = SeededGenerator(seed: 31)
        let model = HierarchicalReasoningModel(
            configuration: configuration, dimensions: setting.dimensions, using: &generator)
        model.disturbHeads(using: &generator)
        var training = TrainingConfiguration()
        training.architecture = configuration
        training.globalBatchSize = 3
        training.learningRate = 1e-3
        training.warmupSteps = 0
        setting.training(&training)
        let pair = try EnginePair(model: model, training: training)
        var (trainer, table) = (
            pair.trainer, ReferenceSlotTable(slotCount: 3, sequenceLength: setting.sequenceLength)
        )
        for step in 1...3 {
            let batch = setting.dimensions.batch(of: 3, using: &generator)
            try pair.step(&trainer, &table, batch, number: step, minimumSteps: [0, 2, 4])
        }
        try pair.expectWeights(trainer)
        try pair.expectInference(trainer, setting.dimensions.batch(of: 3, using: &generator))
    }
}

extension HierarchicalReasoningModel {
    /// Draws the tensors that are initialized to constants at random.
    fileprivate func disturbHeads(using generator: inout SeededGenerator) {
        for name in ["q_head.weight", "q_head.bias"] {
            let entry = layout.entry(name)
            entry.matrix(in: parameters).assign(generator.values(entry.count))
        }
        puzzleEmbedding?.assign(
            generator.values(
                dimensions.puzzleIdentifierCount * configuration.puzzleEmbeddingSize))
        pack(workers: Workers(count: 1))
    }

    /// All tensors.
    fileprivate var references: [ReferenceTensor] {
        (layout.entries + layout.buffers).compactMap { entry in
            tensor(entry).map {
                ReferenceTensor(name: entry.name, shape: entry.shape, values: $0.values)
            }
        }
    }
}

extension PuzzleDimensions {
    /// Random puzzles; about one label in five is not scored, and none of the last puzzle.
    fileprivate func batch(of size: Int, using generator: inout SeededGenerator) -> TokenBatch {
        let count = size * sequenceLength
        func tokens() -> [Int32] {
            (0..<count).map { _ in Int32.random(in: 0..<Int32(vocabularySize), using: &generator) }
        }
        let (inputs, labels) = (tokens(), tokens())
        let scored = labels.enumerated().map { index, label in
            index < count - sequenceLength && generator.nextUnitFloat() > 0.2
                ? label : ReferenceLoss.ignored
        }
        return TokenBatch(
            inputs: inputs, labels: scored,
            puzzleIdentifiers: (0..<size).map { _ in
                Int32.random(in: 0..<Int32(puzzleIdentifierCount), using: &generator)
            })
    }
}

/// A trainer of the package and a reference engine with the same weights.
private struct EnginePair {
    let trainer: Trainer
    let reference: ReferenceEngine
    let training: TrainingConfiguration
    private let loose = Tolerance(absolute: 1e-3)

    init(model: HierarchicalReasoningModel, training: TrainingConfiguration) throws {
        self.training = training
        trainer = Trainer(
            model: model, configuration: training, totalSteps: 10, workers: Workers(count: 2))
        let muon = training.muon
        reference = ReferenceEngine(
            try ReferenceModel(
                configuration: model.configuration, dimensions: model.dimensions,
                weights: model.references),
            slotCount: training.globalBatchSize,
            optimizers: ReferenceOptimizerSettings(
                adam: ReferenceAdamATan2(
                    betas: (training.beta1, training.beta2), weightDecay: training.weightDecay),
                muon: training.optimizer == .muon
                    ? ReferenceMuon(
                        momentum: muon.momentum, iterations: muon.iterations,
                        weightDecay: muon.weightDecay) : nil,
                puzzleWeightDecay: training.puzzleEmbeddingWeightDecay,
                freezesWeights: training.freezesWeights, averages: training.averagesWeights))
    }

    /// Makes one step with both, and compares all results.
    func step(
        _ trainer: inout Trainer, _ table: inout ReferenceSlotTable, _ batch: TokenBatch,
        number: Int, minimumSteps: [Int]
    ) throws {
        var gradients: [String: [Double]] = [:]
        let found = try #require(
            trainer.advance(with: batch, minimumSteps: minimumSteps) { parts in
                for entry in self.trainer.model.layout.entries {
                    gradients[entry.name] = parts.map { entry.matrix(in: $0).values }.reduce(
                        [Double](repeating: 0, count: entry.count)
                    ) { zip($0, $1).map { $0 + Double($1) } }
                }
            })
        table.refill(
            reference, inputs: batch.inputs.map(Int.init), labels: batch.labels.map(Int.init),
            identifiers: batch.puzzleIdentifiers.map(Int.init))
        var step = ReferenceTrainingStep(
            slots: table.halted.indices, maxSteps: reference.configuration.haltMaxSteps,
            update: .init(
                number: number, learningRate: found.learningRate,
                averageShare: trainer.average.map { 1 - $0.rate(at: number) } ?? 0))
        step.update?.puzzleLearningRate = found.puzzleLearningRate
        step.update?.muonLearningRate = found.muonLearningRate ?? 0
        step.minimumSteps = minimumSteps
        let expected = reference.train(&table, step)

        let name = "step \(number)"
        #expect(trainer.carry.steps == table.steps, "\(name)")
        #expect(trainer.carry.halted == table.halted, "\(name)")
        expectOutcomes(found.outcomes, expected.outcomes, name)
        for (key, values, wanted) in [
            ("z_H", trainer.carry.high.values, reference.tensors(.states)[0].values),
            ("z_L", trainer.carry.low.values, reference.tensors(.states)[1].values),
        ] {
            expectClose(values, wanted, loose, "\(name) \(key)")
        }
        if let rows = trainer.puzzleGradients {
            gradients["puzzle_emb.weights"] = rows.columns(
                0..<reference.configuration.puzzleEmbeddingSize
            ).values.map(Double.init)
        }
        for tensor in reference.tensors(.gradients) {
            expectClose(
                try #require(gradients[tensor.name]).map { Float($0) }, tensor.values,
                .ofMaximum(tensor.values, 3e-4), "\(name) \(tensor.name)")
        }
    }

    private func expectOutcomes(
        _ found: [SequenceOutcome], _ expected: [ReferenceOutcome], _ name: String
    ) {
        #expect(found.map(\.hasHalted) == expected.map(\.hasHalted), "\(name)")
        #expect(found.map(\.loss.labelCount) == expected.map(\.labelCount), "\(name)")
        #expect(found.map(\.loss.correctCount) == expected.map(\.correctCount), "\(name)")
        for (key, values, wanted) in [
            ("token loss", found.map(\.loss.tokenLoss), expected.map(\.tokenLoss)),
            ("loss", found.map(\.loss.total), expected.map(\.totalLoss)),
            ("q_halt", found.map { Double($0.qHalt) }, expected.map(\.qHalt)),
            ("q_continue", found.map { Double($0.qContinue) }, expected.map(\.qContinue)),
            (
                "target", found.compactMap(\.targetQContinue),
                expected.compactMap(\.targetQContinue)
            ),
        ] {
            expectClose(values, wanted, loose, "\(name) \(key)")
        }
    }

    /// Compares weights, moments and average.
    func expectWeights(_ trainer: Trainer) throws {
        let model = trainer.model
        let weights = reference.tensors(.weights)
        for (found, expected) in zip(model.references, weights) {
            #expect(found.name == expected.name && found.shape == expected.shape)
            expectClose(
                found.values, expected.values, Tolerance(absolute: 2e-5), "\(found.name)")
        }
        let moments = Dictionary(
            uniqueKeysWithValues: reference.tensors(.moments).map { ($0.name, $0.values) })
        #expect(moments["average"] == nil || trainer.average != nil)
        for (name, values) in [
            ("first_moment", trainer.optimizer.firstMoment.values),
            ("second_moment", trainer.optimizer.secondMoment.values),
            ("average", trainer.average?.shadow.values ?? []),
        ] {
            let expected = moments[name] ?? []
            expectClose(values, expected, .ofMaximum(expected, 1e-4), name)
        }
    }

    /// Compares two segments of inference, each moment of them and what is read from logits.
    func expectInference(_ trainer: Trainer, _ batch: TokenBatch) throws {
        let model = trainer.model
        let size = batch.puzzleIdentifiers.count
        let engine = ReasoningEngine(
            model: model, batchSize: size, workers: Workers(count: 1), training: false)
        var carry = Carry(batchSize: size, model: model)
        carry.refill(from: batch, model: model)
        let slow = ReferenceEngine(reference.model, slotCount: size)
        var table = ReferenceSlotTable(
            slotCount: size, sequenceLength: model.dimensions.sequenceLength)
        table.refill(
            slow, inputs: batch.inputs.map(Int.init), labels: batch.labels.map(Int.init),
            identifiers: batch.puzzleIdentifiers.map(Int.init))
        for segment in 1...2 {
            let moments = Moments()
            let found = engine.evaluationStep(&carry, maxSteps: 2, observer: moments.record)
            var expectedMoments: [ReferenceSegment.Moment] = []
            let expected = slow.infer(&table, slots: 0..<size, maxSteps: 2) {
                if $0 == size - 1 { expectedMoments.append($1) }
            }
            moments.expect(expectedMoments, model: model)
            expectOutcomes(found, expected, "segment \(segment)")
            for slot in 0..<size {
                let reading = model.reading(of: engine.outputs.logits, sequence: slot)
                let logits = slow.logits(of: slot)
                #expect(reading.tokens == logits.mostLikely.map(Int32.init))
                expectClose(
                    reading.entropy, logits.entropies(model.configuration.lossType), loose,
                    "entropy of slot \(slot)")
            }
        }
    }
}

/// The moments of the last slot of a batch, as the package's engine tells them.
private final class Moments: Sendable {
    private struct Moment {
        var applications: Int
        var updates: ModuleApplication.Update?
        var high: [Float]
        var low: [Float]
        var logits: [Float]
        var qLogits: [Float]
    }

    private let moments = Mutex<[Moment]>([])

    /// Copies a moment before it passes.
    func record(_ moment: SegmentMoment) {
        let heads = moment.readHeads()
        let copy = Moment(
            applications: moment.applications, updates: moment.updates,
            high: moment.high.values, low: moment.low.values, logits: heads.logits.values,
            qLogits: heads.qLogits.values)
        moments.withLock { $0.append(copy) }
    }

    func expect(_ expected: [ReferenceSegment.Moment], model: HierarchicalReasoningModel) {
        let found = moments.withLock { $0 }.suffix(expected.count)
        #expect(found.count == model.configuration.applications + 1)
        #expect(found.map(\.applications) == expected.map(\.applications))
        #expect(found.map(\.updates) == expected.map(\.updates))
        let tolerance = Tolerance(absolute: 1e-3)
        for (found, expected) in zip(found, expected) {
            let name = "after application \(expected.applications),"
            for (key, values, wanted) in [
                ("z_H", found.high, expected.states.high.floats),
                ("z_L", found.low, expected.states.low.floats),
                ("logits", found.logits, expected.logits.floats),
                ("Q logits", found.qLogits, expected.qLogits.floats),
            ] {
                expectClose(
                    Array(values.suffix(wanted.count)), wanted, tolerance, "\(name) \(key)")
            }
        }
    }
}

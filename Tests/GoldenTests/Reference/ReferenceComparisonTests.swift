import HRMEngine
import HRMModel
import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

/// Parts of the package that no recorded case covers, against the reference engine: relations,
/// symbols, the transformer, label smoothing, weights of segments, Muon.
@Suite("Processor and reference engine") struct ReferenceComparisonTests {
    /// A model, and how it is trained.
    struct Setting: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `S`.
        let sequenceLength: Int
        var configuration: HRMConfiguration
        let optimizers: @Sendable (inout OptimizerDescription) -> Void

        init(
            _ name: String, sequenceLength: Int,
            _ change: (inout HRMConfiguration) -> Void,
            optimizers: @escaping @Sendable (inout OptimizerDescription) -> Void = { _ in }
        ) {
            testDescription = name
            self.sequenceLength = sequenceLength
            self.optimizers = optimizers
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
        } optimizers: {
            $0.muon = MuonSettings()
            $0.averagesWeights = true
        },
        Setting("relations of oblong boxes, learned positions", sequenceLength: 36) {
            relate(&$0)
            $0.positionEncoding = .learned
            $0.relations = [.box, .tallBox, .left]
            $0.lossType = .softmaxCrossEntropy
            $0.labelSmoothing = 0.2
            $0.gradientApplications = 4
        },
        Setting("relations of a board of two rows and three columns", sequenceLength: 6) {
            relate(&$0)
            $0.boardColumns = 3
            $0.relations = BoardRelation.allCases.filter { $0 != .box && $0 != .tallBox }
            $0.symbolCount = 2
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
        } optimizers: {
            $0.freezesWeights = true
            $0.averagesWeights = true
        },
    ]

    @Test(arguments: settings)
    func trainAlike(_ setting: Setting) throws {
        try setting.configuration.validate(for: setting.dimensions)
        var generator = SeededGenerator(seed: 31)
        let model = HierarchicalReasoningModel(
            configuration: setting.configuration, dimensions: setting.dimensions,
            using: &generator)
        model.disturbHeads(using: &generator)
        var optimizers = OptimizerDescription()
        setting.optimizers(&optimizers)
        var pair = EnginePair(model: model, optimizers: optimizers, batchSize: 3)
        for number in 1...4 {
            let batch = setting.dimensions.batch(of: 3, using: &generator)
            try pair.step(batch, number: number, using: &generator)
        }
        pair.expectWeights()
        var inference = EnginePair(
            model: pair.averagedModel(), optimizers: nil, batchSize: 3)
        inference.expectInference(setting.dimensions.batch(of: 3, using: &generator))
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
                ? label : TokenLoss.ignoredLabel
        }
        return TokenBatch(
            inputs: inputs, labels: scored,
            puzzleIdentifiers: (0..<size).map { _ in
                Int32.random(in: 0..<Int32(puzzleIdentifierCount), using: &generator)
            })
    }
}

/// Two engines behind the same protocol, with the same weights and puzzles.
private struct EnginePair {
    let found: any Engine
    let expected: any Engine
    /// The puzzles, by engine.
    var carries: (found: Carry, expected: Carry)
    private let batchSize: Int
    private let loose = Tolerance(absolute: 1e-3)

    /// Creates engines with two interleaved batches to train, or to infer without optimizers.
    init(
        model: HierarchicalReasoningModel, optimizers: OptimizerDescription?, batchSize: Int
    ) {
        let workers = Workers(count: 2)
        let reference = ReferenceModel(model)
        let slotCount = optimizers == nil ? batchSize : 2 * batchSize
        found =
            optimizers.map {
                CPUEngine(
                    training: model, optimizers: $0, batchSize: batchSize, batches: 2,
                    workers: workers)
            } ?? CPUEngine(model: model, slotCount: slotCount, workers: workers)
        expected = ReferenceEngine(
            reference, slotCount: slotCount, optimizers: optimizers)
        let carry = Carry(slotCount: slotCount, dimensions: model.dimensions)
        carries = (carry, carry)
        // The states of a slot that has not begun are undefined.
        for engine in [found, expected] {
            for slot in 0..<slotCount { engine.begin(slot, noise: nil) }
        }
        self.batchSize = batchSize
    }

    /// Makes one step with both, and compares all results.
    ///
    /// - Parameters:
    ///   - batch: New puzzles for halted slots.
    ///   - number: The number of the step, starting at 1.
    ///   - generator: Draws noise and permutations.
    /// - Throws: An error if one engine lacks a gradient of the other.
    mutating func step(
        _ batch: TokenBatch, number: Int, using generator: inout SeededGenerator
    ) throws {
        let configuration = found.configuration
        let first = (number - 1) % 2 * batchSize
        let noise = StateNoise(
            amplitude: 0.2, configuration: configuration, dimensions: found.dimensions,
            using: &generator)
        let sources = Array(0..<found.dimensions.sequenceLength).shuffled(using: &generator)
        let step = TrainingStep(
            slots: first..<(first + batchSize), learningSlots: number == 2 ? 2 : 3,
            minimumSteps: [0, 2, 4], maxSteps: configuration.haltMaxSteps,
            schedule: number == 3 ? configuration.withCycles(high: 1, low: 1).schedule : nil,
            scale: 1 / 3,
            update: .init(
                number: number, learningRate: 1e-3, puzzleLearningRate: 1e-2,
                muonLearningRate: 1e-2, averageRate: 0.8),
            keepsGradients: true)
        func run(_ engine: any Engine, _ carry: inout Carry) -> (TrainingOutcome, [NamedTensor]) {
            var part = carry.slots(step.slots)
            for slot in 0..<batchSize where !part.halted[slot] {
                part.rearrange(slot, sources: sources)
                engine.rearrange(first + slot, sources: sources)
            }
            for slot in part.refill(from: batch) { engine.begin(first + slot, noise: noise) }
            let outcome = engine.train(&part, step)
            carry.put(part, at: step.slots)
            return (outcome, engine.tensors(.gradients))
        }
        let (outcome, gradients) = run(found, &carries.found)
        let (wanted, wantedGradients) = run(expected, &carries.expected)
        let name = "step \(number)"
        #expect(carries.found == carries.expected, "\(name)")
        #expect(outcome.nonFinite == nil && wanted.nonFinite == nil, "\(name)")
        expectOutcomes(outcome.sequences, wanted.sequences, name)
        expectStates(name)
        let byName = Dictionary(uniqueKeysWithValues: gradients.map { ($0.name, $0) })
        #expect(Set(byName.keys) == Set(wantedGradients.map(\.name)), "\(name)")
        for tensor in wantedGradients {
            let own = try #require(byName[tensor.name])
            #expect(own.shape == tensor.shape, "\(name) \(tensor.name)")
            let wanted = tensor.values.values
            expectClose(
                own.values.values, wanted, .ofMaximum(wanted, 3e-4), "\(name) \(tensor.name)")
        }
    }

    private func expectStates(_ name: String) {
        for (found, expected) in zip(found.tensors(.states), expected.tensors(.states)) {
            #expect(found.name == expected.name && found.shape == expected.shape)
            // A model without a fast state does not use it.
            guard found.name == "z_H" || self.found.configuration.schedule.updatesLow else {
                continue
            }
            expectClose(
                found.values.values, expected.values.values, loose, "\(name) \(found.name)")
        }
    }

    private func expectOutcomes(
        _ found: [SequenceOutcome], _ expected: [SequenceOutcome], _ name: String
    ) {
        #expect(found.map(\.row) == expected.map(\.row), "\(name)")
        #expect(found.map(\.steps) == expected.map(\.steps), "\(name)")
        #expect(found.map(\.hasHalted) == expected.map(\.hasHalted), "\(name)")
        #expect(found.map(\.loss.labelCount) == expected.map(\.loss.labelCount), "\(name)")
        #expect(found.map(\.loss.correctCount) == expected.map(\.loss.correctCount), "\(name)")
        let numbers: [(String, (SequenceOutcome) -> [Double])] = [
            ("token loss", { [$0.loss.tokenLoss] }), ("loss", { [$0.loss.total] }),
            ("Q logits", { [Double($0.qHalt), Double($0.qContinue)] }),
            ("target", { $0.targetQContinue.map { [$0] } ?? [] }),
            ("next", { $0.next.map { [Double($0.qHalt), Double($0.qContinue)] } ?? [] }),
        ]
        for (key, values) in numbers {
            expectClose(found.flatMap(values), expected.flatMap(values), loose, "\(name) \(key)")
        }
    }

    /// Compares weights, moments and average.
    func expectWeights() {
        for (found, expected) in zip(found.tensors(.weights), expected.tensors(.weights)) {
            #expect(found.name == expected.name && found.shape == expected.shape)
            expectClose(
                found.values.values, expected.values.values, Tolerance(absolute: 2e-5),
                "\(found.name)")
        }
        let moments = (found.tensors(.optimizer), expected.tensors(.optimizer))
        #expect(moments.0.map(\.name) == moments.1.map(\.name))
        for (found, expected) in zip(moments.0, moments.1) {
            let wanted = expected.values.values
            expectClose(found.values.values, wanted, .ofMaximum(wanted, 3e-4), found.name)
        }
    }

    /// The averaged weights of the reference, or the trained ones without an average.
    func averagedModel() -> HierarchicalReasoningModel {
        let model = HierarchicalReasoningModel(
            blank: expected.configuration, dimensions: expected.dimensions, trainable: false)
        expected.copyWeights(average: true, to: model, workers: Workers(count: 1))
        return model
    }

    /// Compares two segments of inference, each moment of them, and the logits.
    mutating func expectInference(_ batch: TokenBatch) {
        for slot in carries.found.refill(from: batch) { found.begin(slot, noise: nil) }
        for slot in carries.expected.refill(from: batch) { expected.begin(slot, noise: nil) }
        for segment in 1...2 {
            let moments = (Moments(), Moments())
            let outcomes = (
                found.infer(
                    &carries.found, first: 2, maxSteps: 2, observer: moments.0.record),
                expected.infer(
                    &carries.expected, first: 2, maxSteps: 2, observer: moments.1.record)
            )
            let name = "segment \(segment)"
            #expect(carries.found == carries.expected, "\(name)")
            expectOutcomes(outcomes.0, outcomes.1, name)
            expectStates(name)
            moments.0.expect(moments.1, configuration: found.configuration)
            for slot in 0..<2 {
                func logits(_ engine: any Engine) -> [Float] {
                    engine.withLogits(of: slot) { logits in logits.indices.map { logits[$0] } }
                }
                expectClose(logits(found), logits(expected), loose, "\(name) logits")
                #expect(found.predictions(of: slot) == expected.predictions(of: slot))
            }
            found.move(from: 2, to: 0)
            expected.move(from: 2, to: 0)
        }
    }
}

/// The moments of one of the slots of a batch, as an engine tells them.
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

    /// Copies a moment of the second slot before it passes.
    func record(_ moment: SegmentMoment) {
        guard moment.slots.contains(1) else { return }
        let heads = moment.readHeads()
        func own(_ matrix: Matrix) -> [Float] {
            let rows = matrix.rows / moment.slots.count
            let first = (1 - moment.slots.lowerBound) * rows
            return matrix.rows(first..<(first + rows)).values
        }
        let copy = Moment(
            applications: moment.applications, updates: moment.updates, high: own(moment.high),
            low: own(moment.low), logits: own(heads.logits), qLogits: own(heads.qLogits))
        moments.withLock { $0.append(copy) }
    }

    func expect(_ other: Moments, configuration: HRMConfiguration) {
        let (found, expected) = (moments.withLock { $0 }, other.moments.withLock { $0 })
        #expect(found.count == configuration.applications + 1)
        #expect(found.map(\.applications) == expected.map(\.applications))
        #expect(found.map(\.updates) == expected.map(\.updates))
        let tolerance = Tolerance(absolute: 1e-3)
        for (found, expected) in zip(found, expected) {
            let name = "after application \(expected.applications),"
            // The logits of the puzzle embedding's positions are meaningless.
            let meaningful =
                expected.logits.count / (found.high.count / configuration.hiddenSize)
                * (found.high.count / configuration.hiddenSize - configuration.prefixLength)
            for (key, values, wanted) in [
                ("z_H", found.high, expected.high),
                (
                    "logits", found.logits.suffix(meaningful).map(\.self),
                    expected.logits.suffix(meaningful).map(\.self)
                ),
                ("Q logits", found.qLogits, expected.qLogits),
            ] {
                expectClose(values, wanted, tolerance, "\(name) \(key)")
            }
            guard configuration.schedule.updatesLow else { continue }
            expectClose(found.low, expected.low, tolerance, "\(name) z_L")
        }
    }
}

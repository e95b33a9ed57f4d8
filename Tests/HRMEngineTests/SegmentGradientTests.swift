import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// A whole segment of a single cycle, in which every application carries gradient.
///
/// The states that enter it are constants, so the gradient is the exact one, for every parameter.
@Suite struct SegmentGradientTests {
    struct Variant {
        var width: Int
        var encoding: PositionEncoding
        var layers: Int
        var puzzleWidth: Int
        var loss: LossType
        var kind = TestModel.Kind.hierarchical
        var lowCycles = 1
    }

    static let variants = [
        Variant(
            width: 6, encoding: .rope, layers: 1, puzzleWidth: 8, loss: .stablemaxCrossEntropy),
        Variant(
            width: 9, encoding: .learned, layers: 2, puzzleWidth: 5, loss: .softmaxCrossEntropy),
        Variant(
            width: 3, encoding: .learned, layers: 1, puzzleWidth: 0, loss: .stablemaxCrossEntropy),
        Variant(
            width: 6, encoding: .rope, layers: 2, puzzleWidth: 8, loss: .softmaxCrossEntropy,
            kind: .tiny, lowCycles: 2),
        Variant(
            width: 9, encoding: .none, layers: 1, puzzleWidth: 11, loss: .stablemaxCrossEntropy,
            kind: .mixing, lowCycles: 2),
        Variant(
            width: 15, encoding: .none, layers: 2, puzzleWidth: 0, loss: .softmaxCrossEntropy,
            kind: .symbols, lowCycles: 2),
        Variant(
            width: 6, encoding: .learned, layers: 2, puzzleWidth: 5, loss: .softmaxCrossEntropy,
            kind: .transformer),
    ]

    private static func model(_ variant: Variant) throws -> HierarchicalReasoningModel {
        TestModel.make(
            try TestModel.configuration {
                $0.hiddenSize = variant.width
                $0.headCount = 3
                $0.positionEncoding = variant.encoding
                $0.highLayers = variant.layers
                $0.puzzleEmbeddingSize = variant.puzzleWidth
                $0.lossType = variant.loss
                $0.lowCycles = variant.lowCycles
                variant.kind.apply(to: &$0)
                if variant.kind != .hierarchical { $0.lowLayers = variant.layers }
            })
    }

    /// A puzzle's third segment counts for γ² of the first; a quarter is exact in float32.
    @Test func laterSegmentsCanCountLess() throws {
        func gradient(weight: Double) throws -> ([Float], [SequenceOutcome]) {
            let model = TestModel.make(
                try TestModel.configuration { $0.lossStepWeight = weight })
            var generator = SeededGenerator(seed: 103)
            var carry = TestModel.carry(
                TestModel.batch(1, for: model, using: &generator), model: model, using: &generator)
            carry.slots.steps = [2]
            let engine = SegmentExecutor(
                model: model, batchSize: 1, workers: Workers(count: 1), training: true)
            let outcomes = engine.trainingStep(&carry, minimumSteps: [0], scale: 1)
            return (engine.gradients[0].values, outcomes)
        }
        let (whole, outcomes) = try gradient(weight: 1)
        let (part, others) = try gradient(weight: 0.5)
        #expect(part == whole.map { 0.25 * $0 })
        #expect(whole.contains { $0 != 0 })
        // What is reported is the loss itself.
        #expect(outcomes == others)
        #expect(StepWeight.of(step: 1, base: 0.7) == 1)
    }

    /// The loss head behind the segment, with the Q target held constant as the step holds it.
    @Test(arguments: variants)
    func theTrainingStepsGradientIsTheDerivativeOfItsLoss(variant: Variant) throws {
        let model = try Self.model(variant)
        var generator = SeededGenerator(seed: 101)
        let size = 2
        let batch = TestModel.batch(size, for: model, using: &generator)
        let start = TestModel.carry(batch, model: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: size, workers: Workers(count: 1), training: true)
        var carry = start.copied(for: model)
        let outcomes = engine.trainingStep(
            &carry, minimumSteps: [0, 0], scale: 0.5)
        // Whether a sequence is right jumps where a token overtakes another; the target of q_halt
        // that follows from it is a constant too.
        #expect(outcomes.allSatisfy { ($0.next == nil) == model.configuration.ignoresContinue })
        let targets = outcomes.map { (halt: $0.loss.isExact ? 1.0 : 0.0, next: $0.targetQContinue) }

        let inference = SegmentExecutor(
            model: model, batchSize: size, workers: Workers(count: 1), training: false)
        func loss() -> Double {
            model.pack(workers: Workers(count: 1))
            var carry = start.copied(for: model)
            let outcomes = inference.evaluationStep(&carry, maxSteps: 9)
            return zip(outcomes, targets).reduce(0) { sum, pair in
                let (outcome, target) = pair
                let halt = QLoss.value(logit: Double(outcome.qHalt), target: target.halt)
                let next = target.next.map {
                    QLoss.value(logit: Double(outcome.qContinue), target: $0)
                }
                return sum + 0.5 * (outcome.loss.tokenLoss + 0.5 * (halt + (next ?? 0)))
            }
        }
        let total = loss()
        expectClose(
            total, 0.5 * outcomes.reduce(0) { $0 + $1.loss.total }, Tolerance(relative: 1e-12),
            "total")
        let check = GradientCheck(magnitude: total, samples: 2)
        for entry in model.layout.entries {
            check.expect(
                entry.matrix(in: engine.gradients[0]).values,
                of: entry.matrix(in: model.parameters), entry.name, using: &generator, loss: loss)
        }
        expectPuzzleGradient(
            engine.outputs, of: model, batch: batch, check, using: &generator, loss: loss)
    }

    /// Any loss, here a linear one of all that the heads put out.
    @Test(arguments: variants)
    func theBackwardFollowsAnyUpstreamGradient(variant: Variant) throws {
        let model = try Self.model(variant)
        var generator = SeededGenerator(seed: 102)
        let linear = try LinearLossCheck(model, samples: 1, using: &generator)
        // The loss writes to the outputs too, but not to this.
        let puzzleGradient = linear.outputs.puzzleGradient?.values
        for entry in model.layout.entries {
            linear.check.expect(
                entry.matrix(in: linear.gradients).values, of: entry.matrix(in: model.parameters),
                entry.name, using: &generator, loss: linear.loss)
        }
        expectPuzzleGradient(
            linear.outputs, of: model, batch: linear.batch, linear.check, using: &generator,
            loss: linear.loss)
        #expect(linear.outputs.puzzleGradient?.values == puzzleGradient)
    }

    /// The puzzle rows' gradients come slot by slot; a row's own is the sum over its slots.
    private func expectPuzzleGradient(
        _ outputs: BatchOutputs, of model: HierarchicalReasoningModel, batch: TokenBatch,
        _ check: GradientCheck, using generator: inout SeededGenerator, loss: () -> Double
    ) {
        guard let table = model.puzzleEmbedding else {
            #expect(outputs.puzzleGradient == nil)
            return
        }
        guard let perSlot = outputs.puzzleGradient else {
            Issue.record("no gradient of the puzzle rows")
            return
        }
        var sums = [Float](repeating: 0, count: table.rows * table.columns)
        let rows = perSlot.regrouped(rows: batch.puzzleIdentifiers.count)
        for (slot, identifier) in batch.puzzleIdentifiers.enumerated() {
            for column in 0..<table.columns {
                sums[Int(identifier) * table.columns + column] += rows[slot, column]
            }
        }
        check.expect(sums, of: table, "puzzle_emb.weights", using: &generator, loss: loss)
    }
}

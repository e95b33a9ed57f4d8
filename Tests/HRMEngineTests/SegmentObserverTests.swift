import HRMTensor
import Synchronization
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

/// Looking on while segments run.
@Suite struct SegmentObserverTests {
    private struct Seen: Sendable {
        var applications: Int
        var updates: ModuleApplication.Update?
        var slots: Range<Int>
        var high: [Float]
        var low: [Float]
        var logits: [Float]
        var qLogits: [Float]
    }

    private final class Diary: Sendable {
        private let entries = Mutex<[Seen]>([])

        var seen: [Seen] { entries.withLock { $0 } }

        func note(_ moment: SegmentMoment) {
            let heads = moment.readHeads()
            let seen = Seen(
                applications: moment.applications, updates: moment.updates, slots: moment.slots,
                high: moment.high.values, low: moment.low.values, logits: heads.logits.values,
                qLogits: heads.qLogits.values)
            entries.withLock { $0.append(seen) }
        }
    }

    @Test(arguments: TestModel.Kind.allCases, ActivationPrecision.allCases)
    func changesNoBit(kind: TestModel.Kind, precision: ActivationPrecision) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                kind.apply(to: &$0)
                ($0.highCycles, $0.lowCycles) = (2, 3)
                $0.forwardPrecision = precision
            })
        var generator = SeededGenerator(seed: 3)
        let batch = TestModel.batch(5, for: model, using: &generator)
        var watched = TestModel.carry(batch, model: model, using: &generator)
        var alone = watched.copied(for: model)
        for workers in [1, 2] {
            let engines = (0..<2).map { _ in
                SegmentExecutor(
                    model: model, batchSize: 5, workers: Workers(count: workers), training: false)
            }
            let diary = Diary()
            let outcomes = engines[0].evaluationStep(
                &watched, maxSteps: 16, observer: { diary.note($0) })
            #expect(outcomes == engines[1].evaluationStep(&alone, maxSteps: 16))
            #expect(watched.high.values == alone.high.values)
            #expect(watched.low.values == alone.low.values)
            #expect(engines[0].outputs.logits.values == engines[1].outputs.logits.values)
            #expect(!diary.seen.isEmpty)
        }
    }

    @Test(arguments: TestModel.Kind.allCases)
    func everyMomentIsShown(kind: TestModel.Kind) throws {
        let model = TestModel.make(
            try TestModel.configuration {
                kind.apply(to: &$0)
                ($0.highCycles, $0.lowCycles) = (2, 3)
            })
        var generator = SeededGenerator(seed: 4)
        let batch = TestModel.batch(3, for: model, using: &generator)
        var carry = TestModel.carry(batch, model: model, using: &generator)
        let start = (carry.high.values, carry.low.values)
        // A team shares the rows where there are fewer sequences than workers.
        let engine = SegmentExecutor(
            model: model, batchSize: 3, workers: Workers(count: 2), training: false)
        let diary = Diary()
        _ = engine.evaluationStep(&carry, maxSteps: 16, observer: { diary.note($0) })
        let schedule = model.schedule.applications
        let parts = Dictionary(grouping: diary.seen) { $0.slots.lowerBound }
        #expect(parts.values.flatMap { $0[0].slots }.sorted() == [0, 1, 2])
        for moments in parts.values {
            #expect(moments.map(\.applications) == Array(0...schedule.count))
            #expect(moments.map(\.updates) == [nil] + schedule.map(\.updates))
            let width = start.0.count / 3
            let slots = moments[0].slots
            let elements = (slots.lowerBound * width)..<(slots.upperBound * width)
            #expect(moments[0].high == Array(start.0[elements]))
            #expect(moments[0].low == Array(start.1[elements]))
            for (before, after) in zip(moments, moments.dropFirst()) {
                // An update replaces one state and leaves the other alone.
                #expect((before.high == after.high) == (after.updates == .low))
                #expect((before.low == after.low) == (after.updates != .low))
            }
            let last = try #require(moments.last)
            #expect(last.high == Array(carry.high.values[elements]))
            let rows = model.rows(of: slots)
            #expect(last.logits == engine.outputs.logits.rows(rows).values)
            #expect(last.qLogits == engine.outputs.qLogits.rows(slots).values)
        }
    }

    /// A watched engine leaves nothing behind that an unwatched one has to pay for.
    @Test func nobodyLookingTakesNoMemory() throws {
        let model = TestModel.make(try TestModel.configuration())
        var generator = SeededGenerator(seed: 5)
        let batch = TestModel.batch(2, for: model, using: &generator)
        var carry = TestModel.carry(batch, model: model, using: &generator)
        let engine = SegmentExecutor(
            model: model, batchSize: 2, workers: Workers(count: 1), training: false)
        let seen = Mutex(0)
        _ = engine.evaluationStep(
            &carry, maxSteps: 16, observer: { _ in seen.withLock { $0 += 1 } })
        _ = engine.evaluationStep(&carry, maxSteps: 16)
        #expect(seen.withLock { $0 } == model.schedule.applications.count + 1)
    }
}

/// What logits say about cells.
@Suite struct TokenReadoutTests {
    @Test func entropyOfKnownDistributions() {
        // Equal logits: the most open cell there is, whatever makes probabilities of them.
        for type in [LossType.softmaxCrossEntropy, .stablemaxCrossEntropy] {
            for level in [Float(-3), 0, 2.5] {
                let entropy = Self.entropy(type, [level, level, level, level])
                #expect(abs(entropy - 1.3862943611198906) < 1e-12)
            }
        }
        // ½, ¼, ¼ has 1.5 bits.
        let bits = 1.5 * 0.6931471805599453
        #expect(abs(Self.entropy(.stablemaxCrossEntropy, [3, 1, 1]) - bits) < 1e-12)
        #expect(abs(Self.entropy(.stablemaxCrossEntropy, [0, -1, -1]) - bits) < 1e-12)
        #expect(abs(Self.entropy(.softmaxCrossEntropy, [0.6931472, 0, 0]) - bits) < 1e-6)
        #expect(Self.entropy(.softmaxCrossEntropy, [900, 0, -900]) == 0)
        #expect(Self.entropy(.softmaxCrossEntropy, [.nan, 0]).isNaN)
    }

    @Test(arguments: [LossType.softmaxCrossEntropy, .stablemaxCrossEntropy])
    func entropyStaysInItsRange(type: LossType) {
        var generator = SeededGenerator(seed: 8)
        for count in [1, 2, 5, 11] {
            for scale in [Float(0.001), 1, 50] {
                let entropy = Self.entropy(type, generator.values(count, scale: scale))
                #expect((0...Self.logarithm(count)).contains(entropy))
            }
        }
    }

    private static func entropy(_ type: LossType, _ logits: [Float]) -> Double {
        TokenLoss.entropy(type, logits: logits.span, cell: 0..<logits.count)
    }

    /// The entropy of equal shares is the logarithm of their number.
    private static func logarithm(_ count: Int) -> Double {
        entropy(.softmaxCrossEntropy, [Float](repeating: 0, count: count))
    }
}

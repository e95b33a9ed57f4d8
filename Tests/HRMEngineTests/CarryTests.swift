import HRMTensor
import Testing
import _HRMTestSupport

@testable import HRMEngine
@testable import HRMModel

@Suite struct CarryTests {
    @Test func aNewCarryWaitsForPuzzles() throws {
        let model = TestModel.make(try TestModel.configuration())
        let carry = CPUCarry(batchSize: 3, model: model)
        #expect(carry.halted == [true, true, true] && carry.steps == [0, 0, 0])
        #expect(carry.batchSize == 3)
        #expect(carry.high.rows == 3 * model.positionCount && carry.high.columns == 12)
        #expect(carry.current.labels.allSatisfy { $0 == TokenLoss.ignoredLabel })
    }

    /// Slots that count as having thought already end one after the other, all within the limit.
    @Test(arguments: [(8, 4), (5, 3), (2, 16), (3, 1)])
    func staggeredSlotsEndOneAfterTheOther(size: Int, maxSteps: Int) throws {
        let model = TestModel.make(try TestModel.configuration())
        var carry = CPUCarry(batchSize: size, model: model)
        carry.slots.stagger(maxSteps: maxSteps)
        #expect(carry.steps == carry.steps.sorted() && carry.steps[0] == 0)
        #expect(carry.steps.allSatisfy { $0 < maxSteps })
        let counts = Dictionary(grouping: carry.steps) { $0 }.mapValues(\.count)
        #expect(counts.count == min(size, maxSteps))
        #expect((counts.values.max() ?? 0) - (counts.values.min() ?? 0) <= 1)
    }

    /// Slots taken out, moved on and put back are as if the rest were not there.
    @Test func someSlotsMoveOnAlone() throws {
        let model = TestModel.make(try TestModel.configuration())
        var generator = SeededGenerator(seed: 132)
        let batch = TestModel.batch(5, for: model, using: &generator)
        var carry = TestModel.carry(batch, model: model, using: &generator)
        let before = carry.copied(for: model)
        var part = CPUCarry(
            carry.slots.slots(1..<4), states: carry.states.slots(1..<4, model: model))
        #expect(part.batchSize == 3 && part.current.inputs.count == 3 * 9)
        let alone = part.copied(for: model)
        let engine = SegmentExecutor(
            model: model, batchSize: 3, workers: Workers(count: 1), training: false)
        _ = engine.evaluationStep(&part, maxSteps: 1)
        carry.slots.put(part.slots, at: 1..<4)

        var expected = alone
        _ = engine.evaluationStep(&expected, maxSteps: 1)
        #expect(carry.steps == [0, 1, 1, 1, 0])
        #expect(carry.halted == [false, true, true, true, false])
        #expect(carry.current == before.current)
        let rows = model.positionCount
        for (state, old, moved) in [
            (carry.high, before.high, expected.high), (carry.low, before.low, expected.low),
        ] {
            #expect(state.rows(rows..<(4 * rows)).values == moved.values)
            for others in [0..<rows, (4 * rows)..<(5 * rows)] {
                #expect(state.rows(others).values == old.rows(others).values)
            }
        }
    }

    @Test(arguments: ActivationPrecision.allCases)
    func onlyHaltedSlotsTakeTheNewPuzzle(precision: ActivationPrecision) throws {
        let model = TestModel.make(
            try TestModel.configuration { $0.forwardPrecision = precision })
        var generator = SeededGenerator(seed: 131)
        let old = TestModel.batch(3, for: model, using: &generator)
        let new = TestModel.batch(3, for: model, using: &generator)
        var carry = TestModel.carry(old, model: model, using: &generator)
        carry.slots.steps = [2, 4, 1]
        carry.slots.halted = [false, true, false]
        let before = (high: carry.high.values, low: carry.low.values)
        carry.refill(from: new, model: model)

        #expect(carry.steps == [2, 0, 1] && carry.halted == [false, false, false])
        let length = model.dimensions.sequenceLength
        let elements = model.positionCount * model.configuration.hiddenSize
        for slot in 0..<3 {
            let source = slot == 1 ? new : old
            let cells = (slot * length)..<((slot + 1) * length)
            #expect(carry.current.inputs[cells] == source.inputs[cells])
            #expect(carry.current.labels[cells] == source.labels[cells])
            #expect(carry.current.puzzleIdentifiers[slot] == source.puzzleIdentifiers[slot])
            let range = (slot * elements)..<((slot + 1) * elements)
            if slot == 1 {
                for (state, initial) in [
                    (carry.high, model.highInitial), (carry.low, model.lowInitial),
                ] {
                    for position in 0..<model.positionCount {
                        let row = slot * model.positionCount + position
                        #expect(state.rows(row..<(row + 1)).values == initial.values)
                    }
                }
            } else {
                #expect(carry.high.values[range] == before.high[range])
                #expect(carry.low.values[range] == before.low[range])
            }
        }
        #expect(model.highInitial.values != model.lowInitial.values)
    }

    @Test func aBatchThatDoesNotFitTraps() async {
        await #expect(processExitsWith: .failure) {
            let model = TestModel.make(try TestModel.configuration())
            var carry = CPUCarry(batchSize: 1, model: model)
            carry.refill(
                from: TokenBatch(
                    inputs: [0, 1, 2, 3, 5], labels: [0, 0, 0, 0, 0], puzzleIdentifiers: [0]),
                model: model)
        }
        await #expect(processExitsWith: .failure) {
            let model = TestModel.make(try TestModel.configuration())
            var carry = CPUCarry(batchSize: 1, model: model)
            carry.refill(
                from: TokenBatch(
                    inputs: [0, 1, 2, 3], labels: [0, 0, 0, 0], puzzleIdentifiers: [0]),
                model: model)
        }
    }
}

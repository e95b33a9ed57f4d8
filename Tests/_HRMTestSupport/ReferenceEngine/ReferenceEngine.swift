public import HRMModel
import Synchronization

/// An engine that runs ``ReferenceModel`` for slots of puzzles: slow, in float64, and plain enough
/// to be seen to be right.
public final class ReferenceEngine: Sendable {
    /// The settings of the architecture.
    public let configuration: HRMConfiguration
    /// The dimensions of the data set.
    public let dimensions: PuzzleDimensions
    /// The number of slots, each of which has states.
    public let slotCount: Int

    /// Receives a slot and a moment of its segment.
    public typealias Observer = (_ slot: Int, _ moment: ReferenceSegment.Moment) -> Void

    let memory: Mutex<ReferenceMemory>

    /// Creates an engine whose slots have the initial states.
    ///
    /// - Parameters:
    ///   - model: The weights, of which the engine has its own copy.
    ///   - slotCount: The number of slots.
    ///   - optimizers: The optimizers; nil for an engine that does not train.
    public init(
        _ model: ReferenceModel, slotCount: Int, optimizers: ReferenceOptimizerSettings? = nil
    ) {
        configuration = model.configuration
        dimensions = model.dimensions
        self.slotCount = slotCount
        memory = Mutex(
            ReferenceMemory(model: model, slotCount: slotCount, settings: optimizers))
    }

    /// A copy of the model with its current weights.
    public var model: ReferenceModel { memory.withLock { $0.model } }

    /// The model with the averaged weights; nil without an average.
    public var averagedModel: ReferenceModel? { memory.withLock { $0.averagedModel } }

    /// Sets a slot's states to the initial ones, plus noise, if given, `[T·D]` each.
    public func begin(slot: Int, noise: (high: [Float], low: [Float])? = nil) {
        memory.withLock { memory in
            var states = memory.model.initialStates
            if let noise {
                for (index, value) in noise.high.enumerated() {
                    states.high.values[index] += Double(value)
                }
                for (index, value) in noise.low.enumerated() {
                    states.low.values[index] += Double(value)
                }
            }
            memory.states[slot] = states
        }
    }

    /// Copies the states of a slot to another.
    public func move(from source: Int, to target: Int) {
        memory.withLock { $0.states[target] = $0.states[source] }
    }

    /// Permutes the states of a slot's cells; those of the puzzle embedding stay.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - sources: The old cell of each new one, `[S]`.
    public func rearrange(slot: Int, sources: [Int]) {
        memory.withLock { memory in
            let prefix = memory.model.prefixLength
            let order = Array(0..<prefix) + sources.map { prefix + $0 }
            func rearranged(_ state: PlainMatrix) -> PlainMatrix {
                Variable(state).rows(order).value
            }
            let states = memory.states[slot]
            memory.states[slot] = ReferenceStates(
                high: rearranged(states.high), low: rearranged(states.low))
        }
    }

    /// Runs one segment of inference.
    ///
    /// - Parameters:
    ///   - table: The puzzles; the numbers of segments and the halted slots are updated.
    ///   - slots: The slots.
    ///   - maxSteps: The number of segments after which a puzzle ends.
    ///   - observer: Called at every moment, if given.
    /// - Returns: The results of each slot, in order.
    public func infer(
        _ table: inout ReferenceSlotTable, slots: Range<Int>, maxSteps: Int,
        observer: Observer? = nil
    ) -> [ReferenceOutcome] {
        let (model, states) = memory.withLock { memory in
            memory.firstSlot = slots.lowerBound
            return (memory.model, memory.states)
        }
        let segment = ReferenceSegment(model)
        return slots.map { slot in
            let results = segment(
                inputs: table.inputs[slot], identifier: table.identifiers[slot],
                from: states[slot], observe: observer.map { observer in { observer(slot, $0) } })
            memory.withLock { $0.keep(results, of: slot) }
            table.steps[slot] += 1
            table.halted[slot] = table.steps[slot] >= maxSteps
            return ReferenceOutcome(
                slot: slot,
                loss: ReferenceLoss(
                    type: configuration.lossType, logits: results.logits,
                    labels: table.labels[slot], qLogits: results.qLogits, targetQContinue: nil),
                qLogits: results.qLogits.value, next: nil, target: nil, steps: table.steps[slot],
                hasHalted: table.halted[slot])
        }
    }

    /// Returns the token logits of a slot's last segment, `[S, V]`; zeros before the first.
    public func logits(of slot: Int) -> PlainMatrix { memory.withLock { $0.logits[slot] } }

    /// Returns the states of a slot.
    public func states(of slot: Int) -> ReferenceStates { memory.withLock { $0.states[slot] } }
}

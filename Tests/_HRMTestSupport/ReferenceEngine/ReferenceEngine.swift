public import HRMEngine
public import HRMModel
import HRMTensor
import Synchronization

/// An engine that runs ``ReferenceModel`` for slots of puzzles: slow, in float64, and plain enough
/// to be seen to be right.
///
/// Values are rounded to float32 where they leave the engine.
public final class ReferenceEngine: Engine {
    /// The settings of the architecture.
    public let configuration: HRMConfiguration
    /// The dimensions of the data set.
    public let dimensions: PuzzleDimensions
    /// The number of slots, each of which has states.
    public let slotCount: Int

    let memory: Mutex<ReferenceMemory>

    /// Creates an engine whose slots have the initial states.
    ///
    /// - Parameters:
    ///   - model: The weights, of which the engine has its own copy.
    ///   - slotCount: The number of slots.
    ///   - optimizers: The optimizers; nil for an engine that does not train.
    package init(
        _ model: ReferenceModel, slotCount: Int, optimizers: OptimizerDescription? = nil
    ) {
        configuration = model.configuration
        dimensions = model.dimensions
        self.slotCount = slotCount
        memory = Mutex(
            ReferenceMemory(model: model, slotCount: slotCount, optimizers: optimizers))
    }

    /// A copy of the model with its current weights.
    public var model: ReferenceModel { memory.withLock { $0.model } }

    /// Returns the states of a slot.
    public func states(of slot: Int) -> ReferenceStates { memory.withLock { $0.states[slot] } }

    /// Sets a slot's states to the initial ones, plus noise, if given.
    package func begin(_ slot: Int, noise: StateNoise?) {
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
    public func rearrange(_ slot: Int, sources: [Int]) {
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

    /// Runs one segment without gradient.
    package func infer(
        _ carry: inout Carry, first count: Int, maxSteps: Int, observer: SegmentObserver?
    ) -> [SequenceOutcome] {
        let (model, states) = memory.withLock { memory in
            memory.firstSlot = 0
            return (memory.model, memory.states)
        }
        let segment = ReferenceSegment(model)
        let outcomes = (0..<count).map { slot in
            let results = segment(
                inputs: carry.inputs(of: slot), identifier: carry.current.puzzleIdentifiers[slot],
                from: states[slot],
                observe: observer.map { observer in
                    { observer(SegmentMoment($0, slot: slot, prefix: model.prefixLength)) }
                })
            memory.withLock { $0.keep(results, of: slot) }
            let steps = carry.steps[slot] + 1
            let loss = ReferenceLoss(
                type: configuration.lossType, logits: results.logits,
                labels: carry.labels(of: slot), qLogits: results.qLogits, targetQContinue: nil)
            return SequenceOutcome(
                row: slot, loss: loss, qLogits: results.qLogits.value, steps: steps,
                hasHalted: steps >= maxSteps)
        }
        carry.advance(outcomes)
        return outcomes
    }

    /// Calls `body` with the logits of a slot after its last segment; zeros before the first.
    public func withLogits<Result>(of slot: Int, _ body: (Span<Float>) -> Result) -> Result {
        body(memory.withLock { $0.logits[$0.firstSlot + slot] }.floats.span)
    }
}

extension Carry {
    /// Returns the tokens of a slot's puzzle, `[S]`.
    func inputs(of slot: Int) -> [Int32] { Array(current.inputs[cells(of: slot)]) }

    /// Returns the labels of a slot's puzzle, `[S]`.
    func labels(of slot: Int) -> [Int32] { Array(current.labels[cells(of: slot)]) }
}

extension SequenceOutcome {
    /// The results of one segment, from the losses and Q logits that the reference engine computes.
    package init(
        row: Int, loss: ReferenceLoss, qLogits: PlainMatrix, targetQContinue: Double? = nil,
        next: PlainMatrix? = nil, steps: Int, hasHalted: Bool
    ) {
        self.init(
            row: row,
            loss: SequenceLoss(
                labelCount: loss.labelCount, correctCount: loss.correctCount,
                tokenLoss: loss.tokenLoss.value[0, 0], qHaltLoss: loss.haltLoss.value[0, 0],
                qContinueLoss: loss.continueLoss.value[0, 0]),
            qHalt: Float(qLogits[0, 0]), qContinue: Float(qLogits[0, 1]),
            targetQContinue: targetQContinue,
            next: next.map { Next(qHalt: Float($0[0, 0]), qContinue: Float($0[0, 1])) },
            steps: steps, hasHalted: hasHalted)
    }
}

extension SegmentMoment {
    /// A moment of one slot; its logits have rows of zeros for the puzzle embedding's positions.
    fileprivate init(_ moment: ReferenceSegment.Moment, slot: Int, prefix: Int) {
        let padding = PlainMatrix(0, rows: prefix, columns: moment.logits.columns)
        let heads = (
            logits: Matrix(
                padding.floats + moment.logits.floats, rows: prefix + moment.logits.rows,
                columns: moment.logits.columns),
            qLogits: Matrix(moment.qLogits)
        )
        self.init(
            applications: moment.applications, updates: moment.updates, slots: slot..<(slot + 1),
            high: Matrix(moment.states.high), low: Matrix(moment.states.low), heads: { heads })
    }
}

import HRMModel
import HRMTensor

/// A carry together with the states of its slots in memory.
struct CPUCarry: Sendable {
    /// The puzzles of the slots.
    var slots: Carry
    /// The states of the slots.
    let states: SlotStates

    /// Creates a carry of puzzles and their states.
    init(_ slots: Carry, states: SlotStates) {
        self.slots = slots
        self.states = states
    }

    /// Creates a carry in which every slot is free.
    init(batchSize: Int, model: HierarchicalReasoningModel) {
        self.init(
            Carry(
                slotCount: batchSize, dimensions: model.dimensions,
                candidateSymbols: model.configuration.candidateSymbols),
            states: SlotStates(slotCount: batchSize, model: model))
    }

    /// `z_H`, `[B·T, D]`.
    var high: Matrix { states.high }
    /// `z_L`, `[B·T, D]`; unused in a model without a fast state.
    var low: Matrix { states.low }
    /// The number of segments completed for each slot's puzzle.
    var steps: [Int] { slots.steps }
    /// Slots that take a new puzzle in the next step.
    var halted: [Bool] { slots.halted }
    /// The current puzzle of each slot.
    var current: TokenBatch { slots.current }
    /// The number of slots.
    var batchSize: Int { slots.slotCount }

    /// Gives each halted slot the corresponding row of a new batch and initial states.
    mutating func refill(from batch: TokenBatch, model: HierarchicalReasoningModel) {
        for slot in slots.refill(from: batch) { states.begin(slot, model: model) }
    }

    /// Puts a puzzle with initial states into a slot.
    mutating func begin(
        _ slot: Int, inputs: [Int32], identifier: Int32, model: HierarchicalReasoningModel
    ) {
        slots.begin(slot, inputs: inputs, identifier: identifier)
        states.begin(slot, model: model)
    }
}

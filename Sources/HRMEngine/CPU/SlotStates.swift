import HRMModel
import HRMTensor

/// The states `z_H` and `z_L` of the slots of a batch.
struct SlotStates: Sendable {
    /// `z_H`, `[B·T, D]`.
    let high: Matrix
    /// `z_L`, `[B·T, D]`; unused in a model without a fast state.
    let low: Matrix

    /// Allocates the states of a number of slots.
    init(slotCount: Int, model: HierarchicalReasoningModel) {
        let rows = slotCount * model.positionCount
        let width = model.configuration.hiddenSize
        let precision = model.configuration.forwardPrecision.storage
        high = Matrix(rows: rows, columns: width, precision: precision)
        low = Matrix(rows: rows, columns: width, precision: precision)
    }

    private init(high: Matrix, low: Matrix) {
        self.high = high
        self.low = low
    }

    /// Returns the states of some slots, in the same memory.
    func slots(_ range: Range<Int>, model: HierarchicalReasoningModel) -> SlotStates {
        let rows = model.rows(of: range)
        return SlotStates(high: high.rows(rows), low: low.rows(rows))
    }

    /// Sets a slot to the initial states.
    func begin(_ slot: Int, model: HierarchicalReasoningModel) {
        let rows = model.rows(of: slot..<(slot + 1))
        for (state, initial) in [(high, model.highInitial), (low, model.lowInitial)] {
            // One row for each symbol of a position, if symbols have an initial state.
            let copies = rows.count * (state.columns / initial.columns)
            let target = state.rows(rows).regrouped(rows: copies)
            for row in 0..<copies { target.rows(row..<(row + 1)).assign(initial) }
        }
    }

    /// Adds noise to the states of a slot.
    func add(_ noise: StateNoise, to slot: Int, model: HierarchicalReasoningModel) {
        for (state, noise) in [(high, noise.high), (low, noise.low)] {
            let rows = state.rows(model.rows(of: slot..<(slot + 1)))
            rows.assign(zip(rows.values, noise).map { $0 + $1 })
        }
    }

    /// Permutes the cells of a slot.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - sources: The old cell of each new one, `[S]`, a permutation.
    ///   - model: The model.
    func rearrange(_ slot: Int, sources: [Int], model: HierarchicalReasoningModel) {
        let rows = model.rows(of: slot..<(slot + 1)).dropFirst(model.configuration.prefixLength)
        for state in [high, low] {
            let cells = state.rows(rows.lowerBound..<rows.upperBound)
            let old = Matrix(
                rows: sources.count, columns: cells.columns, precision: cells.precision)
            old.assign(cells)
            for (cell, source) in sources.enumerated() {
                cells.rows(cell..<(cell + 1)).assign(old.rows(source..<(source + 1)))
            }
        }
    }

    /// Copies the states of one slot to another.
    func move(from source: Int, to target: Int, model: HierarchicalReasoningModel) {
        for state in [high, low] {
            state.rows(model.rows(of: target..<(target + 1)))
                .assign(state.rows(model.rows(of: source..<(source + 1))))
        }
    }
}

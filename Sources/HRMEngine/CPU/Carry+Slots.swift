import HRMModel
public import HRMTensor

extension Carry {
    /// Puts a puzzle into a slot, with initial states and a segment count of 0.
    ///
    /// - Parameters:
    ///   - slot: The slot; its content is replaced.
    ///   - inputs: The puzzle, `[S]`.
    ///   - identifier: The row of the puzzle embedding.
    ///   - model: The model.
    /// - Precondition: Tokens and identifier are in range.
    public mutating func begin(
        _ slot: Int, inputs: [Int32], identifier: Int32, model: HierarchicalReasoningModel
    ) {
        let length = model.dimensions.sequenceLength
        let puzzle = TokenBatch(
            inputs: inputs,
            labels: Array(repeating: TokenLoss.ignoredLabel, count: inputs.count),
            puzzleIdentifiers: [identifier])
        puzzle.require(size: 1, dimensions: model.dimensions)
        let cells = (slot * length)..<((slot + 1) * length)
        current.inputs.replaceSubrange(cells, with: puzzle.inputs)
        current.labels.replaceSubrange(cells, with: puzzle.labels)
        current.puzzleIdentifiers[slot] = identifier
        steps[slot] = 0
        halted[slot] = false
        for row in model.rows(of: slot..<(slot + 1)) {
            high.rows(row..<(row + 1)).assign(model.highInitial)
            low.rows(row..<(row + 1)).assign(model.lowInitial)
        }
    }

    /// Adds noise to the initial states of a slot.
    ///
    /// - Parameters:
    ///   - slot: A slot that has just begun.
    ///   - amplitude: The standard deviation of the noise; that of the initial states is 1.
    ///   - generator: Draws the truncated normal noise, that of the slow state first.
    ///   - model: The model.
    public mutating func disturb(
        _ slot: Int, amplitude: Double, using generator: inout SeededGenerator,
        model: HierarchicalReasoningModel
    ) {
        let noise = TruncatedNormal(standardDeviation: amplitude)
        for state in [high, low] {
            let rows = state.rows(model.rows(of: slot..<(slot + 1)))
            rows.assign(
                rows.values.map { $0 + noise.next(using: &generator, precision: .float32) })
        }
    }

    /// Permutes the cells of a slot's puzzle together with their states.
    ///
    /// - Parameters:
    ///   - slot: The slot.
    ///   - sources: The old cell of each new one, `[S]`.
    ///   - model: The model.
    /// - Precondition: `sources` is a permutation of the cells.
    public mutating func rearrange(
        _ slot: Int, sources: [Int], model: HierarchicalReasoningModel
    ) {
        let length = model.dimensions.sequenceLength
        precondition(
            sources.count == length, "\(sources.count) sources for \(length) cells")
        let first = slot * length
        let (inputs, labels) = (current.inputs, current.labels)
        for (cell, source) in sources.enumerated() {
            current.inputs[first + cell] = inputs[first + source]
            current.labels[first + cell] = labels[first + source]
        }
        let rows = model.rows(of: slot..<(slot + 1)).dropFirst(model.configuration.prefixLength)
        for state in [high, low] {
            let cells = state.rows(rows.lowerBound..<rows.upperBound)
            let old = Matrix(rows: length, columns: cells.columns, precision: cells.precision)
            old.assign(cells)
            for (cell, source) in sources.enumerated() {
                cells.rows(cell..<(cell + 1)).assign(old.rows(source..<(source + 1)))
            }
        }
    }

    /// Moves a puzzle with its states to another slot, whose content is replaced.
    ///
    /// - Parameters:
    ///   - source: The old slot.
    ///   - target: The new slot.
    ///   - model: The model.
    public mutating func move(
        from source: Int, to target: Int, model: HierarchicalReasoningModel
    ) {
        let length = model.dimensions.sequenceLength
        for cell in 0..<length {
            current.inputs[target * length + cell] = current.inputs[source * length + cell]
            current.labels[target * length + cell] = current.labels[source * length + cell]
        }
        current.puzzleIdentifiers[target] = current.puzzleIdentifiers[source]
        steps[target] = steps[source]
        halted[target] = halted[source]
        for state in [high, low] {
            state.rows(model.rows(of: target..<(target + 1)))
                .assign(state.rows(model.rows(of: source..<(source + 1))))
        }
    }
}

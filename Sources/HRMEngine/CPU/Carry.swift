public import HRMModel
public import HRMTensor

/// The state between segments: for each slot of the batch its puzzle, its two states and its number
/// of segments.
public struct Carry: Sendable {
    /// `z_H`, `[B·T, D]`.
    public let high: Matrix
    /// `z_L`, `[B·T, D]`; unused in a model without a fast state.
    public let low: Matrix
    /// The number of segments that each slot's puzzle has had.
    public internal(set) var steps: [Int]
    /// Slots that take a new puzzle in the next step.
    public internal(set) var halted: [Bool]
    /// The current puzzle of each slot.
    public internal(set) var current: TokenBatch

    /// Creates a carry in which every slot is free.
    public init(batchSize: Int, model: HierarchicalReasoningModel) {
        let rows = batchSize * model.positionCount
        let width = model.configuration.hiddenSize
        let precision = model.configuration.forwardPrecision.storage
        high = Matrix(rows: rows, columns: width, precision: precision)
        low = Matrix(rows: rows, columns: width, precision: precision)
        steps = Array(repeating: 0, count: batchSize)
        halted = Array(repeating: true, count: batchSize)
        let cells = batchSize * model.dimensions.sequenceLength
        current = TokenBatch(
            inputs: Array(repeating: 0, count: cells),
            labels: Array(repeating: TokenLoss.ignoredLabel, count: cells),
            puzzleIdentifiers: Array(repeating: 0, count: batchSize))
    }

    /// Restores the puzzles of an earlier carry; the caller restores the states in ``high`` and
    /// ``low``.
    ///
    /// - Parameters:
    ///   - steps: The number of segments of each slot's puzzle.
    ///   - halted: The slots that take a new puzzle in the next step.
    ///   - current: The puzzles.
    ///   - model: The model.
    /// - Returns: True if they fit the carry and the model; otherwise nothing changes.
    public mutating func restore(
        steps: [Int], halted: [Bool], current: TokenBatch, model: HierarchicalReasoningModel
    ) -> Bool {
        guard steps.count == batchSize, halted.count == batchSize,
            steps.allSatisfy({ $0 >= 0 && $0 <= model.configuration.haltMaxSteps }),
            current.fault(size: batchSize, dimensions: model.dimensions) == nil
        else { return false }
        self.steps = steps
        self.halted = halted
        self.current = current
        return true
    }

    /// The number of slots.
    public var batchSize: Int { steps.count }

    /// Gives each halted slot the corresponding row of a new batch and initial states; the other
    /// slots keep their puzzles.
    ///
    /// - Precondition: The batch has the carry's size and the model's sequence length; its tokens
    ///   and identifiers are in range.
    public mutating func refill(from batch: TokenBatch, model: HierarchicalReasoningModel) {
        let length = model.dimensions.sequenceLength
        batch.require(size: batchSize, dimensions: model.dimensions)
        let positions = model.positionCount
        for slot in 0..<batchSize where halted[slot] {
            let cells = (slot * length)..<((slot + 1) * length)
            current.inputs.replaceSubrange(cells, with: batch.inputs[cells])
            current.labels.replaceSubrange(cells, with: batch.labels[cells])
            current.puzzleIdentifiers[slot] = batch.puzzleIdentifiers[slot]
            steps[slot] = 0
            halted[slot] = false
            for row in (slot * positions)..<((slot + 1) * positions) {
                high.rows(row..<(row + 1)).assign(model.highInitial)
                low.rows(row..<(row + 1)).assign(model.lowInitial)
            }
        }
    }

    /// Returns some of the slots as a separate carry that shares their states.
    public func slots(_ range: Range<Int>) -> Carry {
        Carry(self, slots: range)
    }

    private init(_ whole: Carry, slots: Range<Int>) {
        let positions = whole.high.rows / whole.batchSize
        let length = whole.current.inputs.count / whole.batchSize
        let rows = (slots.lowerBound * positions)..<(slots.upperBound * positions)
        let cells = (slots.lowerBound * length)..<(slots.upperBound * length)
        high = whole.high.rows(rows)
        low = whole.low.rows(rows)
        steps = Array(whole.steps[slots])
        halted = Array(whole.halted[slots])
        current = TokenBatch(
            inputs: Array(whole.current.inputs[cells]), labels: Array(whole.current.labels[cells]),
            puzzleIdentifiers: Array(whole.current.puzzleIdentifiers[slots]))
    }

    /// Writes back slots that were taken out by ``slots(_:)``.
    ///
    /// - Precondition: `part` has as many slots as the range.
    public mutating func put(_ part: Carry, at slots: Range<Int>) {
        precondition(
            part.batchSize == slots.count, "\(part.batchSize) slots at \(slots) of \(batchSize)")
        let length = current.inputs.count / batchSize
        let cells = (slots.lowerBound * length)..<(slots.upperBound * length)
        steps.replaceSubrange(slots, with: part.steps)
        halted.replaceSubrange(slots, with: part.halted)
        current.inputs.replaceSubrange(cells, with: part.current.inputs)
        current.labels.replaceSubrange(cells, with: part.current.labels)
        current.puzzleIdentifiers.replaceSubrange(slots, with: part.current.puzzleIdentifiers)
    }

    /// Sets the segment counts of the slots to values evenly distributed over `0 ..< maxSteps`, so
    /// that they do not all end at the same time.
    public mutating func stagger(maxSteps: Int) {
        for slot in 0..<batchSize { steps[slot] = slot * maxSteps / batchSize }
    }

    mutating func advance(_ outcomes: [SequenceOutcome]) {
        for outcome in outcomes {
            steps[outcome.row] = outcome.steps
            halted[outcome.row] = outcome.hasHalted
        }
    }
}

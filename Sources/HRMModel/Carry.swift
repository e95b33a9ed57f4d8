public import HRMTensor

/// A batch of puzzles as the model takes it.
public struct TokenBatch: Sendable, Equatable {
    /// Input tokens, `[B·S]`.
    public var inputs: [Int32]
    /// Wanted tokens, `[B·S]`; ``TokenLoss/ignoredLabel`` where a cell does not count.
    public var labels: [Int32]
    /// Rows of the puzzle embedding, `[B]`.
    public var puzzleIdentifiers: [Int32]

    /// A batch of `puzzleIdentifiers.count` sequences.
    public init(inputs: [Int32], labels: [Int32], puzzleIdentifiers: [Int32]) {
        self.inputs = inputs
        self.labels = labels
        self.puzzleIdentifiers = puzzleIdentifiers
    }
}

/// The carry from one segment to the next: for each slot of the batch its puzzle, its two states,
/// and how long it has been at it.
public struct Carry: Sendable {
    /// `z_H`, `[B·T, D]`.
    public let high: Matrix
    /// `z_L`, `[B·T, D]`; of no meaning to a model without a fast state.
    public let low: Matrix
    /// Segments given to the slot's puzzle.
    public internal(set) var steps: [Int]
    /// Slots that take a new puzzle in the next step.
    public internal(set) var halted: [Bool]
    /// The puzzles that are being worked on.
    public internal(set) var current: TokenBatch

    /// A carry in which every slot waits for a puzzle.
    public init(batchSize: Int, model: HierarchicalReasoningModel) {
        let rows = batchSize * model.positionCount
        let width = model.configuration.hiddenSize
        let precision = model.configuration.forwardPrecision
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

    /// Goes on with the puzzles of an earlier carry; its states are for the caller to put into
    /// ``high`` and ``low``.
    ///
    /// - Parameters:
    ///   - steps: Segments given to each slot's puzzle.
    ///   - halted: Slots that take a new puzzle in the next step.
    ///   - current: The puzzles.
    ///   - model: The model.
    /// - Returns: Whether they fit the carry and the model; if not, nothing changes.
    public mutating func restore(
        steps: [Int], halted: [Bool], current: TokenBatch, model: HierarchicalReasoningModel
    ) -> Bool {
        guard steps.count == batchSize, halted.count == batchSize,
            steps.allSatisfy({ $0 >= 0 && $0 <= model.configuration.haltMaxSteps }),
            current.fault(size: batchSize, model: model) == nil
        else { return false }
        self.steps = steps
        self.halted = halted
        self.current = current
        return true
    }

    /// Slots of the batch.
    public var batchSize: Int { steps.count }

    /// Gives each halted slot the new batch's row and fresh states; the other slots keep their
    /// puzzle, and the row meant for them is dropped.
    ///
    /// - Precondition: The batch has the carry's size and the model's sequence length; its tokens
    ///   and identifiers are in range.
    public mutating func refill(from batch: TokenBatch, model: HierarchicalReasoningModel) {
        let length = model.dimensions.sequenceLength
        batch.require(size: batchSize, model: model)
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

    /// Some of the slots as a carry of their own, which shares their states.
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

    /// Puts slots back that were taken out by ``slots(_:)`` and moved on since.
    ///
    /// - Precondition: As many slots as the range has.
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

    /// Counts slots as having been given segments already, `0 ..< maxSteps` spread evenly over the
    /// batch, so that they will not all end at the same time.
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

extension TokenBatch {
    /// Traps unless the batch fits.
    func require(size: Int, model: HierarchicalReasoningModel) {
        let fault = fault(size: size, model: model)
        precondition(fault == nil, fault ?? "")
    }

    /// Why the batch does not fit; nil when it does.
    func fault(size: Int, model: HierarchicalReasoningModel) -> String? {
        let dimensions = model.dimensions
        guard puzzleIdentifiers.count == size, inputs.count == size * dimensions.sequenceLength,
            labels.count == inputs.count
        else {
            return "a batch of \(puzzleIdentifiers.count) identifiers, \(inputs.count) inputs and "
                + "\(labels.count) labels for \(size) sequences of \(dimensions.sequenceLength)"
        }
        let tokens = 0..<Int32(dimensions.vocabularySize)
        guard inputs.allSatisfy(tokens.contains),
            labels.allSatisfy({ $0 == TokenLoss.ignoredLabel || tokens.contains($0) })
        else { return "a token outside of \(tokens)" }
        let identifiers = 0..<Int32(dimensions.puzzleIdentifierCount)
        return puzzleIdentifiers.allSatisfy(identifiers.contains)
            ? nil : "a puzzle identifier outside of \(identifiers)"
    }
}

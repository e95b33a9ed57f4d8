/// The puzzles of an engine's slots, and how far each is; the engine itself keeps only states.
public struct ReferenceSlotTable: Sendable, Equatable {
    /// Input tokens of each slot, `[S]`.
    public var inputs: [[Int32]]
    /// Labels of each slot, `[S]`.
    public var labels: [[Int32]]
    /// The row of the puzzle embedding of each slot.
    public var identifiers: [Int32]
    /// The segments that each slot's puzzle has had.
    public var steps: [Int]
    /// Slots that take a new puzzle next.
    public var halted: [Bool]

    /// A table of free slots.
    public init(slotCount: Int, sequenceLength: Int) {
        inputs = Array(
            repeating: Array(repeating: 0, count: sequenceLength), count: slotCount)
        labels = Array(
            repeating: Array(repeating: ReferenceLoss.ignored, count: sequenceLength),
            count: slotCount)
        identifiers = Array(repeating: 0, count: slotCount)
        steps = Array(repeating: 0, count: slotCount)
        halted = Array(repeating: true, count: slotCount)
    }
}

/// The results of one segment of one slot.
public struct ReferenceOutcome: Sendable, Equatable {
    /// The slot.
    public var slot: Int
    /// The number of labelled cells.
    public var labelCount: Int
    /// The number of them that are right.
    public var correctCount: Int
    /// The token loss, in nats per labelled cell.
    public var tokenLoss: Double
    /// The loss of q_halt.
    public var haltLoss: Double
    /// The loss of q_continue; 0 without a target.
    public var continueLoss: Double
    /// The undivided sum of the losses.
    public var totalLoss: Double
    /// The logit of halting.
    public var qHalt: Double
    /// The logit of continuing.
    public var qContinue: Double
    /// The Q logits one segment later; nil without a target.
    public var next: Next?
    /// The target of q_continue; nil if it is not trained.
    public var targetQContinue: Double?
    /// The number of segments, including this one.
    public var steps: Int
    /// True if the puzzle ended with this segment.
    public var hasHalted: Bool

    /// The Q logits of the following segment.
    public struct Next: Sendable, Equatable {
        /// The logit of halting.
        public var qHalt: Double
        /// The logit of continuing.
        public var qContinue: Double
    }

    /// True if every labelled cell is right.
    public var isExact: Bool { correctCount == labelCount }

    init(
        slot: Int, loss: ReferenceLoss, qLogits: PlainMatrix, next: PlainMatrix?, target: Double?,
        steps: Int, hasHalted: Bool
    ) {
        self.slot = slot
        labelCount = loss.labelCount
        correctCount = loss.correctCount
        tokenLoss = loss.tokenLoss.value[0, 0]
        haltLoss = loss.haltLoss.value[0, 0]
        continueLoss = loss.continueLoss.value[0, 0]
        totalLoss = loss.total.value[0, 0]
        (qHalt, qContinue) = (qLogits[0, 0], qLogits[0, 1])
        self.next = next.map { Next(qHalt: $0[0, 0], qContinue: $0[0, 1]) }
        targetQContinue = target
        self.steps = steps
        self.hasHalted = hasHalted
    }
}

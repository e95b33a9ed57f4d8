public import HRMModel

/// One training step: the slots that learn, the segment, and the rates of the optimizers.
public struct TrainingStep: Sendable {
    /// The slots of the step, as many as its carry has.
    public var slots: Range<Int>
    /// The number of slots that learn, starting with the first.
    public var learningSlots: Int
    /// One number per slot: the number of segments before which a sequence may not halt by itself.
    public var minimumSteps: [Int]
    /// The number of segments after which a sequence ends.
    public var maxSteps: Int
    /// The schedule of the segment, at most as long as the model's; nil for the model's own.
    public var schedule: SegmentSchedule?
    /// The factor of the gradients; 1 / global batch size in the reference.
    public var scale: Double
    /// The update of the weights; nil to leave them, and keep the gradients as
    /// ``TensorGroup/gradients``.
    public var update: Update?

    /// The update of the weights after the backward pass.
    public struct Update: Sendable {
        /// The number of the update, starting at 1, for the bias correction of the moments.
        public var number: Int
        /// The learning rate of AdamATan2.
        public var learningRate: Double
        /// The learning rate of the puzzle embedding.
        public var puzzleLearningRate: Double
        /// The learning rate of Muon, if used.
        public var muonLearningRate: Double?
        /// `μ`, the share of the average that is kept, if there is an average.
        public var averageRate: Double?

        /// Creates an update.
        public init(
            number: Int, learningRate: Double, puzzleLearningRate: Double,
            muonLearningRate: Double? = nil, averageRate: Double? = nil
        ) {
            self.number = number
            self.learningRate = learningRate
            self.puzzleLearningRate = puzzleLearningRate
            self.muonLearningRate = muonLearningRate
            self.averageRate = averageRate
        }
    }

    /// Creates a step.
    public init(
        slots: Range<Int>, learningSlots: Int, minimumSteps: [Int], maxSteps: Int,
        schedule: SegmentSchedule? = nil, scale: Double, update: Update?
    ) {
        self.slots = slots
        self.learningSlots = learningSlots
        self.minimumSteps = minimumSteps
        self.maxSteps = maxSteps
        self.schedule = schedule
        self.scale = scale
        self.update = update
    }
}

/// The results of a training step.
public struct TrainingOutcome: Sendable {
    /// The results of each slot that learned, in order.
    public var sequences: [SequenceOutcome]
    /// The quantity that is not finite, if any; the weights are then unchanged.
    public var nonFinite: NonFinite?

    /// A quantity that must be finite.
    public enum NonFinite: Sendable, Hashable {
        /// The loss of a sequence.
        case loss
        /// The gradient of a weight.
        case gradient
    }

    /// Creates results.
    public init(sequences: [SequenceOutcome], nonFinite: NonFinite? = nil) {
        self.sequences = sequences
        self.nonFinite = nonFinite
    }
}

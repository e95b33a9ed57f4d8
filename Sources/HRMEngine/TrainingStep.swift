package import HRMModel

/// One training step: the slots that learn, the segment, and the rates of the optimizers.
package struct TrainingStep: Sendable {
    /// The slots of the step, as many as its carry has.
    package var slots: Range<Int>
    /// The number of slots that learn, starting with the first.
    package var learningSlots: Int
    /// One number per slot: the number of segments before which a sequence may not halt by itself.
    package var minimumSteps: [Int]
    /// The number of segments after which a sequence ends.
    package var maxSteps: Int
    /// The schedule of the segment, at most as long as the model's; nil for the model's own.
    package var schedule: SegmentSchedule?
    /// The factor of the gradients; 1 / global batch size in the reference.
    package var scale: Double
    /// The update of the weights; nil to leave them as they are.
    package var update: Update?
    /// True to keep a copy of the gradients as `TensorGroup/gradients`.
    package var keepsGradients: Bool

    /// The update of the weights after the backward pass.
    package struct Update: Sendable {
        /// The number of the update, starting at 1, for the bias correction of the moments.
        package var number: Int
        /// The learning rate of AdamATan2.
        package var learningRate: Double
        /// The learning rate of the puzzle embedding.
        package var puzzleLearningRate: Double
        /// The learning rate of Muon, if used.
        package var muonLearningRate: Double?
        /// `μ`, the share of the average that is kept, if there is an average.
        package var averageRate: Double?

        /// Creates an update.
        package init(
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
    package init(
        slots: Range<Int>, learningSlots: Int, minimumSteps: [Int], maxSteps: Int,
        schedule: SegmentSchedule? = nil, scale: Double, update: Update?,
        keepsGradients: Bool = false
    ) {
        self.slots = slots
        self.learningSlots = learningSlots
        self.minimumSteps = minimumSteps
        self.maxSteps = maxSteps
        self.schedule = schedule
        self.scale = scale
        self.update = update
        self.keepsGradients = keepsGradients
    }
}

/// The results of a training step.
package struct TrainingOutcome: Sendable {
    /// The results of each slot that learned, in order.
    package var sequences: [SequenceOutcome]
    /// The quantity that is not finite, if any; the weights are then unchanged.
    package var nonFinite: NonFinite?

    /// A quantity that must be finite.
    package enum NonFinite: Sendable, Hashable {
        /// The loss of a sequence.
        case loss
        /// The gradient of a weight.
        case gradient
    }

    /// Creates results.
    package init(sequences: [SequenceOutcome], nonFinite: NonFinite? = nil) {
        self.sequences = sequences
        self.nonFinite = nonFinite
    }
}

package import HRMModel

/// The optimizers of an engine.
public struct ReferenceOptimizerSettings: Sendable {
    /// AdamATan2, of everything that no other optimizer updates.
    public var adam: ReferenceAdamATan2
    /// Muon, of the blocks' matrices, if used.
    public var muon: ReferenceMuon?
    /// The weight decay of the puzzle embedding's sign descent.
    public var puzzleWeightDecay: Double
    /// True if only the puzzle embedding learns.
    public var freezesWeights: Bool
    /// True if an average of the weights is kept.
    public var averages: Bool

    /// Creates settings.
    public init(
        adam: ReferenceAdamATan2, muon: ReferenceMuon? = nil, puzzleWeightDecay: Double = 0,
        freezesWeights: Bool = false, averages: Bool = false
    ) {
        self.adam = adam
        self.muon = muon
        self.puzzleWeightDecay = puzzleWeightDecay
        self.freezesWeights = freezesWeights
        self.averages = averages
    }
}

/// One training step of an engine.
public struct ReferenceTrainingStep: Sendable {
    /// The slots of the step.
    public var slots: Range<Int>
    /// The number of them that learn, from the first.
    public var learningSlots: Int
    /// For each slot of the step the least number of segments before it may halt.
    public var minimumSteps: [Int]
    /// The most segments a puzzle may have.
    public var maxSteps: Int
    /// The module applications of a segment; nil for the model's own.
    package var schedule: SegmentSchedule?
    /// The factor of the loss, of which the gradient is taken.
    public var lossScale: Double
    /// The update of the weights; nil to leave them.
    public var update: Update?

    /// The update of the weights after the gradients.
    public struct Update: Sendable {
        /// The number of the update, starting at 1.
        public var number: Int
        /// The learning rate of AdamATan2.
        public var learningRate: Double
        /// The learning rate of the puzzle embedding.
        public var puzzleLearningRate: Double
        /// The learning rate of Muon.
        public var muonLearningRate: Double
        /// The share of the new weights in their average.
        public var averageShare: Double

        /// Creates an update with one learning rate for all optimizers.
        public init(number: Int, learningRate: Double, averageShare: Double = 0) {
            self.number = number
            self.learningRate = learningRate
            puzzleLearningRate = learningRate
            muonLearningRate = learningRate
            self.averageShare = averageShare
        }
    }

    /// Creates a step in which all of its slots learn.
    public init(slots: Range<Int>, maxSteps: Int, update: Update?) {
        self.slots = slots
        learningSlots = slots.count
        minimumSteps = slots.map { _ in 0 }
        self.maxSteps = maxSteps
        lossScale = 1 / Double(slots.count)
        self.update = update
    }
}

/// The results of a training step.
public struct ReferenceTrainingResult: Sendable {
    /// The results of the slots that learned, in order.
    public var outcomes: [ReferenceOutcome]
    /// The quantity that is not finite, if any; the weights are then unchanged.
    public var divergence: Divergence?

    /// A quantity that may become infinite or not a number.
    public enum Divergence: Sendable, Equatable {
        /// The loss.
        case loss
        /// A gradient.
        case gradient
    }
}

import HRMModel

/// The model's output after one segment.
public struct StepOutput: Sendable, Equatable {
    /// The number of the segment, starting at 1.
    public var step: Int
    /// The most likely token of each cell, `[S]`.
    public var tokens: [Int32]
    /// True if the tokens equal those of the preceding segment; false after the first one.
    public var isUnchanged: Bool
    /// The "halt" logit; if positive, the model considers its answer correct.
    public var qHalt: Float
    /// The "continue" logit.
    public var qContinue: Float
    /// The change of a search's state after the segment; nil of a model that reads tokens.
    public var event: SearchEvent?

    /// Creates the output of a segment.
    public init(
        step: Int, tokens: [Int32], isUnchanged: Bool, qHalt: Float, qContinue: Float,
        event: SearchEvent? = nil
    ) {
        self.event = event
        self.step = step
        self.tokens = tokens
        self.isUnchanged = isUnchanged
        self.qHalt = qHalt
        self.qContinue = qContinue
    }

    /// The model's estimated probability that the answer is correct.
    public var confidence: Double { QLoss.sigmoid(Double(qHalt)) }
}

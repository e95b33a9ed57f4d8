/// A thinking step of a puzzle that is solved in a batch with others.
package struct TracedStep: Sendable, Equatable {
    /// The number of the attempt, from 0; every restart is another one.
    package var attempt: Int
    /// The step, with the changes of the states and the model's output.
    package var step: ThinkingTrace.Step
    /// The change of a search; nil of a model that reads tokens.
    package var event: SearchEvent?
    /// The candidates of each cell after the change, bit `k` for symbol `k`; nil of a model that
    /// reads tokens.
    package var candidates: [Int32]?
    /// The number of pins in force.
    package var pins: Int
    /// The model's outputs, `[S, V]` or `[S, C, 3]`; nil unless requested.
    package var outputs: [Float]?
}

/// A message of ``Reasoner/traces(of:plan:checker:keepsOutputs:)``.
package enum TraceEvent: Sendable, Equatable {
    /// A step was computed.
    case step(TracedStep)
    /// The puzzle is solved; the last message.
    case solution(PuzzleSolution)
    /// The puzzle has no answer; the last message.
    case failure(ReasonerError)
}

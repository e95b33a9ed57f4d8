import HRM
import HRMData
import HRMInference
import HRMModel
import HRMTensor
import Synchronization

/// An answer with the complete trace of its only attempt.
struct TracedAnswer: Sendable {
    /// The answer.
    var answer: Reasoner.Answer
    /// The trace.
    var puzzle: TracedPuzzle

    /// Solves a puzzle on a thread of its own.
    ///
    /// - Parameters:
    ///   - question: The puzzle.
    ///   - plan: The plan, with one attempt.
    ///   - detail: The level of detail.
    ///   - model: The model.
    ///   - checker: Ends the attempt as soon as it accepts an answer; nil for none.
    /// - Returns: The answer.
    /// - Throws: ``HTTPError`` if the model's output is not finite; `CancellationError`.
    static func make(
        of question: PuzzleQuestion, plan: InferenceOptions, detail: ThinkingTracer.Detail,
        model: HierarchicalReasoningModel, checker: PuzzleStream.Checker? = nil
    ) async throws -> TracedAnswer {
        let flag = CancellationFlag()
        let result = try await withTaskCancellationHandler {
            try await OwnThread.run { () throws -> TracedAnswer in
                var hasHalted = false
                var firstValid: [Int32]?
                let trace = try ThinkingTracer(model: model).trace(
                    tokens: question.tokens, puzzleIdentifier: question.identifier,
                    detail: detail, maxSteps: plan.maxSteps
                ) { step in
                    let reading = step.reading
                    hasHalted = plan.halting.halts(
                        qHalt: reading.qHalt, qContinue: reading.qContinue,
                        isUnchanged: step.isUnchanged)
                    if checker?(question.tokens, reading.tokens) == true {
                        firstValid = reading.tokens
                    }
                    return hasHalted || firstValid != nil || flag.isSet
                }
                return TracedAnswer(
                    answer: Reasoner.Answer(
                        PuzzleSolution(
                            thoughts: trace.thoughts, hasHalted: hasHalted, firstValid: firstValid),
                        to: question),
                    puzzle: TracedPuzzle(question: question, trace: trace))
            }
        } onCancel: {
            flag.set()
        }
        try Task.checkCancellation()
        return result
    }
}

/// A flag that one task sets and a thread reads.
final class CancellationFlag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

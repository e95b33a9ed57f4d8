public import HRMEngine
public import HRMInference
import HRMModel
public import HRMTensor

/// Solves single puzzles by calling an engine directly; the reference for code that solves puzzles
/// in batches.
public struct PuzzleReasoner {
    private let engine: CPUEngine

    /// Creates a reasoner for one puzzle at a time.
    public init(model: HierarchicalReasoningModel, workers: Workers = .available) {
        engine = CPUEngine(model: model, slotCount: 1, workers: workers)
    }

    /// Runs segments on a puzzle.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - puzzleIdentifier: The row of the puzzle embedding.
    ///   - maxSteps: The maximum number of segments; the model's own if nil.
    ///   - isDone: Returns true if an output is the last one.
    /// - Returns: The output of each segment; the last one has the answer.
    /// - Throws: `NonFiniteOutput`.
    public func solve(
        tokens: [Int32], puzzleIdentifier: Int32 = 0, maxSteps: Int? = nil,
        until isDone: (StepOutput) -> Bool = { _ in false }
    ) throws(NonFiniteOutput) -> [StepOutput] {
        var carry = Carry(slotCount: 1, dimensions: engine.dimensions)
        carry.begin(0, inputs: tokens, identifier: puzzleIdentifier)
        engine.begin(0, noise: nil)
        let maxSteps = maxSteps ?? engine.configuration.haltMaxSteps
        var outputs: [StepOutput] = []
        repeat {
            let outcome = engine.infer(&carry, first: 1, maxSteps: maxSteps, observer: nil)[0]
            guard engine.hasFiniteLogits(of: 0), outcome.qHalt.isFinite,
                outcome.qContinue.isFinite
            else { throw engine.nonFiniteOutput }
            let answer = engine.predictions(of: 0)
            outputs.append(
                StepOutput(
                    step: outputs.count + 1, tokens: answer,
                    isUnchanged: answer == outputs.last?.tokens, qHalt: outcome.qHalt,
                    qContinue: outcome.qContinue))
        } while !isDone(outputs[outputs.count - 1]) && outputs.count < maxSteps
        return outputs
    }
}

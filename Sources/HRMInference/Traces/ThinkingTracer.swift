public import HRMEngine
import HRMModel
public import HRMTensor

/// Solves single puzzles and records the intermediate results of each step or update.
///
/// Tracing does not change the answer: the last step's reading is bitwise equal to the answer of
/// ``PuzzleReasoner``.
public struct ThinkingTracer {
    /// The level of detail of a trace.
    public enum Detail: String, Sendable, CaseIterable {
        /// A reading after each step.
        case steps
        /// Additionally a reading after each update of either state.
        case cycles
    }

    private let model: HierarchicalReasoningModel
    private let engine: ReasoningEngine

    /// Creates a tracer for one puzzle at a time.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - workers: The threads that share the puzzle; their number affects only the time.
    public init(model: HierarchicalReasoningModel, workers: Workers = .available) {
        self.model = model
        engine = ReasoningEngine(
            model: model, batchSize: 1, workers: workers, training: false)
    }

    /// Runs the segments on a puzzle.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - puzzleIdentifier: The row of the puzzle embedding; 0 where there are no identifiers.
    ///   - detail: How closely to look.
    ///   - maxSteps: Segments at most; as many as in training unless given.
    ///   - isOver: Asked after each step whether it was the last.
    /// - Returns: What was seen.
    /// - Throws: `NonFiniteOutput` when the model's results are no numbers.
    /// - Precondition: The tokens are as many as the model's, and in its vocabulary;
    ///   `maxSteps >= 1`.
    public func trace(
        tokens: [Int32], puzzleIdentifier: Int32 = 0, detail: Detail, maxSteps: Int? = nil,
        until isOver: (ThinkingTrace.Step) -> Bool = { _ in false }
    ) throws(NonFiniteOutput) -> ThinkingTrace {
        let maxSteps = maxSteps ?? model.configuration.haltMaxSteps
        precondition(maxSteps >= 1, "\(maxSteps) steps")
        var carry = Carry(batchSize: 1, model: model)
        carry.begin(0, inputs: tokens, identifier: puzzleIdentifier, model: model)
        let recorder = UpdateRecorder(model, reads: detail == .cycles)
        var before = tokens
        var steps: [ThinkingTrace.Step] = []
        for step in 1...maxSteps {
            let outcome = engine.evaluationStep(
                &carry, maxSteps: maxSteps, observer: recorder.observer)[0]
            try engine.requireFinite(first: 1)
            let seen = recorder.take()
            let reading = ThinkingTrace.Reading(
                model.reading(of: engine.outputs.logits, sequence: 0), after: before,
                qHalt: outcome.qHalt, qContinue: outcome.qContinue)
            let taken = ThinkingTrace.Step(
                step: step, highChange: seen.segments[0].highChange,
                lowChange: seen.segments[0].lowChange, reading: reading,
                updates: Self.updates(seen.updates, after: before))
            steps.append(taken)
            before = reading.tokens
            if isOver(taken) { break }
        }
        return ThinkingTrace(
            question: tokens, vocabularySize: model.dimensions.vocabularySize, steps: steps)
    }

    /// Numbers the recorded updates of one segment.
    private static func updates(
        _ records: [UpdateRecorder.Update], after tokens: [Int32]
    ) -> [ThinkingTrace.Update] {
        var before = tokens
        var cycle = 1
        var number = 0
        return records.compactMap { record in
            guard let heads = record.heads else { return nil }
            let loop = record.updates == .low ? ThinkingTrace.Loop.fast : .slow
            number = loop == .fast ? number + 1 : 1
            let update = ThinkingTrace.Update(
                loop: loop, cycle: cycle, number: number, change: record.change,
                reading: ThinkingTrace.Reading(
                    heads.cells, after: loop == .slow ? before : heads.cells.tokens,
                    qHalt: heads.qHalt, qContinue: heads.qContinue))
            if loop == .slow {
                before = update.reading.tokens
                // This update ends its cycle.
                (cycle, number) = (cycle + 1, 0)
            }
            return update
        }
    }
}

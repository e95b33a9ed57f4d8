public import HRMEngine
import HRMModel
public import HRMTensor

/// Solves single puzzles and records the intermediate results of each step or update.
///
/// Tracing does not change the answer: the last step's reading is bitwise equal to the answer of
/// ``PuzzleStream``.
public struct ThinkingTracer {
    /// The level of detail of a trace.
    public enum Detail: String, Sendable, CaseIterable {
        /// A reading after each step.
        case steps
        /// Additionally a reading after each update of either state.
        case cycles
    }

    private let engine: any Engine

    /// Creates a tracer of an engine's model.
    ///
    /// - Parameter engine: An engine for inference with one slot.
    package init(engine: any Engine) {
        precondition(engine.slotCount == 1, "\(engine.slotCount) slots for one puzzle")
        self.engine = engine
    }

    /// Creates a tracer for one puzzle at a time.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - workers: The threads that share the puzzle; their number affects only the time.
    public init(model: HierarchicalReasoningModel, workers: Workers = .available) {
        engine = CPUEngine(model: model, slotCount: 1, workers: workers)
    }

    /// Runs the segments on a puzzle.
    ///
    /// - Parameters:
    ///   - tokens: The puzzle, `[S]`.
    ///   - puzzleIdentifier: The row of the puzzle embedding; 0 if there are no identifiers.
    ///   - detail: The level of detail.
    ///   - maxSteps: The maximum number of segments; the model's own if nil.
    ///   - search: The choices of a search, which ends at its answer.
    ///   - seed: The seed of a search's pins.
    ///   - isOver: Returns true if the given step is the last one.
    /// - Returns: The trace.
    /// - Throws: `NonFiniteOutput` if logits are not finite.
    /// - Precondition: There are as many tokens as the model's sequence length, all in its
    ///   vocabulary; `maxSteps >= 1`.
    public func trace(
        tokens: [Int32], puzzleIdentifier: Int32 = 0, detail: Detail, maxSteps: Int? = nil,
        search: SearchOptions = SearchOptions(), seed: UInt64 = 0,
        until isOver: (ThinkingTrace.Step) -> Bool = { _ in false }
    ) throws(NonFiniteOutput) -> ThinkingTrace {
        let maxSteps = maxSteps ?? engine.configuration.haltMaxSteps
        precondition(maxSteps >= 1, "\(maxSteps) steps")
        let recorder = UpdateRecorder(engine, reads: detail == .cycles)
        var attempts = [
            ContinuousBatch.Attempt(
                key: .init(puzzle: 0), tokens: tokens, identifier: puzzleIdentifier,
                maxSteps: maxSteps, search: search,
                pins: SolveJob.pins(
                    solving: .init(tokens: tokens, identifier: puzzleIdentifier), seed: seed))
        ]
        var before = tokens
        var steps: [ThinkingTrace.Step] = []
        var isFinite = true
        var batch = ContinuousBatch(engine: engine)
        batch.run(
            next: { _ in attempts.popLast().map { .next($0) } ?? .end }, observer: recorder.observer
        ) {
            progress in
            guard progress.isFinite else {
                isFinite = false
                return .stop
            }
            let seen = recorder.take()
            var cells = engine.readout(of: 0)
            // The answer of a search is its state, not what the model would choose.
            if progress.event != nil { cells.tokens = progress.answer }
            let reading = ThinkingTrace.Reading(
                cells, after: before, qHalt: progress.qHalt, qContinue: progress.qContinue)
            let step = ThinkingTrace.Step(
                step: progress.steps, highChange: seen.segments[0].highChange,
                lowChange: seen.segments[0].lowChange, reading: reading,
                updates: Self.updates(seen.updates, after: before), event: progress.event)
            steps.append(step)
            before = reading.tokens
            return isOver(step) ? .stop : .proceed
        }
        guard isFinite else { throw engine.nonFiniteOutput }
        return ThinkingTrace(
            question: tokens, vocabularySize: engine.dimensions.vocabularySize, steps: steps)
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

import HRMEngine
import HRMModel

/// The steps of requests that are traced, recorded while all of a batch are computed.
///
/// Nothing is recorded while no request wants it.
final class StepRecorder {
    private let engine: any Engine
    private let recorder: UpdateRecorder
    private let isWanted = WantedFlag()
    private var segments: [Int: UpdateRecorder.Segment]?
    /// The tokens of the last step of each traced attempt.
    private var before: [ContinuousBatch.Key: [Int32]] = [:]

    /// Creates a recorder for an engine.
    init(_ engine: any Engine) {
        self.engine = engine
        recorder = UpdateRecorder(engine, reads: false)
    }

    /// The observer to be passed to the engine.
    var observer: SegmentObserver {
        let (inner, isWanted) = (recorder.observer, isWanted)
        return { if isWanted.isSet { inner($0) } }
    }

    /// Prepares the next segment.
    ///
    /// - Parameter isWanted: True if its steps are recorded.
    func begin(isWanted: Bool) {
        // Records that nobody has read, since their requests were cancelled.
        if segments == nil, self.isWanted.isSet { _ = recorder.take() }
        segments = nil
        self.isWanted.isSet = isWanted
        if !isWanted { before = [:] }
    }

    /// Returns the step of a slot; nil if the last segment was not recorded.
    ///
    /// - Parameters:
    ///   - progress: The state of the slot's attempt.
    ///   - question: The puzzle.
    ///   - keepsOutputs: True to copy the model's outputs.
    /// - Returns: The step.
    func step(
        _ progress: ContinuousBatch.Progress, of question: [Int32], keepsOutputs: Bool
    ) -> TracedStep? {
        guard isWanted.isSet else { return nil }
        let segments =
            segments
            ?? Dictionary(
                recorder.take().segments.map { ($0.slot, $0) }, uniquingKeysWith: { $1 })
        self.segments = segments
        guard let segment = segments[progress.slot] else { return nil }
        var cells = engine.readout(of: progress.slot)
        // A search's answer is the state of its candidates, not the output of a single segment.
        if progress.search != nil { cells.tokens = progress.answer }
        let reading = ThinkingTrace.Reading(
            cells, after: before[progress.key] ?? question, qHalt: progress.qHalt,
            qContinue: progress.qContinue)
        before[progress.key] = progress.isLast ? nil : reading.tokens
        return TracedStep(
            attempt: progress.key.attempt,
            step: ThinkingTrace.Step(
                step: progress.steps, highChange: segment.highChange,
                lowChange: segment.lowChange, reading: reading, updates: []),
            event: progress.event, candidates: progress.search?.candidates,
            pins: progress.search?.pins ?? 0,
            outputs: keepsOutputs
                ? engine.withLogits(of: progress.slot) { logits in logits.indices.map { logits[$0] }
                }
                : nil)
    }
}

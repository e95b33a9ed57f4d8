import HRMEngine
import HRMModel
import HRMTensor
import Synchronization

/// Observes segments and records the relative change of the states for each update and for the
/// whole segment.
///
/// On request it also records the output of the heads after each update. Several workers report
/// concurrently, each about its own slots. States are stored only for micro-batches within a
/// segment.
final class UpdateRecorder: Sendable {
    /// One update of one slot.
    struct Update: Sendable {
        var slot: Int
        /// The index of the application within the segment, starting at 0.
        var application: Int
        var updates: ModuleApplication.Update
        /// The relative change of the updated state.
        var change: Double
        /// The output of the heads; nil unless requested.
        var heads: (cells: TokenReadout, qHalt: Float, qContinue: Float)?
    }

    /// A complete segment of one slot.
    struct Segment: Sendable {
        var slot: Int
        /// The relative change of `z_H`.
        var highChange: Double
        /// The relative change of `z_L`; nil for models without a fast state.
        var lowChange: Double?
    }

    private struct Watched: Sendable {
        /// The states at the start of the segment.
        var start: (high: [Float], low: [Float])
        /// The states after the preceding update.
        var before: (high: [Float], low: [Float])
    }

    private struct State {
        /// The micro-batches within a segment, by their first slot.
        var watched: [Int: Watched] = [:]
        var updates: [Update] = []
        var segments: [Segment] = []
    }

    private let configuration: HRMConfiguration
    private let dimensions: PuzzleDimensions
    private let prefixLength: Int
    private let reads: Bool
    private let schedule: SegmentSchedule
    private let state = Mutex(State())

    /// - Parameters:
    ///   - engine: The engine to be observed.
    ///   - reads: True to record the output of the heads after each update.
    init(_ engine: any Engine, reads: Bool) {
        self.reads = reads
        configuration = engine.configuration
        dimensions = engine.dimensions
        prefixLength = engine.configuration.prefixLength
        schedule = engine.configuration.schedule
    }

    /// The observer to be passed to the engine.
    var observer: SegmentObserver { { self.observe($0) } }

    /// Returns the records since the last call, ordered by slot and time.
    func take() -> (updates: [Update], segments: [Segment]) {
        let (updates, segments) = state.withLock { state in
            defer { state = State() }
            return (state.updates, state.segments)
        }
        return (
            updates.sorted { ($0.slot, $0.application) < ($1.slot, $1.application) },
            segments.sorted { $0.slot < $1.slot }
        )
    }

    private func observe(_ moment: SegmentMoment) {
        let key = moment.slots.lowerBound
        guard let updates = moment.updates else {
            let states = (high: moment.high.values, low: moment.low.values)
            state.withLock { $0.watched[key] = Watched(start: states, before: states) }
            return
        }
        // Only one worker accesses this micro-batch, so the lock need not be held.
        guard var watched = state.withLock({ $0.watched.removeValue(forKey: key) }) else {
            preconditionFailure("an update of a segment that has not begun")
        }
        let isFast = updates == .low
        let before = isFast ? watched.before.low : watched.before.high
        let after = isFast ? moment.low.values : moment.high.values
        if isFast { watched.before.low = after } else { watched.before.high = after }
        let heads = reads ? moment.readHeads() : nil
        let records = moment.slots.enumerated().map { index, slot in
            Update(
                slot: slot, application: moment.applications - 1, updates: updates,
                change: Self.change(from: before, to: after, of: index, among: moment.slots.count),
                heads: heads.map {
                    (
                        readout(of: $0.logits, sequence: index), $0.qLogits[index, 0],
                        $0.qLogits[index, 1]
                    )
                })
        }
        let isLast = moment.applications == schedule.applications.count
        let segments = isLast ? segments(of: moment.slots, watched) : []
        state.withLock { state in
            state.updates += records
            state.segments += segments
            if !isLast { state.watched[key] = watched }
        }
    }

    /// Summarizes one of several sequences' logits, `[n·T, V]`.
    private func readout(of logits: Matrix, sequence: Int) -> TokenReadout {
        let outputs = configuration.outputCount(vocabularySize: dimensions.vocabularySize)
        let positions = prefixLength + dimensions.sequenceLength
        let first = (sequence * positions + prefixLength) * outputs
        return logits.withValues { logits in
            TokenReadout(
                logits.extracting(first..<(first + dimensions.sequenceLength * outputs)),
                configuration: configuration, vocabularySize: dimensions.vocabularySize)
        }
    }

    private func segments(of slots: Range<Int>, _ watched: Watched) -> [Segment] {
        let (start, end) = (watched.start, watched.before)
        return slots.enumerated().map { index, slot in
            Segment(
                slot: slot,
                highChange: Self.change(
                    from: start.high, to: end.high, of: index, among: slots.count),
                lowChange: schedule.updatesLow
                    ? Self.change(from: start.low, to: end.low, of: index, among: slots.count)
                    : nil)
        }
    }

    /// Returns the relative change of the state of one of several sequences.
    private static func change(
        from before: [Float], to after: [Float], of index: Int, among count: Int
    ) -> Double {
        let length = after.count / count
        return StateChange.relative(
            from: before, to: after, elements: (index * length)..<((index + 1) * length))
    }
}

import HRMModel
import HRMTensor
import Synchronization

/// Watches segments and remembers how far they move the states: each update, and the segment as a whole.
///
/// Where it is asked to read, it remembers also what the heads say after each update.
///
/// Several workers report to it at the same time, each about its own slots. It holds states of those
/// micro-batches alone that are in the midst of a segment.
final class UpdateRecorder: Sendable {
    /// One update of one slot.
    struct Update: Sendable {
        var slot: Int
        /// Which application of the segment it was, from 0.
        var application: Int
        var updates: ModuleApplication.Update
        /// How far the state moved that was replaced.
        var change: Double
        /// What the heads say; nil where nobody asked.
        var heads: (cells: CellReading, qHalt: Float, qContinue: Float)?
    }

    /// A segment of one slot, from its beginning to its end.
    struct Segment: Sendable {
        var slot: Int
        /// How far `z_H` moved.
        var highChange: Double
        /// How far `z_L` moved; nil in a model without a fast state.
        var lowChange: Double?
    }

    private struct Watched: Sendable {
        /// When the segment began.
        var start: (high: [Float], low: [Float])
        /// One moment ago.
        var before: (high: [Float], low: [Float])
    }

    private struct State {
        /// The micro-batches in the midst of a segment, by their first slot.
        var watched: [Int: Watched] = [:]
        var updates: [Update] = []
        var segments: [Segment] = []
    }

    private let model: HierarchicalReasoningModel
    private let reads: Bool
    private let schedule: SegmentSchedule
    private let state = Mutex(State())

    /// - Parameters:
    ///   - model: The model that is watched.
    ///   - reads: Whether the heads are read after each update.
    init(_ model: HierarchicalReasoningModel, reads: Bool) {
        self.model = model
        self.reads = reads
        schedule = model.configuration.schedule
    }

    /// What the engine is to be given.
    var observer: SegmentObserver { { self.look($0) } }

    /// What has been seen since the last call, ordered by slot and time.
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

    private func look(_ moment: SegmentMoment) {
        let key = moment.slots.lowerBound
        guard let updates = moment.updates else {
            let states = (high: moment.high.values, low: moment.low.values)
            state.withLock { $0.watched[key] = Watched(start: states, before: states) }
            return
        }
        // Nobody else asks for this micro-batch meanwhile, so the lock need not be held.
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
                        model.reading(of: $0.logits, sequence: index), $0.qLogits[index, 0],
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

    /// How far the state of one of several sequences moved.
    private static func change(
        from before: [Float], to after: [Float], of index: Int, among count: Int
    ) -> Double {
        let length = after.count / count
        return StateChange.relative(
            from: before, to: after, elements: (index * length)..<((index + 1) * length))
    }
}

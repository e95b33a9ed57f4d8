public import Foundation
public import HRMFiles

extension MetricsHistory {
    /// Reads the numbers of an event file, whichever program wrote it.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - pointLimit: Points of a series at most, at least 2; it bounds the memory.
    /// - Throws: ``EventFileError``; too many names, and steps that no run has, are damage too.
    public init(
        eventsOf url: URL, pointLimit: Int = defaultPointLimit
    ) throws(EventFileError) {
        try self.init(eventsOf: [url], pointLimit: pointLimit)
    }

    /// Reads the numbers of a run's event files, one after the other.
    ///
    /// A session that begins with a step replaces what was written before about this step and later
    /// ones, as in TensorBoard.
    ///
    /// - Parameters:
    ///   - urls: The files in the order in which they were written.
    ///   - pointLimit: Points of a series at most, at least 2; it bounds the memory.
    /// - Throws: ``EventFileError``; too many names, and steps that no run has, are damage too.
    public init(
        eventsOf urls: [URL], pointLimit: Int = defaultPointLimit
    ) throws(EventFileError) {
        self.init(pointLimit: pointLimit)
        let sessions = try EventSessions(of: urls)
        var session = 0
        for url in urls {
            var reader = try EventFileReader(contentsOf: url)
            var start = 0
            while let event = try reader.next() {
                defer { start = reader.byteCount }
                if event.content == .sessionStart { session += 1 }
                guard case .summary(let values) = event.content else { continue }
                func damage(_ reason: String) -> EventFileError {
                    .damaged(path: url.path, byte: start, reason: reason)
                }
                guard Self.steps.contains(event.step) else {
                    throw damage("its step is \(event.step), which no run has")
                }
                guard sessions.keeps(event.step, of: session) else { continue }
                for value in values {
                    guard case .scalar(let number) = value.kind else { continue }
                    guard let place = place(of: value.tag) else {
                        throw damage(
                            "it has one metric more than \(Self.nameLimit), which no run has")
                    }
                    append(Double(number), step: event.step, place: place)
                }
            }
            isTruncated = reader.isTruncated
        }
    }

    /// Steps that can be drawn: every whole number between them is a double.
    private static let steps = -(1 << 53)...(1 << 53)
}

/// Which steps the sessions of a run's event files begin with.
private struct EventSessions {
    /// For each session, the least step with which one behind it begins.
    private var ends: [Int] = []

    /// More sessions than this are counted as one.
    private static let most = 1 << 16

    init(of urls: [URL]) throws(EventFileError) {
        // What stands in front of the first start is a session too.
        var starts = [Int.min]
        for url in urls {
            var reader = try EventFileReader(contentsOf: url)
            while let event = try reader.next() {
                if event.content == .sessionStart, starts.count < Self.most {
                    starts.append(event.step)
                }
            }
        }
        ends = starts
        var least = Int.max
        for session in starts.indices.reversed() {
            ends[session] = least
            least = min(least, starts[session])
        }
    }

    /// Whether a step of a session was not given up by a later one.
    func keeps(_ step: Int, of session: Int) -> Bool {
        step < ends[min(session, ends.count - 1)]
    }
}

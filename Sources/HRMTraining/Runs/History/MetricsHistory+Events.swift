package import Foundation
package import HRMFiles

extension MetricsHistory {
    /// Reads the numbers of an event file written by any program.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - pointLimit: The maximum number of points per series, at least 2; it bounds the memory.
    /// - Throws: `EventFileError`; too many names and impossible steps count as damage.
    package init(
        eventsOf url: URL, pointLimit: Int = defaultPointLimit
    ) throws(EventFileError) {
        try self.init(eventsOf: [url], pointLimit: pointLimit)
    }

    /// Reads the numbers of a run's event files in order.
    ///
    /// A session start at a step replaces earlier records of this and later steps, as in
    /// TensorBoard.
    ///
    /// - Parameters:
    ///   - urls: The files in the order in which they were written.
    ///   - pointLimit: The maximum number of points per series, at least 2; it bounds the memory.
    /// - Throws: `EventFileError`; too many names and impossible steps count as damage.
    package init(
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

    /// The possible steps: all integers in this range are exact as `Double`.
    private static let steps = -(1 << 53)...(1 << 53)
}

/// The first steps of the sessions in a run's event files.
private struct EventSessions {
    /// For each session, the smallest first step of any later session.
    private var ends: [Int] = []

    /// The maximum number of sessions counted separately.
    private static let most = 1 << 16

    init(of urls: [URL]) throws(EventFileError) {
        // Records before the first session start form a session, too.
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

    /// Returns whether a step of a session was not replaced by a later session.
    func keeps(_ step: Int, of session: Int) -> Bool {
        step < ends[min(session, ends.count - 1)]
    }
}

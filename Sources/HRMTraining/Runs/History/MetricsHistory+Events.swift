public import Foundation

extension MetricsHistory {
    /// Reads the numbers of an event file, whichever program wrote it.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - pointLimit: Points of a series at most, at least 2; it bounds the memory.
    /// - Throws: ``EventFileError``; too many names are damage too.
    public init(
        eventsOf url: URL, pointLimit: Int = defaultPointLimit
    ) throws(EventFileError) {
        self.init(pointLimit: pointLimit)
        var reader = try EventFileReader(contentsOf: url)
        var start = 0
        while let event = try reader.next() {
            defer { start = reader.byteCount }
            guard case .summary(let values) = event.content else { continue }
            for value in values {
                guard case .scalar(let number) = value.kind else { continue }
                guard let place = place(of: value.tag) else {
                    throw .damaged(
                        path: url.path, byte: start,
                        reason: "it has one metric more than \(Self.nameLimit), which no run has")
                }
                append(Double(number), step: event.step, place: place)
            }
        }
        isTruncated = reader.isTruncated
    }
}

/// Finds the first stop text in text that arrives in pieces.
///
/// Text that may be the beginning of a stop text is held back until further text decides it.
struct StopTextFilter {
    private let stops: [[UInt8]]
    private var pending: [UInt8] = []
    /// True as soon as a stop text was found.
    private(set) var isStopped = false

    /// - Parameter stops: The stop texts; empty ones have no effect.
    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Returns the text before a stop text that is certain after a further piece.
    mutating func append(_ piece: String) -> String {
        guard !isStopped else { return "" }
        guard !stops.isEmpty else { return piece }
        pending.append(contentsOf: piece.utf8)
        var end = pending.indices.first { start in
            stops.contains { pending[start...].starts(with: $0) }
        }
        isStopped = end != nil
        // The longest end of the text that begins a stop text.
        end =
            end
            ?? pending.indices.first { start in
                stops.contains { $0.starts(with: pending[start...]) }
            }
        let text = String(decoding: pending[..<(end ?? pending.count)], as: UTF8.self)
        pending = isStopped ? [] : Array(pending[(end ?? pending.count)...])
        return text
    }

    /// Returns the text that was held back and is not part of a stop text.
    mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}

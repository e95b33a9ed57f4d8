import Synchronization

/// The work that a server accepts at the same time.
struct LoadLimits: Sendable {
    /// Puzzles that are solved or wait for their turn.
    var puzzles = 8192
    /// Streams of events.
    var streams = 256
    /// Tasks that are learned or wait for their turn.
    var learning = 8
    /// The time of a request in seconds, except for streams.
    var requestSeconds = 120.0
    /// The time of a learned task in minutes.
    var learningMinutes = 30.0
}

/// The work that a server does at present.
final class ServerLoad: Sendable {
    /// A kind of work.
    enum Kind: String, Sendable, CaseIterable {
        case puzzles
        case streams
        case learning
    }

    private struct Counts {
        var values: [Kind: Int] = [:]
        var answered = 0
    }

    /// The limits.
    let limits: LoadLimits
    private let counts = Mutex(Counts())

    /// - Parameter limits: The limits.
    init(_ limits: LoadLimits) {
        self.limits = limits
    }

    /// Returns the amount of a kind of work.
    func count(of kind: Kind) -> Int { counts.withLock { $0.values[kind] ?? 0 } }

    /// The number of requests that were answered.
    var answered: Int { counts.withLock { $0.answered } }

    /// Counts an answered request.
    func countAnswer() { counts.withLock { $0.answered += 1 } }

    /// Does work if it is within the limits.
    ///
    /// - Parameters:
    ///   - count: The amount.
    ///   - kind: The kind.
    ///   - isolation: The isolation of the caller.
    ///   - body: The work.
    /// - Returns: The result of `body`.
    /// - Throws: ``HTTPError`` if there is too much work; the error of `body`.
    func with<Result>(
        _ count: Int = 1, _ kind: Kind, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try acquire(count, kind)
        defer { release(count, kind) }
        return try await body()
    }

    fileprivate func acquire(_ count: Int, _ kind: Kind) throws(HTTPError) {
        let isAccepted = counts.withLock { counts in
            let sum = (counts.values[kind] ?? 0) + count
            guard sum <= limit(of: kind) else { return false }
            counts.values[kind] = sum
            return true
        }
        guard isAccepted else {
            throw HTTPError(
                .serviceUnavailable, "the server has as many \(kind.rawValue) as it accepts",
                at: "server", remedy: "try again later", retryAfter: kind == .learning ? 30 : 2)
        }
    }

    fileprivate func release(_ count: Int, _ kind: Kind) {
        counts.withLock { $0.values[kind, default: 0] -= count }
    }

    private func limit(of kind: Kind) -> Int {
        switch kind {
        case .puzzles: limits.puzzles
        case .streams: limits.streams
        case .learning: limits.learning
        }
    }
}

extension ServerLoad {
    /// A place within the limits, held until it is released or forgotten.
    final class Place: Sendable {
        private let load: ServerLoad
        private let kinds: Mutex<[Kind]>

        fileprivate init(_ load: ServerLoad, _ kinds: [Kind]) {
            self.load = load
            self.kinds = Mutex(kinds)
        }

        deinit { release() }

        /// Gives the place back; once is enough.
        func release() {
            let kinds = kinds.withLock { kinds in
                defer { kinds = [] }
                return kinds
            }
            for kind in kinds { load.release(1, kind) }
        }
    }

    /// Takes a place of each kind.
    ///
    /// - Throws: ``HTTPError`` if there is too much work.
    func place(_ kinds: [Kind]) throws(HTTPError) -> Place {
        var taken: [Kind] = []
        for kind in kinds {
            do {
                try acquire(1, kind)
            } catch {
                for kind in taken { release(1, kind) }
                throw error
            }
            taken.append(kind)
        }
        return Place(self, taken)
    }
}

/// Work that is cancelled after a time.
enum TimeLimit {
    /// Runs a closure.
    ///
    /// - Parameters:
    ///   - seconds: The time after which it is cancelled.
    ///   - body: The work.
    /// - Returns: The result of `body`.
    /// - Throws: ``HTTPError`` if the time is over; the error of `body`.
    static func run<Result: Sendable>(
        seconds: Double, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else {
                throw HTTPError(
                    .serviceUnavailable, "the request took longer than \(Int(seconds)) seconds",
                    at: "server", remedy: "ask for less at once", retryAfter: 10)
            }
            return result
        }
    }
}

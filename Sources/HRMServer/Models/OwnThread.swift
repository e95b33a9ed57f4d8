import HRMTensor

/// Work that occupies a thread of its own, so that no other task waits for it.
enum OwnThread {
    /// Runs a closure on a new thread.
    ///
    /// - Throws: The error of `body`; ``HTTPError`` if the system has no thread.
    static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let hasStarted = DetachedThread.start {
                continuation.resume(with: Swift.Result { try body() })
            }
            if !hasStarted {
                continuation.resume(
                    throwing: HTTPError(
                        .serviceUnavailable, "the system has no thread", at: "server",
                        remedy: "try again later", retryAfter: 5))
            }
        }
    }
}

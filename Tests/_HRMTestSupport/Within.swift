/// The error for work that has not ended in time.
public struct TimeIsUp: Error, CustomStringConvertible {
    /// One sentence that states the problem.
    public var description: String { "the work has not ended in time; it seems to wait for ever" }
}

/// Waits for work with a time limit, so that a test fails instead of blocking.
///
/// The work runs in an unstructured task, which may outlive this call; a child task would have to
/// be awaited.
///
/// - Parameters:
///   - limit: A limit far above the usual duration.
///   - work: The work.
/// - Returns: The result of `work`.
/// - Throws: ``TimeIsUp``, or the error of `work`.
public func within<Value: Sendable>(
    _ limit: Duration = .seconds(240), _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let (values, continuation) = AsyncThrowingStream<Value, any Error>.makeStream()
    let working = Task {
        do {
            continuation.yield(try await work())
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }
    let clock = Task {
        try await Task.sleep(for: limit)
        continuation.finish(throwing: TimeIsUp())
    }
    defer {
        working.cancel()
        clock.cancel()
    }
    for try await value in values { return value }
    throw TimeIsUp()
}

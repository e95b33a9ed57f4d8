/// Work that has not ended in time.
public struct TimeIsUp: Error, CustomStringConvertible {
    /// One sentence.
    public var description: String { "the work has not ended in time; it seems to wait for ever" }
}

/// Waits for work, but not for ever: a test whose answer never comes fails, rather than to hang.
///
/// The work is a task of its own, which may outlive this call; a child would be waited for.
///
/// - Parameters:
///   - limit: Far longer than the work ever takes.
///   - work: The work.
/// - Returns: What `work` returns.
/// - Throws: ``TimeIsUp``, or what `work` throws.
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

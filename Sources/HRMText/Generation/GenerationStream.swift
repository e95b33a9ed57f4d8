/// The events of answers in progress.
public struct GenerationStream: AsyncSequence, Sendable {
    private let events: AsyncThrowingStream<GenerationEvent, any Error>

    init(
        _ build: (AsyncThrowingStream<GenerationEvent, any Error>.Continuation) -> Void
    ) {
        events = AsyncThrowingStream(GenerationEvent.self, build)
    }

    /// Returns an iterator; a stream has one reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(base: events.makeAsyncIterator())
    }

    /// The iterator of a stream.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncThrowingStream<GenerationEvent, any Error>.AsyncIterator

        /// Returns the next event; nil after the last answer, or as soon as the task is cancelled.
        ///
        /// - Throws: An error that ended all answers.
        public mutating func next() async throws -> GenerationEvent? {
            try await base.next()
        }
    }
}

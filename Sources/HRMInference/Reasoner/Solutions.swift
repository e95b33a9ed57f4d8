/// Solutions in the order of their questions, delivered while later questions are still in
/// progress.
///
/// Iteration starts the computation, which runs ahead of the reader by a limited number of
/// questions. It ends when the reading task is cancelled or the iterator is released.
public struct Solutions<Value: Sendable>: AsyncSequence, Sendable {
    /// A solution, or the reason the question was refused.
    public typealias Element = Result<Value, ReasonerError>
    /// Iteration never throws: an invalid question does not affect the others.
    public typealias Failure = Never

    /// Starts the computation of the next question; returns nil if there is none.
    typealias Beginning = () -> Task<Element?, Never>?

    private let limit: Int
    private let start: @Sendable () -> Beginning

    /// - Parameters:
    ///   - limit: The maximum number of questions in progress or with unread solutions.
    ///   - start: Starts the iteration at the first question.
    init(limit: Int, start: @escaping @Sendable () -> Beginning) {
        self.limit = limit
        self.start = start
    }

    /// Returns an iterator that starts at the first question.
    public func makeAsyncIterator() -> Iterator {
        Iterator(Window(limit: limit, begin: start()))
    }

    /// An iterator over solutions.
    public struct Iterator: AsyncIteratorProtocol {
        private let window: Window

        fileprivate init(_ window: Window) {
            self.window = window
        }

        /// Returns the next solution.
        ///
        /// - Parameter actor: The isolation of the caller.
        /// - Returns: The solution; nil after the last question, or if the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Element? {
            guard let tasks = window.filled() else { return nil }
            return await withTaskCancellationHandler {
                await tasks[0].value
            } onCancel: {
                for task in tasks { task.cancel() }
            }
        }

        /// Returns the next solution; nil after the last question, or if the task is cancelled.
        public mutating func next() async -> Element? { await next(isolation: nil) }
    }

    /// The questions that are in progress or whose solutions are unread.
    fileprivate final class Window {
        private let limit: Int
        private let begin: Beginning
        private var tasks: [Task<Element?, Never>] = []

        init(limit: Int, begin: @escaping Beginning) {
            self.limit = limit
            self.begin = begin
        }

        deinit {
            for task in tasks { task.cancel() }
        }

        /// Starts as many questions as the limit allows, and removes the first.
        ///
        /// - Returns: All tasks in order; nil if there are none.
        func filled() -> [Task<Element?, Never>]? {
            while tasks.count < limit, let task = begin() { tasks.append(task) }
            guard !tasks.isEmpty else { return nil }
            defer { tasks.removeFirst() }
            return tasks
        }
    }
}

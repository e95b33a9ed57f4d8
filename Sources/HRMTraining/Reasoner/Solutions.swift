/// Solutions that come one by one, in the order of their questions, while others are being thought
/// about.
///
/// Reading begins the computation, ahead of the reader by a limited number of questions. It ends when
/// the reading task is cancelled, or its iterator is gone.
public struct Solutions<Value: Sendable>: AsyncSequence, Sendable {
    /// A solution, or why the question was none.
    public typealias Element = Result<Value, ReasonerError>
    /// Nothing is thrown: what is wrong with one question is no matter of the others.
    public typealias Failure = Never

    /// Begins to think about the next question; gives nil when there is none.
    typealias Beginning = () -> Task<Element?, Never>?

    private let limit: Int
    private let start: @Sendable () -> Beginning

    /// - Parameters:
    ///   - limit: Questions at the same time, those included whose solutions are not yet read.
    ///   - start: Begins with the first question.
    init(limit: Int, start: @escaping @Sendable () -> Beginning) {
        self.limit = limit
        self.start = start
    }

    /// Solutions from the first question on.
    public func makeAsyncIterator() -> Iterator {
        Iterator(Window(limit: limit, begin: start()))
    }

    /// Reads solutions.
    public struct Iterator: AsyncIteratorProtocol {
        private let window: Window

        fileprivate init(_ window: Window) {
            self.window = window
        }

        /// The next solution.
        ///
        /// - Parameter actor: Where the caller is.
        /// - Returns: The solution; nil when there are no more questions, or the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Element? {
            guard let tasks = window.filled() else { return nil }
            return await withTaskCancellationHandler {
                await tasks[0].value
            } onCancel: {
                for task in tasks { task.cancel() }
            }
        }

        /// The next solution; nil when there are no more questions, or the task is cancelled.
        public mutating func next() async -> Element? { await next(isolation: nil) }
    }

    /// The questions that are being thought about, and those whose solutions are not yet read.
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

        /// Begins with as many questions as there is room for, and takes out the first.
        ///
        /// - Returns: All tasks, the first one first; nil when there are none.
        func filled() -> [Task<Element?, Never>]? {
            while tasks.count < limit, let task = begin() { tasks.append(task) }
            guard !tasks.isEmpty else { return nil }
            defer { tasks.removeFirst() }
            return tasks
        }
    }
}

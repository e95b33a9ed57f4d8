import HRMData

/// Reasons why a question has no answer.
public enum ReasonerError: Error, Equatable, Sendable {
    /// Another number of tokens than the model has cells.
    case wrongLength(found: Int, expected: Int)
    /// A token outside of the model's vocabulary.
    case unknownToken(Int32, cell: Int, vocabularySize: Int)
    /// A row that the puzzle embedding does not have.
    case unknownIdentifier(Int32, count: Int)
    /// A text for a model of which nobody knows how its puzzles are written.
    case unknownTask
    /// A text that is no puzzle of the model's task, or one that cannot have an answer.
    case notAPuzzle(reason: String)
    /// The system has no thread left to think on.
    case noThread
}

extension ReasonerError: CustomStringConvertible {
    /// One sentence: what is wrong, where, and how to mend it.
    public var description: String {
        switch self {
        case .wrongLength(let found, let expected):
            "the question has \(found.counted("token")), the model takes \(expected); ask with one token for "
                + "each cell"
        case .unknownToken(let token, let cell, let vocabularySize):
            "the token \(token) of cell \(cell) is unknown; the model's tokens are 0 to "
                + "\(vocabularySize - 1)"
        case .unknownIdentifier(let identifier, let count):
            "the puzzle identifier \(identifier) is unknown; the model's are 0 to \(count - 1)"
        case .unknownTask:
            "the model's file does not say which puzzle it is for; ask with tokens"
        case .notAPuzzle(let reason): reason
        case .noThread:
            "the system starts no further thread; end other programs, or raise the limit of processes or "
                + "of memory"
        }
    }
}

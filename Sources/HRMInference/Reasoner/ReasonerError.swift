public import HRMEngine
import HRMFiles
import HRMModel

/// The reason a question has no answer.
public enum ReasonerError: Error, Equatable, Sendable {
    /// The number of tokens differs from the model's sequence length.
    case wrongLength(found: Int, expected: Int)
    /// A token is outside the model's vocabulary.
    case unknownToken(Int32, cell: Int, vocabularySize: Int)
    /// The puzzle embedding has no such row.
    case unknownIdentifier(Int32, count: Int)
    /// The model's task is unknown, so puzzle text cannot be parsed.
    case unknownTask
    /// The text is not a puzzle of the model's task, or the puzzle cannot have an answer.
    case notAPuzzle(reason: String)
    /// Logits of the model are not finite.
    case nonFiniteOutput(NonFiniteOutput)
    /// The system could not start another thread.
    case noThread
}

extension ReasonerError: CustomStringConvertible {
    /// One sentence that states the problem, its position and the remedy.
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
        case .nonFiniteOutput(let error): error.description
        case .noThread:
            "the system starts no further thread; end other programs, or raise the limit of processes or "
                + "of memory"
        }
    }
}

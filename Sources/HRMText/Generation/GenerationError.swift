import HRMFiles

/// The reason no text could be generated or scored.
public enum GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting is outside its range.
    case setting(name: String, value: String, range: String)
    /// The prompt leaves no room for an answer in the context.
    case promptTooLong(tokens: Int, context: Int)
    /// The model has no token that is needed.
    case missingToken(String)
    /// A condition is unknown.
    case unknownCondition(String)
    /// The vocabularies of model and tokenizer do not fit together.
    case vocabulary(tokenizer: Int, model: Int)
    /// Keys and values of the context would need more memory than the machine has.
    case memory(gigabytes: Int, context: Int, rows: Int)
    /// The model's logits are not finite.
    case notFinite
    /// The session refused tokens.
    case session(TextSessionError)
    /// The system has no thread for the work.
    case noThread

    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .setting(let name, let value, let range): "\(name) is \(value); use \(range)"
        case .promptTooLong(let tokens, let context):
            "the prompt has \(tokens) tokens, which leave no room for an answer in a context of "
                + "\(context); shorten it, or allow a longer context"
        case .missingToken(let name):
            "the tokenizer has no token '\(name)', which the prompt needs; use the model's own "
                + "tokenizer.json"
        case .unknownCondition(let name):
            "'\(name)' is no condition; use some of "
                + PromptCondition.allCases.map(\.rawValue).joined(separator: ", ")
                + ", separated by commas"
        case .vocabulary(let tokenizer, let model):
            "the tokenizer has \(tokenizer) tokens, the model \(model); use the model's own "
                + "tokenizer.json"
        case .memory(let gigabytes, let context, let rows):
            "a context of \(context) tokens needs \(gigabytes) GB for "
                + "\(rows.counted("answer")) at the same time, more than this machine has; allow "
                + "a shorter context or fewer answers"
        case .notFinite:
            "the model's output is not finite; use float32, or check the weights"
        case .session(let error): "\(error)"
        case .noThread: "the system has no thread for the work; raise the limit of processes"
        }
    }
}

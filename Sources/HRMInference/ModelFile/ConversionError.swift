import HRMFiles

/// The reason weights could not be converted to a model.
public enum ConversionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Two tensors have the same name once their prefixes are removed.
    case ambiguousName(path: String, name: String)
    /// The sequence length cannot be determined from the weights.
    case unknownSequenceLength(path: String, vocabularySize: Int)
    /// The requested sequence length contradicts the weights.
    case otherSequenceLength(path: String, expected: Int, found: Int)
    /// The sequence length exceeds the limit of this package.
    case sequenceTooLong(length: Int, limit: Int)
    /// A tensor has the wrong number of axes, or is too large.
    case unusableTensor(path: String, name: String, shape: [Int])
    /// A dictionary was requested from a file that contains none.
    case noDictionaries(path: String)
    /// The model has no puzzle embedding that could be reset.
    case noPuzzleEmbedding(path: String)
    /// The puzzle embedding for the data set's identifiers does not fit into memory.
    case tooManyIdentifiers(rows: Int, columns: Int)

    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .ambiguousName(let path, let name):
            "\(path) has two tensors that are both '\(name.shown)' without their prefixes"
        case .unknownSequenceLength(let path, let vocabularySize):
            "\(path) does not tell how many tokens a puzzle has, and no puzzle of the reference has "
                + "a vocabulary of \(vocabularySize); name its data folder, or give the sequence "
                + "length"
        case .otherSequenceLength(let path, let expected, let found):
            "\(path) has positions for a sequence length of \(expected), not \(found)"
        case .sequenceTooLong(let length, let limit):
            "a puzzle of \(length) tokens is too long; at most \(limit) are accepted"
        case .unusableTensor(let path, let name, let shape):
            "\(path): '\(name.shown)' has shape \(shape), which is that of no model"
        case .noDictionaries(let path):
            "\(path) is a safetensors file, which has no dictionaries to choose from; leave out "
                + "--state-dict"
        case .noPuzzleEmbedding(let path):
            "\(path) has no puzzle embedding, so there is none to reset"
        case .tooManyIdentifiers(let rows, let columns):
            "num_puzzle_identifiers=\(rows) rows of \(columns) numbers are more than this machine "
                + "has memory for; look whether dataset.json is right"
        }
    }
}

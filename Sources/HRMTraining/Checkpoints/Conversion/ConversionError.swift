import HRMFiles

/// Why weights could not be made a model.
public enum ConversionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Two names are the same without their prefixes.
    case ambiguousName(path: String, name: String)
    /// The number of tokens in a puzzle is not to be found in the weights.
    case unknownSequenceLength(path: String, vocabularySize: Int)
    /// A number that is asked for contradicts the weights.
    case otherSequenceLength(path: String, expected: Int, found: Int)
    /// A puzzle has more tokens than any model of this package.
    case sequenceTooLong(length: Int, limit: Int)
    /// The file has a tensor that has not the axes which the model's tensor has, or is too large.
    case unusableTensor(path: String, name: String, shape: [Int])
    /// A dictionary is asked for in a file that has none.
    case noDictionaries(path: String)
    /// There is no puzzle embedding to be made anew.
    case noPuzzleEmbedding(path: String)
    /// A data set has more puzzle identifiers than the machine has memory for.
    case tooManyIdentifiers(rows: Int, columns: Int)

    /// One sentence: what is wrong, and what would mend it.
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

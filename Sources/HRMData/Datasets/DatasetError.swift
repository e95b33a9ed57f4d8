import Foundation
public import HRMFiles

/// An error in reading, writing or using a data set.
public enum DatasetError: Error, Equatable, Sendable {
    /// A file or folder cannot be opened, or reading failed part-way.
    case unreadable(path: String, reason: String)
    /// A folder is not a data folder, or lacks the requested split.
    case missingSplit(path: String, split: String?, MissingSplit)
    /// A file or folder cannot be written.
    case unwritable(path: String, reason: String)
    /// The output path already exists.
    case outputExists(path: String)
    /// A file is not the expected JSON.
    case malformedJSON(path: String, reason: String)
    /// A value in `dataset.json` is invalid by itself or contradicts the others.
    case invalidMetadata(path: String, key: String, value: String, requirement: String)
    /// An array cannot be read or written.
    case array(NPYError)
    /// An array has an element type that is not allowed for its purpose.
    case wrongElementType(path: String, found: NPYElementType, allowed: [NPYElementType])
    /// An array's shape does not match the rest of the data set.
    case wrongShape(path: String, found: [Int], expected: String)
    /// An array of offsets does not begin with 0.
    case offsetsStart(path: String, first: Int)
    /// An array of offsets decreases, or does not increase where it must.
    case offsetsOrder(path: String, index: Int, previous: Int, value: Int)
    /// An array of offsets does not end with the number of elements it points into.
    case offsetsEnd(path: String, last: Int, expected: Int, pointsInto: String)
    /// A token is outside the vocabulary.
    case tokenOutOfRange(path: String, example: Int, cell: Int, value: Int, vocabularySize: Int)
    /// A question has no solution.
    case impossiblePuzzle(path: String, example: Int, reason: String)
    /// Every label has the ignored value.
    case noLabels(path: String, ignored: Int?)
    /// A puzzle's identifier is not below the number of identifiers.
    case identifierOutOfRange(path: String, puzzle: Int, value: Int, identifierCount: Int)
    /// The number of names in `identifiers.json` differs from that in `dataset.json`.
    case wrongIdentifierCount(path: String, found: Int, expected: Int)
    /// `task.json` describes a different puzzle from that of the arrays.
    case wrongTask(
        path: String, tokens: Int, length: Int, vocabularySize: Int, sequenceLength: Int)
    /// `task.json` names more puzzles than `dataset.json` has identifiers for.
    case tooManyTaskNames(path: String, names: Int, identifierCount: Int)
    /// A batch size is not a positive number, or exceeds the range of `Int`.
    case invalidBatchSize(Int)
    /// A training pass may end before a single batch is full.
    case batchNotFilled(set: String, batchSize: Int, epochsPerPass: Int, examplesPerEpoch: Int)
    /// The number of examples exceeds the range of the format's offsets.
    case tooManyExamples
    /// A state of training batches belongs to another data set.
    case foreignState(reason: String)
}

extension DatasetError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .missingSplit(let path, let split, let problem):
            problem.explanation(path: path.printable, split: split)
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)"
        case .outputExists(let path):
            "\(path) exists already; choose another output folder, or remove it first"
        case .malformedJSON(let path, let reason):
            "\(path) is damaged: \(reason)"
        case .invalidMetadata(let path, let key, let value, let requirement):
            "\(path): \(key)=\(value) \(requirement)"
        case .array(let error):
            error.description
        case .wrongElementType(let path, let found, let allowed):
            "\(path) holds \(found.name) elements, expected "
                + allowed.map(\.name).joined(separator: " or ") + "; convert it with array.astype"
        case .wrongShape(let path, let found, let expected):
            "\(path) has shape \(found), expected \(expected); build the data set again"
        case .offsetsStart(let path, let first):
            "\(path) begins with \(first), offsets must begin with 0; build the data set again"
        case .offsetsOrder(let path, let index, let previous, let value):
            "\(path) has \(value) after \(previous) at element \(index), offsets must grow; build "
                + "the data set again"
        case .offsetsEnd(let path, let last, let expected, let pointsInto):
            "\(path) ends with \(last), it must end with the number of \(pointsInto), "
                + "\(expected); build the data set again"
        case .tokenOutOfRange(let path, let example, let cell, let value, let vocabularySize):
            "\(path) has the token \(value) in example \(example), cell \(cell), but vocab_size is "
                + "\(vocabularySize); correct dataset.json or build the data set again"
        case .impossiblePuzzle(let path, let example, let reason):
            "\(path): in example \(example), \(reason), so there is no solution; correct the puzzle or "
                + "leave it out"
        case .noLabels(let path, let ignored):
            "\(path): every label counts for nothing"
                + (ignored.map { " (ignore_label_id is \($0))" } ?? "")
                + ", so there is nothing to learn; correct the labels or dataset.json"
        case .identifierOutOfRange(let path, let puzzle, let value, let identifierCount):
            "\(path) gives puzzle \(puzzle) the identifier \(value), but num_puzzle_identifiers is "
                + "\(identifierCount); correct dataset.json or build the data set again"
        case .wrongIdentifierCount(let path, let found, let expected):
            "\(path) has \(found.counted("name")), num_puzzle_identifiers in dataset.json is \(expected); "
                + "the two files belong to different data sets"
        case .wrongTask(let path, let tokens, let length, let vocabularySize, let sequenceLength):
            "\(path) describes a puzzle of \(length.counted("cell")) of \(tokens.counted("token")), dataset.json one of "
                + "\(sequenceLength.counted("cell")) of \(vocabularySize.counted("token")); the two files belong to "
                + "different data sets"
        case .tooManyTaskNames(let path, let names, let identifierCount):
            "\(path) names \(names.counted("puzzle")), num_puzzle_identifiers in dataset.json is "
                + "\(identifierCount), the blank one included; the two files belong to different data "
                + "sets"
        case .invalidBatchSize(let size):
            "a batch of \(size.counted("example")) is impossible; use a number from 1 to 1,000,000"
        case .batchNotFilled(let set, let batchSize, let epochs, let examples):
            "set '\(set)' is sure to offer only \(examples.counted("example")) an epoch, so "
                + "\(epochs.counted("epoch")) may not fill one batch of \(batchSize); use smaller batches"
                + (examples == 0
                    ? " or more data"
                    : " or at least \(((batchSize - 1) / examples + 1).counted("epoch")) a pass")
        case .tooManyExamples:
            "there would be more than \(Int32.max) examples, the most that the format can count; "
                + "use fewer puzzles or augmentations"
        case .foreignState(let reason):
            "the state of the training batches does not fit the data set: \(reason); continue with "
                + "the data set that the run was started with"
        }
    }
}

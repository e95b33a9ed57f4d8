import Foundation
public import HRMData
import HRMFiles
public import HRMModel

/// Makes a model of weights and of what they do not tell themselves.
public struct WeightsImport: Sendable {
    /// What is done with the rows of the puzzle embedding.
    public enum PuzzleEmbeddingRule: String, Sendable, CaseIterable {
        /// They stay: the model knows the puzzles it was trained on.
        case keep
        /// Each puzzle of the data set begins with the mean of all rows, as the reference does for a
        /// data set of another size.
        case reset
    }

    /// Where the number of tokens in a puzzle is from.
    public enum LengthSource: Sendable, Equatable {
        /// The position embedding, or the metadata of the file.
        case weights
        /// The data set, or the caller.
        case request
        /// The reference's data set with that vocabulary.
        case vocabulary
    }

    /// A model and how it was made.
    public struct Result: Sendable {
        /// The model.
        public var file: ModelFile
        /// Where its sequence length is from.
        public var lengthSource: LengthSource
        /// Whether the rows of the puzzle embedding are new ones.
        public var isReset: Bool
        /// Rows of the puzzle embedding in the weights; 0 where there is none.
        public var sourceRows: Int
        /// Rows of the puzzle embedding in the model; 0 where there is none.
        public var rows: Int
    }

    /// The settings of the run.
    public var configuration: TrainingConfiguration
    /// What is done with the rows of the puzzle embedding.
    public var puzzleEmbedding = PuzzleEmbeddingRule.keep
    /// The dimensions of the data set that the model is for, where they are known.
    public var data: PuzzleDimensions?
    /// The puzzle that the data set is of, where that is known.
    public var task: PuzzleTask?
    /// The number of tokens in a puzzle, where it is known.
    public var sequenceLength: Int?
    /// Whether the model will be trained on.
    public var isTrainable = false
    /// Bytes that there are for rows which the weights do not back up.
    var availableMemory = ProcessInfo.processInfo.physicalMemory

    /// An import with the settings of the run that the weights are from.
    public init(configuration: TrainingConfiguration) {
        self.configuration = configuration
    }

    /// Makes the model.
    ///
    /// - Parameter weights: The tensors.
    /// - Returns: A model with all of its weights.
    /// - Throws: ``ConversionError``, or ``CheckpointError``: ``CheckpointError/otherTensors(path:_:)``
    ///   lists all tensors which are missing, unexpected or of another shape.
    public func model(from weights: WeightsFile) throws -> Result {
        let path = weights.url.path
        var tensors = weights.tensors
        let embeddingName = "puzzle_emb.weights"
        let embedding = try Self.matrix(embeddingName, in: tensors, limit: .max, path: path)
        var rows = embedding?.rows ?? 0
        if puzzleEmbedding == .reset {
            guard let embedding, let tensor = tensors[embeddingName] else {
                throw ConversionError.noPuzzleEmbedding(path: path)
            }
            rows = data?.puzzleIdentifierCount ?? embedding.rows
            // They are there twice, as a tensor and in the model.
            let bytes = 2 * Double(rows) * Double(embedding.columns * MemoryLayout<Float>.size)
            guard bytes <= Double(availableMemory) else {
                throw ConversionError.tooManyIdentifiers(rows: rows, columns: embedding.columns)
            }
            tensors[embeddingName] = Self.means(of: tensor, columns: embedding.columns, rows: rows)
        }
        let vocabulary = try Self.matrix(
            "embed_tokens.embedding_weight", in: tensors, limit: ModelFile.limits.vocabularySize,
            path: path)
        let vocabularySize = data?.vocabularySize ?? vocabulary?.rows
        let length = try sequenceLength(of: weights, vocabularySize: vocabularySize)
        let dimensions = PuzzleDimensions(
            vocabularySize: vocabularySize ?? 1, sequenceLength: length.value,
            puzzleIdentifierCount: rows > 0 ? rows : data?.puzzleIdentifierCount ?? 1)
        try configuration.validate(for: dimensions)
        let model = try HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: dimensions, tensors: tensors,
            foreign: weights.foreignTensors, path: path, trainable: isTrainable)
        let likelyTask = PuzzleTask(
            vocabularySize: dimensions.vocabularySize, sequenceLength: dimensions.sequenceLength)
        let file = ModelFile(
            configuration: configuration, model: model, task: task ?? weights.task ?? likelyTask)
        return Result(
            file: file, lengthSource: length.source, isReset: puzzleEmbedding == .reset,
            sourceRows: embedding?.rows ?? 0, rows: rows)
    }

    /// The extents of a matrix; nil when there is no tensor of the name.
    private static func matrix(
        _ name: String, in tensors: [String: SafetensorsTensor], limit: Int, path: String
    ) throws(ConversionError) -> (rows: Int, columns: Int)? {
        guard let shape = tensors[name]?.shape else { return nil }
        guard shape.count == 2, (1...limit).contains(shape[0]), shape[1] > 0 else {
            throw .unusableTensor(path: path, name: name, shape: shape)
        }
        return (shape[0], shape[1])
    }

    /// Rows that are all the mean of a tensor's rows, as binary32.
    private static func means(
        of tensor: SafetensorsTensor, columns: Int, rows: Int
    ) -> SafetensorsTensor {
        let values = tensor.floats()
        var sums = [Double](repeating: 0, count: columns)
        for start in stride(from: 0, to: values.count, by: columns) {
            for column in 0..<columns { sums[column] += Double(values[start + column]) }
        }
        let count = Double(values.count / columns)
        let mean = sums.map { Float($0 / count) }
        return .float32((0..<rows).flatMap { _ in mean }, shape: [rows, columns])
    }
}

// MARK: - The length of a puzzle

extension WeightsImport {
    private func sequenceLength(
        of weights: WeightsFile, vocabularySize: Int?
    ) throws(ConversionError) -> (value: Int, source: LengthSource) {
        let path = weights.url.path
        let wanted = data?.sequenceLength ?? sequenceLength
        let limit = ModelFile.limits.sequenceLength
        if let wanted, wanted > limit { throw .sequenceTooLong(length: wanted, limit: limit) }
        if let own = try ownLength(of: weights) {
            guard wanted == nil || wanted == own else {
                throw .otherSequenceLength(path: path, expected: own, found: wanted ?? own)
            }
            return (own, .weights)
        }
        if let wanted { return (wanted, .request) }
        // Without a vocabulary any number serves: an error will list all tensors that are missing.
        guard let vocabularySize else { return (1, .vocabulary) }
        // Rotary positions leave no trace of the length.
        guard let length = Self.publishedLengths[vocabularySize] else {
            throw .unknownSequenceLength(path: path, vocabularySize: vocabularySize)
        }
        return (length, .vocabulary)
    }

    /// Sequence lengths of the reference's data sets by their vocabularies: 30×30 mazes, 9×9 Sudoku,
    /// ARC on its canvas.
    private static let publishedLengths = [6: 900, 11: 81, 12: 900]

    /// The length that the file gives away; nil when it does not.
    private func ownLength(of weights: WeightsFile) throws(ConversionError) -> Int? {
        if let length = weights.dimensions?.sequenceLength { return length }
        let name = "embed_pos.embedding_weight"
        guard configuration.architecture.positionEncoding == .learned,
            let shape = weights.tensors[name]?.shape
        else { return nil }
        let prefix = configuration.architecture.prefixLength
        guard shape.count == 2, (1...ModelFile.limits.sequenceLength).contains(shape[0] - prefix)
        else { throw .unusableTensor(path: weights.url.path, name: name, shape: shape) }
        return shape[0] - prefix
    }
}

import Foundation
package import HRMData
import HRMEngine
import HRMFiles
package import HRMModel

/// Builds a model from a weights file and the facts that the file does not contain.
package struct WeightsImport: Sendable {
    /// The treatment of the puzzle embedding's rows.
    package enum PuzzleEmbeddingRule: String, Sendable, CaseIterable {
        /// Keeps the rows: the model knows the puzzles it was trained on.
        case keep
        /// Initializes the row of each puzzle in the new data set with the mean of all rows, as the
        /// reference does for a data set of a different size.
        case reset
    }

    /// The source of the sequence length.
    package enum LengthSource: Sendable, Equatable {
        /// The position embedding, or the metadata of the file.
        case weights
        /// The data set, or the caller.
        case request
        /// The vocabulary size, which identifies one of the reference's data sets.
        case vocabulary
    }

    /// An imported model and how it was obtained.
    package struct Result: Sendable {
        /// The model.
        package var file: ModelFile
        /// The source of its sequence length.
        package var lengthSource: LengthSource
        /// True if the rows of the puzzle embedding were reset.
        package var isReset: Bool
        /// The number of puzzle embedding rows in the weights file; 0 without an embedding.
        package var sourceRows: Int
        /// The number of puzzle embedding rows in the model; 0 without an embedding.
        package var rows: Int
    }

    /// The architecture of the model.
    package var architecture: HRMConfiguration
    /// The treatment of the puzzle embedding's rows.
    package var puzzleEmbedding = PuzzleEmbeddingRule.keep
    /// The dimensions of the data set that the model is for, if known.
    package var data: PuzzleDimensions?
    /// The task of the data set, if known.
    package var task: PuzzleTask?
    /// The sequence length in tokens, if known.
    package var sequenceLength: Int?
    /// True if the model is going to be trained.
    package var isTrainable = false
    /// The memory in bytes that may be used for rows not present in the weights file.
    var availableMemory = ProcessInfo.processInfo.physicalMemory

    /// Creates an import of weights of the given architecture.
    package init(architecture: HRMConfiguration) {
        self.architecture = architecture
    }

    /// Builds the model.
    ///
    /// - Parameter weights: The tensors.
    /// - Returns: A model with all of its weights.
    /// - Throws: ``ConversionError`` or ``CheckpointError``;
    ///   ``CheckpointError/otherTensors(path:_:)`` lists all missing, unexpected and misshapen
    ///   tensors.
    package func model(from weights: WeightsFile) throws -> Result {
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
            // Both the tensor and the model hold a copy.
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
        try architecture.validate(for: dimensions)
        let model = try HierarchicalReasoningModel(
            configuration: architecture, dimensions: dimensions, tensors: tensors,
            foreign: weights.foreignTensors, path: path, trainable: isTrainable)
        let likelyTask = PuzzleTask(
            vocabularySize: dimensions.vocabularySize, sequenceLength: dimensions.sequenceLength)
        let file = ModelFile(
            model: model, task: task ?? weights.task ?? likelyTask,
            trainingSettings: weights.trainingSettings)
        return Result(
            file: file, lengthSource: length.source, isReset: puzzleEmbedding == .reset,
            sourceRows: embedding?.rows ?? 0, rows: rows)
    }

    /// Returns the rows and columns of a matrix; nil if there is no tensor with the name.
    private static func matrix(
        _ name: String, in tensors: [String: SafetensorsTensor], limit: Int, path: String
    ) throws(ConversionError) -> (rows: Int, columns: Int)? {
        guard let shape = tensors[name]?.shape else { return nil }
        guard shape.count == 2, (1...limit).contains(shape[0]), shape[1] > 0 else {
            throw .unusableTensor(path: path, name: name, shape: shape)
        }
        return (shape[0], shape[1])
    }

    /// Returns a binary32 tensor whose rows all equal the mean of the given tensor's rows.
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
        // Without a vocabulary any length will do: the later error lists all missing tensors.
        guard let vocabularySize else { return (1, .vocabulary) }
        // With rotary positions no tensor depends on the length.
        guard let length = Self.publishedLengths[vocabularySize] else {
            throw .unknownSequenceLength(path: path, vocabularySize: vocabularySize)
        }
        return (length, .vocabulary)
    }

    /// Sequence lengths of the reference's data sets by vocabulary size: 30×30 mazes, 9×9 Sudoku,
    /// and ARC on its canvas.
    private static let publishedLengths = [6: 900, 11: 81, 12: 900]

    /// Returns the length that follows from the file; nil if it does not.
    private func ownLength(of weights: WeightsFile) throws(ConversionError) -> Int? {
        if let length = weights.dimensions?.sequenceLength { return length }
        let name = "embed_pos.embedding_weight"
        guard architecture.positionEncoding == .learned,
            let shape = weights.tensors[name]?.shape
        else { return nil }
        let prefix = architecture.prefixLength
        guard shape.count == 2, (1...ModelFile.limits.sequenceLength).contains(shape[0] - prefix)
        else { throw .unusableTensor(path: weights.url.path, name: name, shape: shape) }
        return shape[0] - prefix
    }
}

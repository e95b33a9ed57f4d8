import Foundation
import HRMData
import HRMEngine
import HRMFiles
import HRMInference
import HRMModel
import HRMTensor

/// Weights of an earlier training from which a new one starts.
///
/// The source is a run folder, a safetensors file or a PyTorch file of the reference. Every tensor
/// must have the shape of the new model; only the number of rows of the puzzle embedding may
/// differ. If its rows differ, each puzzle starts with the mean of the old rows, as in TRM's
/// reference.
package struct StartingWeights: Sendable {
    /// The record of the starting weights in `run.json`.
    package typealias Record = StartingWeightsRecord

    /// The configuration of the weights, if it is in the file or beside it.
    package let configuration: TrainingConfiguration?

    private let path: String
    private let file: WeightsFile
    /// The names of the puzzles that the weights were trained on, if stored.
    private let identifiers: [String]?

    private static let embeddingName = "puzzle_emb.weights"

    /// Opens weights.
    ///
    /// - Parameter path: A file or a run folder; in a run folder, the averaged weights are
    ///   preferred.
    /// - Throws: An error of the file's format, with the file's name.
    package init(path: String) throws {
        self.path = path
        let url = URL(fileURLWithPath: path)
        file = try WeightsFile(contentsOf: url)
        configuration = try file.trainingConfiguration()?.configuration
        identifiers = try? PuzzleDataset.identifiers(
            contentsOf: file.url.deletingLastPathComponent().appendingPathComponent(
                PuzzleDataset.identifiersFileName))
    }

    /// The settings for further training with the weights' own configuration.
    ///
    /// - Returns: ``configuration`` with these starting weights, no frozen weights and no fixed
    ///   board shape, since weights shared by all cells fit boards of any shape; nil without a
    ///   configuration.
    package var furtherTraining: TrainingConfiguration? {
        guard var result = configuration else { return nil }
        result.startingWeights = path
        result.freezesWeights = false
        result.architecture.boardColumns = 0
        return result
    }

    /// Returns a trainable model with the weights.
    ///
    /// - Parameters:
    ///   - configuration: The architecture, valid for the dimensions.
    ///   - dimensions: The dimensions that the data set determines.
    ///   - names: The names of the data set's puzzles, if any.
    /// - Returns: The model, and the record for `run.json`.
    /// - Throws: `StartingWeightsError`, or `CheckpointError/otherTensors(path:_:)` with all
    ///   tensors that do not fit.
    func model(
        for configuration: HRMConfiguration, dimensions: PuzzleDimensions, names: [String]?
    ) throws -> (HierarchicalReasoningModel, Record) {
        try requireSameMeaning(configuration)
        var tensors = file.tensors
        let rows = tensors[Self.embeddingName]?.shape.first ?? dimensions.puzzleIdentifierCount
        let knowsOthers = identifiers.map { old in names.map { $0 != old } ?? false } ?? false
        let isReset =
            tensors[Self.embeddingName] != nil && configuration.puzzleEmbeddingSize > 0
            && (rows != dimensions.puzzleIdentifierCount || knowsOthers)
        var mean: [Float] = []
        if isReset, let tensor = tensors[Self.embeddingName] {
            let width = configuration.puzzleEmbeddingSize
            guard tensor.elementType.isFloatingPoint, tensor.shape.count == 2, rows > 0,
                tensor.shape[1] == width
            else {
                throw ConversionError.unusableTensor(
                    path: file.url.path, name: Self.embeddingName, shape: tensor.shape)
            }
            mean = Self.mean(of: tensor.floats(), columns: width)
            // Of the right shape; its elements are replaced below.
            let count = dimensions.puzzleIdentifierCount
            tensors[Self.embeddingName] = SafetensorsTensor(
                elementType: .float32, shape: [count, width],
                bytes: Data(count: count * width * MemoryLayout<Float>.size))
        }
        let model = try HierarchicalReasoningModel(
            configuration: configuration, dimensions: dimensions,
            tensors: tensors, path: file.url.path, trainable: true)
        if isReset, let table = model.puzzleEmbedding {
            for row in 0..<table.rows { table.rows(row..<row + 1).assign(mean) }
        }
        let record = Record(path: path, digest: try digest(), resetsPuzzleEmbedding: isReset)
        return (model, record)
    }

    /// Refuses data that the weights do not fit under any settings.
    ///
    /// This check precedes those of the settings, because settings could be made to fit only the
    /// data or only the weights.
    ///
    /// - Parameters:
    ///   - dimensions: The dimensions that the data set determines.
    ///   - task: The task of the data; nil if unknown.
    /// - Throws: `StartingWeightsError/otherData(path:reason:remedy:)`.
    func requireFitting(
        _ dimensions: PuzzleDimensions, task: PuzzleTask?
    ) throws(StartingWeightsError) {
        let table = file.tensors["embed_tokens.embedding_weight"]?.shape ?? []
        if table.count == 2, table[0] != dimensions.vocabularySize {
            throw .otherData(
                path: path,
                reason: "they are for puzzles of \(table[0].counted("token")), and the data have "
                    + "\(dimensions.vocabularySize)",
                remedy: "")
        }
        guard var settings = furtherTraining else { return }
        settings.takeBoard(of: task)
        let own = settings.architecture
        do throws(ConfigurationError) {
            try own.validateBoxes(for: task)
        } catch {
            guard case .sudoku(let geometry)? = task else { return }
            let fitting = own.relations(for: geometry).map(\.rawValue).joined(separator: ",")
            throw .otherData(
                path: path,
                reason:
                    "they know \(geometry.alternatives.last?.boxes ?? error.value), and the data "
                    + "have \(geometry.boxes)",
                remedy: ", with relations=\(fitting)")
        }
        do throws(ConfigurationError) {
            try own.validate(for: dimensions)
        } catch {
            // The error's remedy would require different weights.
            let reason = error.description.split(separator: ";").first ?? ""
            throw .otherData(path: path, reason: "with their settings, \(reason)", remedy: "")
        }
    }

    /// Refuses settings under which the weights would fit in shape, but have a different meaning.
    private func requireSameMeaning(
        _ architecture: HRMConfiguration
    ) throws(StartingWeightsError) {
        guard let own = configuration?.architecture else { return }
        let keys = [
            "arch.name", "arch.num_heads", "arch.pos_encodings", "arch.rope_theta", "arch.mlp_t",
            "arch.symbols", "arch.relations", "arch.puzzle_emb_len",
        ]
        for setting in HRMConfiguration.settings where keys.contains(setting.key) {
            let (wanted, found) = (setting.read(architecture).text, setting.read(own).text)
            guard wanted == found else {
                throw .otherModel(path: path, key: setting.key, value: wanted, was: found)
            }
        }
    }

    private static func mean(of values: [Float], columns: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: columns)
        for start in stride(from: 0, to: values.count, by: columns) {
            for column in 0..<columns { sums[column] += Double(values[start + column]) }
        }
        let rows = Double(values.count / columns)
        return sums.map { Float($0 / rows) }
    }

    /// Returns the SHA-256 digest of the weights file.
    private func digest() throws(FileError) -> String {
        ContentDigest.sha256(of: try InputFile.mapped(file.url))
    }
}

/// The reason a training cannot start from given weights.
package enum StartingWeightsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The weights belong to a model with different settings, under which they have a different
    /// meaning.
    case otherModel(path: String, key: String, value: String, was: String)
    /// The weights belong to a model that the data do not fit under any settings.
    case otherData(path: String, reason: String, remedy: String)
    /// The file has changed since the run started, and there is no checkpoint to resume from.
    case changed(path: String)

    /// One sentence that states the problem and the remedy.
    package var description: String {
        switch self {
        case .otherModel(let path, let key, let value, let was):
            "\(path) has weights of a model with \(key)=\(was), and this one has \(value); set "
                + "\(key)=\(was), or leave out --preset and --config to train with the weights' own "
                + "settings"
        case .otherData(let path, let reason, let remedy):
            "\(path) has weights that do not fit these data: \(reason); begin with new weights, without "
                + "--from-weights and load_checkpoint\(remedy), or with weights for such puzzles"
        case .changed(let path):
            "\(path) is not the file any more that the run was begun with, and the run has no "
                + "checkpoint yet; bring it back, or begin a new run"
        }
    }
}

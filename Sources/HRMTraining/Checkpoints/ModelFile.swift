public import Foundation
public import HRMData
import HRMFiles
public import HRMModel
public import HRMTensor

/// A trained model in one file: weights under the reference's names, and in the metadata all that
/// is needed to build the model they belong to.
public struct ModelFile: Sendable {
    /// The settings of the run.
    public var configuration: TrainingConfiguration
    /// The model.
    public var model: HierarchicalReasoningModel
    /// The puzzle that the model is for; nil when neither the file nor the model's dimensions tell.
    public var task: PuzzleTask?
    /// Sentences about where the weights and settings were found, where the file does not hold both.
    public internal(set) var notes: [String] = []

    /// A model, the settings it was trained with, and the puzzle it is for.
    public init(
        configuration: TrainingConfiguration, model: HierarchicalReasoningModel,
        task: PuzzleTask? = nil
    ) {
        self.configuration = configuration
        self.model = model
        self.task = task
    }

    private enum MetadataKey {
        static let format = "format"
        static let configuration = "hrm.configuration"
        static let dimensions = "hrm.dimensions"
        static let task = "hrm.task"
    }

    /// Writes the file, whole or not at all.
    ///
    /// - Parameters:
    ///   - url: Where to.
    ///   - weights: Their number format. In bfloat16 the file is half as large, and a model that computes
    ///     in bfloat16 hardly changes: its products round the weights in any case.
    /// - Throws: ``CheckpointError``.
    public func write(to url: URL, weights: Precision = .float32) throws {
        let stream = try stream(weights: weights)
        try CheckpointError.wrapping { () throws(SafetensorsError) in try stream.write(to: url) }
    }

    /// The file's content, from the model's own memory where the number format is the same.
    func stream(weights: Precision = .float32) throws -> SafetensorsStream {
        var stream = SafetensorsStream()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let dimensions = try encoder.encode(model.dimensions)
        stream.metadata = [
            // The key by which the Python package tells PyTorch files from others.
            MetadataKey.format: "pt",
            MetadataKey.configuration: try configuration.yaml(),
            MetadataKey.dimensions: String(decoding: dimensions, as: UTF8.self),
        ]
        if let task { stream.metadata[MetadataKey.task] = try task.jsonText() }
        for entry in model.layout.entries + model.layout.buffers {
            guard let tensor = model.tensor(entry) else { continue }
            stream.add(entry.name, tensor.rounded(to: weights), shape: entry.shape)
        }
        return stream
    }

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - url: A safetensors file that this type wrote, a run folder with one in it, or a PyTorch or
    ///     safetensors file with an `all_config.yaml` beside it, as the reference leaves them.
    ///   - trainable: Whether the model will be trained on.
    ///   - precision: Replaces the forward precision the model was trained with.
    /// - Throws: ``CheckpointError``, ``PyTorchFileError``, ``ConversionError``,
    ///   ``ConfigurationFileError`` or `ConfigurationError`, each with the file and the tensor or key in
    ///   its message.
    public init(contentsOf url: URL, trainable: Bool = false, precision: Precision? = nil) throws {
        let weights = try WeightsFile(contentsOf: url)
        configuration = try weights.settings()
        if let precision { configuration.architecture.forwardPrecision = precision }
        if let dimensions = weights.dimensions {
            try configuration.validate(for: dimensions)
            task = weights.task
            model = try HierarchicalReasoningModel(
                configuration: configuration.architecture, dimensions: dimensions,
                tensors: weights.tensors, foreign: weights.foreignTensors, path: weights.url.path,
                trainable: trainable)
        } else {
            var importer = WeightsImport(configuration: configuration)
            importer.isTrainable = trainable
            let result = try importer.model(from: weights)
            (model, task) = (result.file.model, result.file.task)
            notes = Self.notes(weights, result)
        }
    }

    private static func notes(_ weights: WeightsFile, _ result: WeightsImport.Result) -> [String] {
        let name = weights.url.lastPathComponent
        let place = weights.stateDictionary.map { ", weights under '\($0)'" } ?? ""
        let length = result.file.model.dimensions.sequenceLength
        let guess =
            result.lengthSource == .vocabulary
            ? "; puzzles of \(length) tokens are assumed, 'hrm convert' with --data says otherwise"
            : ""
        return [
            "\(name): \(weights.format.rawValue)\(place), settings of the "
                + "\(WeightsFile.configurationName) beside it\(guess)."
        ]
    }

    /// The file itself, or the one in a run folder.
    ///
    /// - Throws: ``RunFolderError`` when a folder is not a run's, or
    ///   ``CheckpointError/folderOfWeights(path:files:)`` when there are other weights in it.
    static func source(_ url: URL) throws -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { return url }
        do throws(RunFolderError) {
            return try RunFolder.open(url).modelURL
        } catch {
            let files = likelyWeights(in: url)
            guard case .notARun = error, !files.isEmpty else { throw error }
            throw CheckpointError.folderOfWeights(path: url.path, files: files)
        }
    }

    /// The names in a folder that weights usually have, sorted.
    private static func likelyWeights(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { name in
            let ending = URL(fileURLWithPath: name).pathExtension.lowercased()
            return ["safetensors", "pt", "pth", "ckpt", "bin"].contains(ending)
                || (name.hasPrefix("step_") && ending.isEmpty)
        }.sorted()
    }
}

extension ModelFile {
    /// The model that the metadata of a file describe.
    struct Description {
        var configuration: TrainingConfiguration
        var dimensions: PuzzleDimensions
        var task: PuzzleTask?

        /// Reads the metadata; nil when they are not those of a model.
        ///
        /// - Throws: ``CheckpointError`` or ``ConfigurationFileError`` when what they say is wrong.
        init?(_ metadata: [String: String], path: String) throws {
            guard let yaml = metadata[MetadataKey.configuration] else { return nil }
            guard let text = metadata[MetadataKey.dimensions] else {
                throw CheckpointError.unusableMetadata(
                    path: path, reason: "its metadata '\(MetadataKey.dimensions)' are missing")
            }
            configuration = try ConfigurationFile(yaml: yaml, path: path).configuration
            dimensions = try ModelFile.dimensions(text, path: path)
            task = try ModelFile.task(metadata[MetadataKey.task], dimensions, path: path)
        }
    }

    /// The task that the metadata describe, or else the one that has the model's dimensions.
    private static func task(
        _ text: String?, _ dimensions: PuzzleDimensions, path: String
    ) throws -> PuzzleTask? {
        guard let text else {
            return PuzzleTask(
                vocabularySize: dimensions.vocabularySize,
                sequenceLength: dimensions.sequenceLength)
        }
        guard let task = try? PuzzleTask(jsonText: text, path: path),
            task.vocabularySize == dimensions.vocabularySize,
            task.sequenceLength == dimensions.sequenceLength,
            task.leastIdentifierCount <= dimensions.puzzleIdentifierCount
        else {
            throw CheckpointError.unusableMetadata(
                path: path,
                reason: "its metadata '\(MetadataKey.task)' describe no puzzle of the model's "
                    + "dimensions")
        }
        return task
    }

    /// Dimensions that no file may exceed.
    ///
    /// A sequence's length costs memory that no tensor in the
    /// file has to back up, so its limit is the tightest.
    static let limits = PuzzleDimensions(
        vocabularySize: 1 << 24, sequenceLength: 1 << 16, puzzleIdentifierCount: Int(Int32.max))

    private static func dimensions(_ text: String, path: String) throws -> PuzzleDimensions {
        guard
            let result = try? JSONDecoder().decode(PuzzleDimensions.self, from: Data(text.utf8)),
            (1...limits.vocabularySize).contains(result.vocabularySize),
            (1...limits.sequenceLength).contains(result.sequenceLength),
            (1...limits.puzzleIdentifierCount).contains(result.puzzleIdentifierCount)
        else {
            throw CheckpointError.unusableMetadata(
                path: path, reason: "its metadata '\(MetadataKey.dimensions)' is not usable")
        }
        return result
    }
}

extension Matrix {
    /// The matrix, or a copy where it is stored more finely than asked for.
    fileprivate func rounded(to format: Precision) -> Matrix {
        guard format == .bfloat16, precision == .float32 else { return self }
        let copy = Matrix(rows: rows, columns: columns, precision: format)
        copy.assign(self)
        return copy
    }
}

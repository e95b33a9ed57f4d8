public import Foundation
public import HRMData
import HRMFiles
public import HRMModel
public import HRMTensor

/// A trained model in one file: weights under the reference's names, and metadata that describe the
/// model.
public struct ModelFile: Sendable {
    /// The training configuration.
    public var configuration: TrainingConfiguration
    /// The model.
    public var model: HierarchicalReasoningModel
    /// The task of the model; nil if neither the file nor the model's dimensions identify it.
    public var task: PuzzleTask?
    /// Sentences about where weights and configuration were found, unless the file contains both.
    public internal(set) var notes: [String] = []

    /// Creates a model file from a model, its training configuration and its task.
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

    /// Writes the file atomically.
    ///
    /// - Parameters:
    ///   - url: The destination.
    ///   - weights: The number format of the weights. In bfloat16 the file is half as large, and a
    ///     model that computes in bfloat16 hardly changes, since its matrix products round the
    ///     weights anyway.
    /// - Throws: ``CheckpointError``.
    public func write(to url: URL, weights: Precision = .float32) throws {
        let stream = try stream(weights: weights)
        try CheckpointError.wrapping { () throws(SafetensorsError) in try stream.write(to: url) }
    }

    /// The content of the file; weights that need no conversion are not copied.
    func stream(weights: Precision = .float32) throws -> SafetensorsStream {
        var stream = SafetensorsStream()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let dimensions = try encoder.encode(model.dimensions)
        stream.metadata = [
            // The key by which the Python package recognizes PyTorch tensors.
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
    ///   - url: A safetensors file written by this type, a run folder that contains one, or a
    ///     PyTorch or safetensors file with an `all_config.yaml` beside it, as the reference writes
    ///     them.
    ///   - trainable: True if the model is going to be trained.
    ///   - precision: Replaces the forward precision the model was trained with.
    /// - Throws: ``CheckpointError``, `PyTorchFileError`, ``ConversionError``,
    ///   ``ConfigurationFileError`` or `ConfigurationError`, each with the file and the tensor or
    ///   key in its message.
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

    /// Returns the file itself, or the weights file in a run folder.
    ///
    /// - Throws: ``RunFolderError`` if a folder is not a run folder, or
    ///   ``CheckpointError/folderOfWeights(path:files:)`` if it contains other weights.
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

    /// Returns the files in a folder whose names are typical of weights, sorted.
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
    /// The model description in a file's metadata.
    struct Description {
        var configuration: TrainingConfiguration
        var dimensions: PuzzleDimensions
        var task: PuzzleTask?

        /// Reads the metadata; nil if they do not describe a model.
        ///
        /// - Throws: ``CheckpointError`` or ``ConfigurationFileError`` if the description is
        ///   invalid.
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

    /// Returns the task that the metadata state or, failing that, the one that the dimensions
    /// identify.
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

    /// Upper bounds of the dimensions in a file.
    ///
    /// The sequence length has the tightest bound: it costs memory without a tensor in the file
    /// that proves its size.
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
    /// Returns the matrix, or a rounded copy if its format is more precise than `format`.
    fileprivate func rounded(to format: Precision) -> Matrix {
        guard format == .bfloat16, precision == .float32 else { return self }
        let copy = Matrix(rows: rows, columns: columns, precision: format)
        copy.assign(self)
        return copy
    }
}

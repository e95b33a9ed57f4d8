public import Foundation
public import HRMData
public import HRMEngine
package import HRMFiles
public import HRMModel
import HRMTensor

/// A trained model in one file: weights under the reference's names, and metadata that describe the
/// model.
public struct ModelFile: Sendable {
    /// The model.
    public var model: HierarchicalReasoningModel
    /// The task of the model; nil if neither the file nor the model's dimensions identify it.
    public var task: PuzzleTask?
    /// The configuration of the training, in YAML as the file contains it; nil if there is none.
    ///
    /// It is not needed to run the model.
    public var trainingSettings: String?
    /// Sentences about where weights and configuration were found, unless the file contains both.
    public internal(set) var notes: [String] = []

    /// Creates a model file.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - task: The task of the model, if known.
    ///   - trainingSettings: The configuration of its training in YAML, if known.
    public init(
        model: HierarchicalReasoningModel, task: PuzzleTask? = nil, trainingSettings: String? = nil
    ) {
        self.model = model
        self.task = task
        self.trainingSettings = trainingSettings
    }

    private enum MetadataKey {
        static let format = "format"
        static let architecture = "hrm.architecture"
        static let trainingSettings = "hrm.configuration"
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
    public func write(to url: URL, weights: WeightFormat = .float32) throws {
        let stream = try stream(weights: weights)
        try CheckpointError.wrapping { () throws(SafetensorsError) in try stream.write(to: url) }
    }

    /// The content of the file; weights that need no conversion are not copied.
    package func stream(weights: WeightFormat = .float32) throws -> SafetensorsStream {
        var stream = SafetensorsStream()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let dimensions = try encoder.encode(model.dimensions)
        stream.metadata = [
            // The key by which the Python package recognizes PyTorch tensors.
            MetadataKey.format: "pt",
            MetadataKey.architecture: try ArchitectureRecord.json(model.configuration),
            MetadataKey.dimensions: String(decoding: dimensions, as: UTF8.self),
        ]
        stream.metadata[MetadataKey.trainingSettings] = trainingSettings
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
    ///   - precision: Replaces the precision of the activations that the model was trained with.
    /// - Throws: ``CheckpointError``, `PyTorchFileError`, ``ConversionError`` or
    ///   `ConfigurationError`, each with the file and the tensor or key in its message.
    public init(
        contentsOf url: URL, trainable: Bool = false, precision: ActivationPrecision? = nil
    ) throws {
        let weights = try WeightsFile(contentsOf: url)
        var architecture = try weights.modelArchitecture()
        if let precision { architecture.forwardPrecision = precision }
        if let dimensions = weights.dimensions {
            try architecture.validate(for: dimensions)
            self.init(
                model: try HierarchicalReasoningModel(
                    configuration: architecture, dimensions: dimensions, tensors: weights.tensors,
                    foreign: weights.foreignTensors, path: weights.url.path, trainable: trainable),
                task: weights.task, trainingSettings: weights.trainingSettings)
        } else {
            var importer = WeightsImport(architecture: architecture)
            importer.isTrainable = trainable
            let result = try importer.model(from: weights)
            self = result.file
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

    /// Returns the file itself, or the weights file in a run folder: the averaged weights, if the
    /// training kept an average.
    ///
    /// - Throws: ``CheckpointError/folderWithoutModel(path:)``, or
    ///   ``CheckpointError/folderOfWeights(path:files:)`` if the folder contains other weights.
    static func source(_ url: URL) throws(CheckpointError) -> URL {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { return url }
        let files = [RunFolderNames.average, RunFolderNames.model].map(url.appendingPathComponent)
        if let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
            return file
        }
        let others = likelyWeights(in: url)
        throw others.isEmpty
            ? .folderWithoutModel(path: url.path)
            : .folderOfWeights(path: url.path, files: others)
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
        var architecture: HRMConfiguration
        var dimensions: PuzzleDimensions
        var task: PuzzleTask?
        var trainingSettings: String?

        /// Reads the metadata; nil if they do not describe a model.
        ///
        /// - Throws: ``CheckpointError`` if the description is invalid.
        init?(_ metadata: [String: String], path: String) throws(CheckpointError) {
            trainingSettings = metadata[MetadataKey.trainingSettings]
            if let json = metadata[MetadataKey.architecture] {
                architecture = try ArchitectureRecord.architecture(json: json, path: path)
            } else if let yaml = trainingSettings {
                // Files of earlier versions.
                architecture = try ArchitectureRecord.architecture(yaml: yaml, path: path)
            } else {
                return nil
            }
            guard let text = metadata[MetadataKey.dimensions] else {
                throw CheckpointError.unusableMetadata(
                    path: path, reason: "its metadata '\(MetadataKey.dimensions)' are missing")
            }
            dimensions = try ModelFile.dimensions(text, path: path)
            task = try ModelFile.task(metadata[MetadataKey.task], dimensions, path: path)
        }
    }

    /// Returns the task that the metadata state or, failing that, the one that the dimensions
    /// identify.
    private static func task(
        _ text: String?, _ dimensions: PuzzleDimensions, path: String
    ) throws(CheckpointError) -> PuzzleTask? {
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

    private static func dimensions(
        _ text: String, path: String
    ) throws(CheckpointError) -> PuzzleDimensions {
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
    fileprivate func rounded(to format: WeightFormat) -> Matrix {
        guard format == .bfloat16, precision == .float32 else { return self }
        let copy = Matrix(rows: rows, columns: columns, precision: .bfloat16)
        copy.assign(self)
        return copy
    }
}

public import Foundation
public import HRMData
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
        try stream(weights: weights).write(to: url)
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
    ///   - url: A safetensors file that this type wrote, or a run folder with one in it.
    ///   - trainable: Whether the model will be trained on.
    ///   - precision: Replaces the forward precision the model was trained with.
    /// - Throws: ``CheckpointError``, ``ConfigurationFileError`` or `ConfigurationError`, each
    ///   with the file and the tensor or key in its message.
    public init(contentsOf url: URL, trainable: Bool = false, precision: Precision? = nil) throws {
        let source = try Self.source(url)
        let file = try SafetensorsFile(contentsOf: source)
        guard let description = try Description(file.metadata, path: source.path) else {
            throw CheckpointError.malformedHeader(
                path: source.path,
                reason: "its metadata has no '\(MetadataKey.configuration)', so the model's shape "
                    + "is unknown; use a file that 'hrm train' or 'hrm convert' wrote")
        }
        configuration = description.configuration
        if let precision { configuration.architecture.forwardPrecision = precision }
        try configuration.validate(for: description.dimensions)
        task = description.task
        model = try HierarchicalReasoningModel(
            configuration: configuration.architecture, dimensions: description.dimensions,
            tensors: file.tensorsByName, path: source.path, trainable: trainable)
    }

    /// The file itself, or the one in a run folder.
    ///
    /// - Throws: ``RunFolderError`` when a folder is none of a run.
    static func source(_ url: URL) throws(RunFolderError) -> URL {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? try RunFolder.open(url).modelURL : url
    }
}

extension ModelFile {
    /// What the metadata of a file say about its model.
    struct Description {
        var configuration: TrainingConfiguration
        var dimensions: PuzzleDimensions
        var task: PuzzleTask?

        /// Reads the metadata; nil when they are not those of a model.
        ///
        /// - Throws: ``CheckpointError`` or ``ConfigurationFileError`` when what they say is wrong.
        init?(_ metadata: [String: String], path: String) throws {
            guard let yaml = metadata[MetadataKey.configuration],
                let text = metadata[MetadataKey.dimensions]
            else { return nil }
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
            throw CheckpointError.malformedHeader(
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
            throw CheckpointError.malformedHeader(
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

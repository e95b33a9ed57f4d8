public import Foundation
public import HRMData
public import HRMFiles
public import HRMModel

/// The tensors of a file, whoever wrote it, under the names that the model gives them.
public struct WeightsFile: Sendable {
    /// The kind of a file of weights.
    public enum Format: String, Sendable {
        /// `torch.save` of a state dict.
        case pyTorch = "PyTorch"
        /// Safetensors, with a model's description in the metadata or without.
        case safetensors
    }

    /// The kind of the file.
    public let format: Format
    /// The file, which is in a run folder when that was given.
    public let url: URL
    /// Names without the reference's prefixes.
    public let tensors: [String: SafetensorsTensor]
    /// Number formats of tensors that cannot be read, by the names of those, without prefixes.
    public let foreignTensors: [String: String]
    /// The settings of the run, where the file holds them.
    public let configuration: TrainingConfiguration?
    /// The dimensions of the data set, where the file says so.
    public let dimensions: PuzzleDimensions?
    /// The puzzle that the model is for, where the file says so.
    public let task: PuzzleTask?
    /// The key under which a PyTorch file has the tensors; nil for the whole file.
    public let stateDictionary: String?
    /// Keys of a PyTorch file that were passed over, each with the kind of its value.
    public let skipped: [String]
    /// Keys of other dictionaries of tensors in a PyTorch file.
    public let otherDictionaries: [String]

    /// Reads a file, whose kind is told by its content.
    ///
    /// - Parameters:
    ///   - source: A PyTorch file, a safetensors file, or a run folder.
    ///   - wanted: The key of the dictionary that is wanted in a PyTorch file, or a part of it
    ///     that no other has, such as `ema`; the state dict of the model unless given.
    /// - Throws: ``PyTorchFileError``, ``CheckpointError``, ``ConversionError``, ``RunFolderError`` or
    ///   ``ConfigurationFileError``.
    public init(contentsOf source: URL, stateDictionary wanted: String? = nil) throws {
        url = try ModelFile.source(source)
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw CheckpointError.file(.unreadable(path: error.path, reason: error.reason))
        }
        if try FileKind.isPyTorch(bytes, path: url.path) {
            format = .pyTorch
            let file = try PyTorchFile(bytes: bytes, path: url.path, stateDictionary: wanted)
            tensors = try Self.stripped(
                file.names.compactMap { name in file[name].map { (name, $0) } }, path: url.path)
            foreignTensors = [:]
            (configuration, dimensions, task) = (nil, nil, nil)
            (stateDictionary, skipped) = (file.stateDictionary, file.skipped)
            otherDictionaries = file.otherDictionaries
        } else {
            format = .safetensors
            let file = try CheckpointError.wrapping {
                [url] () throws(SafetensorsError) in
                try SafetensorsFile(bytes: bytes, path: url.path)
            }
            guard wanted == nil else { throw ConversionError.noDictionaries(path: url.path) }
            tensors = try Self.stripped(
                file.names.compactMap { name in file[name].map { (name, $0) } }, path: url.path)
            foreignTensors = Dictionary(
                file.foreignTensors.map { (ReferenceNames.stripped($0.key), $0.value.elementType) },
                uniquingKeysWith: { first, _ in first })
            let description = try ModelFile.Description(file.metadata, path: url.path)
            configuration = description?.configuration
            dimensions = description?.dimensions
            task = description?.task
            (stateDictionary, skipped, otherDictionaries) = (nil, [], [])
        }
    }

    private static func stripped(
        _ tensors: [(String, SafetensorsTensor)], path: String
    ) throws(ConversionError) -> [String: SafetensorsTensor] {
        var result: [String: SafetensorsTensor] = [:]
        for (name, tensor) in tensors {
            let bare = ReferenceNames.stripped(name)
            guard result.updateValue(tensor, forKey: bare) == nil else {
                throw .ambiguousName(path: path, name: bare)
            }
        }
        return result
    }
}

// MARK: - Settings

extension WeightsFile {
    /// The name of the file beside a checkpoint of the reference that holds the settings of its run.
    public static let configurationName = "all_config.yaml"

    /// The place of the settings beside the file.
    public var configurationURL: URL {
        url.deletingLastPathComponent().appendingPathComponent(Self.configurationName)
    }

    /// The settings that the file holds, or those beside it.
    ///
    /// - Returns: The settings.
    /// - Throws: ``CheckpointError/missingSettings(path:)`` when there are none, or
    ///   ``ConfigurationFileError``.
    func settings() throws -> TrainingConfiguration {
        if let configuration { return configuration }
        guard FileManager.default.fileExists(atPath: configurationURL.path) else {
            throw CheckpointError.missingSettings(path: url.path)
        }
        return try TrainingConfiguration(contentsOf: configurationURL)
    }
}

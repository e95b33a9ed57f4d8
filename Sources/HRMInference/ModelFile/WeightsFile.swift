package import Foundation
package import HRMData
package import HRMFiles
package import HRMModel

/// The tensors of a PyTorch or safetensors file, under the model's own names.
package struct WeightsFile: Sendable {
    /// The format of a weights file.
    package enum Format: String, Sendable {
        /// `torch.save` of a state dict.
        case pyTorch = "PyTorch"
        /// Safetensors, with or without a model description in the metadata.
        case safetensors
    }

    /// The format of the file.
    package let format: Format
    /// The URL of the file; for a run folder, the weights file inside it.
    package let url: URL
    /// The tensors by name, without the reference's prefixes.
    package let tensors: [String: SafetensorsTensor]
    /// Unsupported element types by tensor name, without prefixes.
    package let foreignTensors: [String: String]
    /// The architecture of the model, if the file contains it.
    package let architecture: HRMConfiguration?
    /// The configuration of the training in YAML, if the file contains it.
    package let trainingSettings: String?
    /// The dimensions of the data set, if the file contains them.
    package let dimensions: PuzzleDimensions?
    /// The task of the model, if the file states it.
    package let task: PuzzleTask?
    /// The key of the state dictionary in a PyTorch file; nil for the whole file.
    package let stateDictionary: String?
    /// Skipped keys of a PyTorch file, each with the kind of its value.
    package let skipped: [String]
    /// Keys of the other tensor dictionaries in a PyTorch file.
    package let otherDictionaries: [String]

    /// Reads a weights file; the format is detected from its content.
    ///
    /// - Parameters:
    ///   - source: A PyTorch file, a safetensors file or a run folder.
    ///   - wanted: The key of the state dictionary in a PyTorch file, or an unambiguous part of it,
    ///     such as `ema`; by default the model's state dictionary.
    /// - Throws: `PyTorchFileError`, ``CheckpointError`` or ``ConversionError``.
    package init(contentsOf source: URL, stateDictionary wanted: String? = nil) throws {
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
            (architecture, trainingSettings, dimensions, task) = (nil, nil, nil, nil)
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
            architecture = description?.architecture
            trainingSettings = description?.trainingSettings
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
    /// The name of the configuration file that the reference writes beside its checkpoints.
    package static let configurationName = "all_config.yaml"

    /// The URL of the configuration file beside the weights.
    package var configurationURL: URL {
        url.deletingLastPathComponent().appendingPathComponent(Self.configurationName)
    }

    /// Returns the architecture in the file or, failing that, in the configuration beside it.
    ///
    /// - Throws: ``CheckpointError/missingSettings(path:)`` if there is neither.
    func modelArchitecture() throws(CheckpointError) -> HRMConfiguration {
        if let architecture { return architecture }
        guard FileManager.default.fileExists(atPath: configurationURL.path) else {
            throw .missingSettings(path: url.path)
        }
        let text: String
        do throws(FileError) {
            text = try InputFile.text(configurationURL, limit: ArchitectureRecord.largestSize)
        } catch {
            throw .file(.unreadable(path: error.path, reason: error.reason))
        }
        return try ArchitectureRecord.architecture(yaml: text, path: configurationURL.path)
    }
}

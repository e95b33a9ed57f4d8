public import Foundation
public import HRMData
public import HRMModel

/// The tensors of a file, whoever wrote it, under the names that the model gives them.
public struct WeightsFile: Sendable {
    /// What kind of file it is.
    public enum Format: String, Sendable {
        /// `torch.save` of a state dict.
        case pyTorch = "PyTorch"
        /// Safetensors, with a model's description in the metadata or without.
        case safetensors
    }

    /// What kind of file it was.
    public let format: Format
    /// The file, which is in a run folder when that was given.
    public let url: URL
    /// Names without the reference's prefixes.
    public let tensors: [String: SafetensorsTensor]
    /// The settings of the run, where the file holds them.
    public let configuration: TrainingConfiguration?
    /// What the data set decided, where the file says so.
    public let dimensions: PuzzleDimensions?
    /// The puzzle that the model is for, where the file says so.
    public let task: PuzzleTask?

    /// Reads a file; which kind it is, its first bytes tell.
    ///
    /// - Parameter source: A PyTorch file, a safetensors file, or a run folder.
    /// - Throws: ``PyTorchFileError``, ``CheckpointError``, ``RunFolderError`` or
    ///   ``ConfigurationFileError``.
    public init(contentsOf source: URL) throws {
        url = try ModelFile.source(source)
        let bytes: Data
        do throws(FileError) {
            bytes = try InputFile.mapped(url)
        } catch {
            throw CheckpointError.unreadable(path: error.path, reason: error.reason)
        }
        let found: [(String, SafetensorsTensor)]
        let description: ModelFile.Description?
        if PyTorchFile.isLikely(bytes) {
            format = .pyTorch
            let file = try PyTorchFile(bytes: bytes, path: url.path)
            found = file.names.compactMap { name in file[name].map { (name, $0) } }
            description = nil
        } else {
            format = .safetensors
            let file = try SafetensorsFile(bytes: bytes, path: url.path)
            found = file.names.compactMap { name in file[name].map { (name, $0) } }
            description = try ModelFile.Description(file.metadata, path: url.path)
        }
        configuration = description?.configuration
        dimensions = description?.dimensions
        task = description?.task
        tensors = try Self.stripped(found, path: url.path)
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

public import HRMFiles

/// The reason a checkpoint could not be read, written or used.
public enum CheckpointError: Error, Equatable, Sendable {
    /// The file cannot be read or written, or is not safetensors.
    case file(SafetensorsError)
    /// A tensor has a different shape from the expected one.
    case shapeMismatch(name: String, expected: [Int], found: [Int])
    /// The tensors do not match those of the model.
    case otherTensors(path: String, TensorDifferences)
    /// The file has a format from which this package cannot read weights.
    case otherFormat(path: String, kind: String, remedy: String)
    /// The folder is not a run folder, but contains files that may hold weights.
    case folderOfWeights(path: String, files: [String])
    /// The folder contains no model.
    case folderWithoutModel(path: String)
    /// The weights file contains no model settings, and there is no `all_config.yaml` beside it.
    case missingSettings(path: String)
    /// A weight is NaN or infinite.
    case notFinite(path: String, name: String)
    /// The model description in the file's metadata is missing or invalid.
    case unusableMetadata(path: String, reason: String)
}

extension CheckpointError: CustomStringConvertible {
    /// One sentence that states the problem, the file and the remedy.
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .shapeMismatch(let name, let expected, let found):
            "tensor '\(name.shown)' has shape \(found), the model needs \(expected); was it written "
                + "with another configuration or data set?"
        case .otherTensors(let path, let differences):
            "\(path): its tensors are not those of the model: \(differences); was it written with "
                + "another configuration or data set?"
        case .otherFormat(let path, let kind, let remedy): "\(path) is \(kind); \(remedy)"
        case .folderOfWeights(let path, let files):
            "\(path) is not a run folder; name a file in it that holds weights: "
                + Self.listed(files.map(\.shown))
        case .folderWithoutModel(let path):
            "\(path) is not a run folder: it has no \(RunFolderNames.model)"
        case .missingSettings(let path):
            "\(path) does not hold the settings of its run, and no all_config.yaml lies beside it; "
                + "put one there, or add them with 'hrm convert \(Self.name(path)) --config "
                + "all_config.yaml --output model.safetensors'"
        case .notFinite(let path, let name):
            "\(path): tensor '\(name.shown)' has a number that is infinite or not a number (NaN), so the "
                + "model can compute nothing; use an earlier checkpoint"
        case .unusableMetadata(let path, let reason): "\(path): \(reason)"
        }
    }

    private static func name(_ path: String) -> Substring {
        path.split(separator: "/").last ?? "FILE"
    }

    /// The first names of a list, and the number of the remaining ones.
    private static func listed(_ names: [String]) -> String {
        let shown = 5
        let more = names.count > shown ? " and \(names.count - shown) more" : ""
        return names.prefix(shown).joined(separator: ", ") + more
    }

    /// Returns the value of a body that reads or writes a safetensors file.
    package static func wrapping<Value>(
        _ body: () throws(SafetensorsError) -> Value
    ) throws(CheckpointError) -> Value {
        do throws(SafetensorsError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}

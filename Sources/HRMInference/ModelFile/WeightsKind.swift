import Foundation
import HRMData
import HRMFiles

extension FileKind {
    /// Checks that a file has a format from which this package can read weights.
    ///
    /// - Parameters:
    ///   - file: The complete file.
    ///   - path: The file's name, for messages.
    /// - Returns: True for a PyTorch file, false for a safetensors file.
    /// - Throws: ``CheckpointError/otherFormat(path:kind:remedy:)`` with the format and the remedy.
    static func isPyTorch(_ file: Data, path: String) throws(CheckpointError) -> Bool {
        let kind = FileKind(file)
        switch kind {
        case .pyTorch, .legacyPyTorch: return true
        // The reader of the format gives the best message about a short file.
        case .safetensors, .empty: return false
        default:
            let name = URL(fileURLWithPath: path).lastPathComponent
            throw .otherFormat(
                path: path, kind: kind.name, remedy: kind.weightsRemedy(name))
        }
    }

    /// Explains how to convert a file of this kind to weights that this package reads.
    private func weightsRemedy(_ name: String) -> String {
        let wanted = "weights are read from a safetensors file, a PyTorch file or a run folder"
        let resave = "torch.save(model.state_dict(), 'step_1')"
        return switch self {
        case .torchScript:
            "save its weights in Python with torch.save(torch.jit.load('\(name)').state_dict(), "
                + "'step_1'), and take that to 'hrm convert'"
        case .pickle:
            "it was not written by torch.save; load it in Python, if you trust it, and save the "
                + "tensors with torch.save"
        case .numpyArchive:
            "write its arrays in Python with safetensors.numpy.save_file("
                + "dict(numpy.load('\(name)')), 'model.safetensors'), and take that to 'hrm convert'"
        case .numpyArray:
            "a model has many tensors: write all of them in Python with "
                + "safetensors.numpy.save_file, and take that to 'hrm convert'"
        case .onnx: "save the weights of the model it was exported from with \(resave)"
        case .gguf, .hdf5: "it is not of a model of this package; \(wanted)"
        case .weightsIndex:
            "put the files that it names together in Python with safetensors.torch.load_file and "
                + "save_file, and take the result to 'hrm convert'"
        default: unpacking(name) ?? wanted
        }
    }
}

package import HRMFiles

extension ModelFile {
    /// Returns the weights as a PyTorch file.
    ///
    /// - Parameter names: The prefix of the tensor names.
    /// - Returns: A file that, once written, `torch.load(path, weights_only=True)` can read.
    package func pyTorchFile(names: ReferenceNames) -> PyTorchFile {
        var file = PyTorchFile()
        for (name, tensor) in model.namedTensors { file[names.prefix + name] = tensor }
        return file
    }
}

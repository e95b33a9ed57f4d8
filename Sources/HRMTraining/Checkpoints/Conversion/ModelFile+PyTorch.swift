public import HRMFiles

extension ModelFile {
    /// The weights as a PyTorch file holds them.
    ///
    /// - Parameter names: What stands in front of the model's names.
    /// - Returns: A file that `torch.load(path, weights_only=True)` reads when it is written.
    public func pyTorchFile(names: ReferenceNames) -> PyTorchFile {
        var file = PyTorchFile()
        for (name, tensor) in model.namedTensors { file[names.prefix + name] = tensor }
        return file
    }
}

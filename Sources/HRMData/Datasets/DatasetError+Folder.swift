import HRMFiles

extension DatasetError {
    /// Creates the error for a folder that could not be created.
    init(_ problem: AtomicFolder.Problem) {
        switch problem {
        case .exists(let path): self = .outputExists(path: path)
        case .unwritable(let path, let reason): self = .unwritable(path: path, reason: reason)
        }
    }
}

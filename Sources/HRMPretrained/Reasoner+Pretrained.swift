public import HRMInference

extension Reasoner {
    /// Creates a reasoner with a model included in the package, by the name that `hrm models` lists.
    ///
    /// - Parameter name: The model's name, such as `sudoku-9x9`.
    /// - Throws: `UnknownModelError` if no model has the name; the errors of
    ///   `PretrainedModel.load()`.
    public convenience init(pretrained name: String) throws {
        guard let model = PretrainedModel(rawValue: name) else {
            throw UnknownModelError(name: name)
        }
        try self.init(model)
    }
}

/// The error for a name that no included model has.
public struct UnknownModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The requested name.
    public var name: String

    /// One sentence that states the name and the available ones.
    public var description: String {
        "no model is named '\(name)'; the package includes "
            + PretrainedModel.allCases.map(\.rawValue).joined(separator: ", ")
    }
}

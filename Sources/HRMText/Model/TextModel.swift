public import HRMTensor

/// A text model with two loops: its configuration and its weights, which never change.
///
/// ``TextModel/load(folder:options:)`` reads the folder that `save_pretrained` writes.
public final class TextModel: Sendable {
    /// The extents and constants, corrected by the tensors' shapes.
    public let configuration: TextConfiguration
    /// Statements about disagreements between `config.json` and the tensors, and about members and
    /// tensors that have no effect.
    public let remarks: [String]
    /// The weights.
    package let weights: TextWeights
    /// The precision of products and of the key-value cache.
    package let precision: Precision
    /// The worker threads of each session.
    public let workers: Workers

    /// Creates a model.
    ///
    /// - Parameters:
    ///   - configuration: The extents, to which the weights' shapes belong.
    ///   - weights: The weights.
    ///   - precision: The precision of products and of the key-value cache.
    ///   - workers: The worker threads of each session.
    ///   - remarks: Statements for the user.
    package init(
        configuration: TextConfiguration, weights: TextWeights, precision: Precision,
        workers: Workers, remarks: [String] = []
    ) {
        self.configuration = configuration
        self.weights = weights
        self.precision = precision
        self.workers = workers
        self.remarks = remarks
    }
}

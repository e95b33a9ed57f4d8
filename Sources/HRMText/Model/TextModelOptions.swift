public import HRMTensor

/// The number format and the workers of a text model.
public struct TextModelOptions: Sendable, Hashable {
    /// The number format of weights in memory.
    public enum Weights: String, Sendable, Hashable, CaseIterable {
        /// The file's own format; the weights are mapped, not copied.
        case stored
        /// 8-bit integers with one bfloat16 factor for 32 weights; the embedding stays as stored.
        case int8
    }

    /// The number format of the activations.
    public enum Arithmetic: String, Sendable, Hashable, CaseIterable {
        /// bfloat16 if the weights are stored so, otherwise float32.
        case automatic
        /// float32.
        case float32
        /// bfloat16 between operations, float32 within; the residual sums are float32.
        case bfloat16
    }

    /// The number format of weights in memory.
    public var weights: Weights
    /// The number format of the activations and of the key-value cache.
    public var arithmetic: Arithmetic
    /// The worker threads.
    public var workers: Workers

    /// Creates options.
    public init(
        weights: Weights = .stored, arithmetic: Arithmetic = .automatic,
        workers: Workers = .available
    ) {
        self.weights = weights
        self.arithmetic = arithmetic
        self.workers = workers
    }
}

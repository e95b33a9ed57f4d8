/// The number format of the weights in a model file.
///
/// It is independent of `ActivationPrecision`, the format in which a model computes.
public enum WeightFormat: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 binary32, 4 bytes per weight.
    case float32
    /// The upper half of a binary32, 2 bytes per weight.
    case bfloat16
}

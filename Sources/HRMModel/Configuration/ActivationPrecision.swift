/// The number format in which activations are stored and weights enter products.
///
/// Master weights, gradients, optimizer state, norms, softmax and all sums are float32 in every
/// precision; `bfloat16` rounds only the values *stored* between two operations.
public enum ActivationPrecision: String, Sendable, Codable, Hashable, CaseIterable {
    /// IEEE 754 binary32, 4 bytes per element.
    case float32
    /// The upper half of a binary32: 8 exponent bits, 7 fraction bits, 2 bytes per element.
    case bfloat16

    /// The size of one stored activation, in bytes.
    public var byteCount: Int { self == .float32 ? 4 : 2 }
}

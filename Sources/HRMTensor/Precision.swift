/// The number format in which activations are stored and weights are used.
///
/// Master weights, gradients, optimizer state, norms, softmax and every sum stay in float32
/// whatever the precision; `bfloat16` rounds what is *stored* between two operations.
public enum Precision: String, Sendable, Codable, Hashable, CaseIterable {
    /// IEEE 754 binary32, 4 bytes an element.
    case float32
    /// The upper half of a binary32: 8 exponent bits, 7 fraction bits, 2 bytes an element.
    case bfloat16

    /// Bytes that one element takes in memory.
    public var byteCount: Int { self == .float32 ? 4 : 2 }

    /// The nearest number of this format; halves go to even.
    public func rounded(_ value: Float) -> Float {
        guard self == .bfloat16, value.isFinite else { return value }
        let bits = value.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
    }
}

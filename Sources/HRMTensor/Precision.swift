/// The number format in which activations are stored and weights are used.
///
/// Master weights, gradients, optimizer state, norms, softmax and all sums are float32 in every
/// precision; `bfloat16` rounds only the values *stored* between two operations.
package enum Precision: String, Sendable, Codable, Hashable, CaseIterable {
    /// IEEE 754 binary32, 4 bytes per element.
    case float32
    /// The upper half of a binary32: 8 exponent bits, 7 fraction bits, 2 bytes per element.
    case bfloat16

    /// The size of one element in memory, in bytes.
    package var byteCount: Int { self == .float32 ? 4 : 2 }

    /// Returns the nearest number of this format, ties to even.
    package func rounded(_ value: Float) -> Float {
        guard self == .bfloat16, value.isFinite else { return value }
        let bits = value.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000)
    }
}

internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Rotary position embedding in the half-split form, and the layout of the attention heads.
///
/// With `x = (x₁ | x₂)` the halves of a head and `φᵢ = t · θ^(−2i/d)` the angles at position `t`:
/// `x₁ ← x₁·cos φ − x₂·sin φ`, `x₂ ← x₂·cos φ + x₁·sin φ`.
package struct RotaryEmbedding: Sendable {
    /// `T`, positions of a sequence; position 0 is the first of the puzzle embedding's.
    package let positions: Int
    /// `nH`.
    package let headCount: Int
    /// `d`.
    package let headSize: Int
    /// `cos φ` and `sin φ`, shape `[positions, headSize / 2]`; nil without rotation.
    package let tables: (cosines: Matrix, sines: Matrix)?

    /// Creates the tables for rotation with base `theta`; with nil, queries and keys are not
    /// rotated.
    ///
    /// - Precondition: The head size is even if `theta` is not nil.
    package init(positions: Int, headCount: Int, headSize: Int, theta: Double?) {
        precondition(
            positions >= 1 && headCount >= 1 && headSize >= 1,
            "\(headCount) heads of size \(headSize) at \(positions) positions")
        self.positions = positions
        self.headCount = headCount
        self.headSize = headSize
        guard let theta else {
            tables = nil
            return
        }
        precondition(headSize.isMultiple(of: 2), "rotary embedding of heads of size \(headSize)")
        let half = headSize / 2
        // The reference computes exponent, power, inverse and angle in float32, each rounded; at
        // position 900 the last bit of an inverse changes a cosine by 6e-5. A power computed in
        // float64 rounds to the correct float32 on every platform.
        let inverses = (0..<half).map { i in
            let exponent = Float(2 * i) / Float(headSize)
            return 1 / Float(pow(Double(Float(theta)), Double(exponent)))
        }
        var cosines: [Float] = []
        var sines: [Float] = []
        for position in 0..<positions {
            for inverse in inverses {
                let angle = Float(position) * inverse
                cosines.append(Float(cos(Double(angle))))
                sines.append(Float(sin(Double(angle))))
            }
        }
        tables = (
            Matrix(cosines, rows: positions, columns: half),
            Matrix(sines, rows: positions, columns: half)
        )
    }

    var view: hrm_rotary {
        unsafe hrm_rotary(
            cosines: tables.map { unsafe UnsafePointer($0.cosines.floats()) },
            sines: tables.map { unsafe UnsafePointer($0.sines.floats()) },
            positions: positions, heads: headCount, head_size: headSize)
    }
}

internal import HRMModel

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The angles of the rotary embedding, `t·θ^(−2i/d)`, rounded to float32 at each step as in the
/// reference.
struct RotaryAngles {
    private let inverses: [Float]

    init(configuration: HRMConfiguration) {
        let size = Float(configuration.headSize)
        let base = Double(Float(configuration.ropeTheta))
        inverses = (0..<(configuration.headSize / 2)).map {
            1 / Float(pow(base, Double(Float(2 * $0) / size)))
        }
    }

    /// The angle of a pair of features at a position, in radians.
    func angle(position: Int, pair: Int) -> Double { Double(Float(position) * inverses[pair]) }

    static func cosine(_ angle: Double) -> Double { cos(angle) }
    static func sine(_ angle: Double) -> Double { sin(angle) }
}

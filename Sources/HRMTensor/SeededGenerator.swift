/// SplitMix64: a small, fast random number generator with a 64-bit state.
///
/// Randomness is an explicit parameter everywhere in this package: functions take a generator, and
/// equal seeds give equal runs. The state can be stored in a file and restored.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
    /// The complete state, which determines all future numbers.
    public var state: UInt64

    /// Creates a generator from a seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// Creates an independent stream for one purpose of a run, so that one part of a program can
    /// draw more or fewer numbers without affecting the others.
    ///
    /// - Parameters:
    ///   - seed: The seed of the run.
    ///   - stream: A number that identifies the purpose.
    public init(seed: UInt64, stream: UInt64) {
        var mixer = SeededGenerator(seed: seed)
        let scrambled = mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95)
        var second = SeededGenerator(seed: scrambled)
        state = second.next()
    }

    /// Returns 64 uniformly distributed bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Returns a uniform number in `0 ..< 1` with 24 random bits.
    public mutating func nextUnitFloat() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// Returns a uniform number in `0 ..< 1` with 53 random bits.
    public mutating func nextUnitDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}

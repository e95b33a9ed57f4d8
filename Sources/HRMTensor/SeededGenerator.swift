/// A small, fast generator whose whole state is one number: SplitMix64.
///
/// Randomness is a parameter everywhere in this package: a function that draws takes a generator,
/// and equal seeds give equal runs. The state can be stored in a file and picked up again.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
    /// All there is to know about what will be drawn next.
    public var state: UInt64

    /// A generator whose stream is a function of `seed` alone.
    public init(seed: UInt64) {
        state = seed
    }

    /// An independent stream for one purpose of a run, so that one part of a program can draw more
    /// or less without changing what another part sees.
    ///
    /// - Parameters:
    ///   - seed: The seed of the run.
    ///   - stream: A number that names the purpose.
    public init(seed: UInt64, stream: UInt64) {
        var mixer = SeededGenerator(seed: seed)
        let scrambled = mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95)
        var second = SeededGenerator(seed: scrambled)
        state = second.next()
    }

    /// The next 64 uniformly distributed bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A uniform number in `0 ..< 1` with 24 random bits.
    public mutating func nextUnitFloat() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// A uniform number in `0 ..< 1` with 53 random bits.
    public mutating func nextUnitDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}

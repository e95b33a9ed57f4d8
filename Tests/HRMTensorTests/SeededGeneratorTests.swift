import HRMTensor
import Testing

@Suite struct SeededGeneratorTests {
    /// The published first outputs of SplitMix64.
    @Test func theSequenceIsSplitMix64() {
        var zero = SeededGenerator(seed: 0)
        #expect(
            (0..<3).map { _ in zero.next() }
                == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
        var other = SeededGenerator(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in other.next() }
                == [
                    6_457_827_717_110_365_317, 3_203_168_211_198_807_973,
                    9_817_491_932_198_370_423,
                ])
    }

    @Test func aStoredStateGoesOnWhereItStopped() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5 { _ = generator.next() }
        var copy = SeededGenerator(seed: 0)
        copy.state = generator.state
        #expect(copy == generator)
        #expect((0..<4).map { _ in copy.next() } == (0..<4).map { _ in generator.next() })
    }

    @Test func streamsAndSeedsDiffer() {
        var seen: Set<UInt64> = []
        for seed in UInt64(0)..<20 {
            var plain = SeededGenerator(seed: seed)
            seen.insert(plain.next())
            for stream in UInt64(0)..<20 {
                var generator = SeededGenerator(seed: seed, stream: stream)
                var again = SeededGenerator(seed: seed, stream: stream)
                let first = generator.next()
                #expect(first == again.next())
                seen.insert(first)
            }
        }
        #expect(seen.count == 20 * 21)
    }

    @Test func unitNumbersLieInTheUnitInterval() {
        var generator = SeededGenerator(seed: 3)
        let floats = (0..<4000).map { _ in generator.nextUnitFloat() }
        let doubles = (0..<4000).map { _ in generator.nextUnitDouble() }
        #expect(floats.allSatisfy { (0..<1).contains($0) })
        #expect(doubles.allSatisfy { (0..<1).contains($0) })
        // All bits of the mantissa are drawn, and none beyond.
        #expect(floats.allSatisfy { ($0 * 0x1p24).rounded() == $0 * 0x1p24 })
        #expect(floats.contains { !($0 * 0x1p23).rounded().isEqual(to: $0 * 0x1p23) })
        // The standard error of the mean of n uniform numbers is 0.29/√n; five standard errors are
        // allowed.
        for mean in [
            floats.reduce(0.0) { $0 + Double($1) } / 4000, doubles.reduce(0, +) / 4000,
        ] {
            #expect(abs(mean - 0.5) < 5 * 0.29 / Double(4000).squareRoot())
        }
    }

    @Test func theLargestDrawStaysBelowOne() {
        #expect(Float(UInt64.max >> 40) * 0x1p-24 < 1)
        #expect(Double(UInt64.max >> 11) * 0x1p-53 < 1)
    }
}

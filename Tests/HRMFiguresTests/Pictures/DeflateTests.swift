import Testing

@testable import HRMFigures

@Suite struct DeflateTests {
    /// A separate generator, because these tests depend on no other module.
    struct Noise: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test func smallStreamsAreThese() {
        // Computed by hand: the header, 1 and 01 for the only block, the codes, the end, Adler-32.
        #expect(Deflate.zlibStream([]) == [0x78, 0x5E, 0x03, 0x00, 0, 0, 0, 1])
        #expect(Deflate.zlibStream([0x61]) == [0x78, 0x5E, 0x4B, 0x04, 0x00, 0, 0x62, 0, 0x62])
    }

    @Test func everyLengthAndDistanceComesBack() throws {
        for length in 1...600 {
            let plain = [UInt8](repeating: 7, count: length)
            #expect(try Inflate.zlib(Deflate.zlibStream(plain)) == plain)
        }
        var noise = Noise(state: 3)
        let pattern = (0..<40).map { _ in UInt8.random(in: .min ... .max, using: &noise) }
        for distance in [
            40, 41, 100, 255, 257, 1000, 4096, 8192, 20000, 32728, 32768, 32769, 50000,
        ] {
            let gap = (0..<(distance - 40)).map { _ in
                UInt8.random(in: .min ... .max, using: &noise)
            }
            let content = pattern + gap + pattern
            #expect(try Inflate.zlib(Deflate.zlibStream(content)) == content, "\(distance)")
        }
    }

    @Test(arguments: [1, 2, 3, 16, 256])
    func anyContentComesBack(_ symbols: Int) throws {
        var noise = Noise(state: UInt64(symbols))
        for count in [1, 2, 3, 4, 5, 257, 258, 259, 1000, 70_000] {
            let content = (0..<count).map { _ in UInt8(Int.random(in: 0..<symbols, using: &noise)) }
            let stream = Deflate.zlibStream(content)
            #expect(try Inflate.zlib(stream) == content, "\(count) of \(symbols)")
            // At most nine bits per byte.
            #expect(stream.count <= count * 9 / 8 + 9)
        }
    }

    @Test func repeatsTakeLittle() {
        #expect(Deflate.zlibStream([UInt8](repeating: 255, count: 1_000_000)).count < 10_000)
    }

    @Test func filtersAreUndone() throws {
        var noise = Noise(state: 8)
        for (rowLength, pixelLength) in [(1, 1), (3, 3), (30, 3), (17, 1)] {
            for symbols in [2, 256] {
                let samples = (0..<(rowLength * 20)).map { index -> UInt8 in
                    // Some rows repeat the one above, and some are uniform.
                    let row = index / rowLength
                    return row % 4 == 0
                        ? UInt8(row) : UInt8(Int.random(in: 0..<symbols, using: &noise))
                }
                let rows = PNGFilter.filtered(
                    samples, rowLength: rowLength, pixelLength: pixelLength)
                let undone = try DecodedPNG.unfiltered(
                    rows, rowLength: rowLength, pixelLength: pixelLength)
                #expect(undone == samples)
            }
        }
    }
}

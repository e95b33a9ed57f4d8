/// A picture of few colours as a PNG file (ISO/IEC 15948).
///
/// Its pixels are stored without compression: grids are small, and a file of stored blocks needs
/// no library.
struct PNGImage {
    let width: Int
    let height: Int
    /// At most 256; the index of each is in `pixels`.
    private(set) var palette: [RGBColor]
    private(set) var pixels: [UInt8]
    private var indices: [RGBColor: UInt8]

    init(width: Int, height: Int, color: RGBColor) {
        precondition(width >= 1 && height >= 1, "an image of \(width) × \(height) pixels")
        self.width = width
        self.height = height
        palette = [color]
        indices = [color: 0]
        pixels = [UInt8](repeating: 0, count: width * height)
    }

    /// Colours a rectangle, which must lie within the image.
    ///
    /// - Precondition: The image has at most 256 colours.
    mutating func fill(rows: Range<Int>, columns: Range<Int>, _ color: RGBColor) {
        let index = index(of: color)
        for row in rows {
            for column in columns { pixels[row * width + column] = index }
        }
    }

    private mutating func index(of color: RGBColor) -> UInt8 {
        if let index = indices[color] { return index }
        guard let index = UInt8(exactly: palette.count) else {
            preconditionFailure("more than \(palette.count) colours in one image")
        }
        palette.append(color)
        indices[color] = index
        return index
    }

    /// The bytes of the file.
    var bytes: [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            rows.append(0)  // The row is not filtered.
            rows += pixels[(row * width)..<((row + 1) * width)]
        }
        // Eight bits a pixel, colours from the palette, the only compression, the only filter
        // method, not interlaced.
        let header = Self.bigEndian(width) + Self.bigEndian(height) + [8, 3, 0, 0, 0]
        let colors = palette.flatMap { [$0.red, $0.green, $0.blue] }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + Self.chunk("IHDR", header) + Self.chunk("PLTE", colors)
            + Self.chunk("IDAT", Self.stored(rows)) + Self.chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + content
        return bigEndian(content.count) + named + bigEndian(Int(Checksums.crc32(named)))
    }

    /// A zlib stream (RFC 1950) of blocks that are stored as they are (RFC 1951, 3.2.4).
    private static func stored(_ content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        result.reserveCapacity(content.count + content.count / 1000 + 16)
        for start in stride(from: 0, to: content.count, by: 0xFFFF) {
            let block = content[start..<min(start + 0xFFFF, content.count)]
            let length = UInt16(block.count)
            result.append(block.endIndex == content.count ? 1 : 0)
            for number in [length, ~length] {
                result.append(UInt8(truncatingIfNeeded: number))
                result.append(UInt8(truncatingIfNeeded: number >> 8))
            }
            result += block
        }
        return result + bigEndian(Int(Checksums.adler32(content)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// The checksums of PNG and zlib.
enum Checksums {
    /// The remainders of the 256 bytes for the polynomial of ISO 3309.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        let table = table
        return ~bytes.reduce(~UInt32(0)) { value, byte in
            table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ (value >> 8)
        }
    }

    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}

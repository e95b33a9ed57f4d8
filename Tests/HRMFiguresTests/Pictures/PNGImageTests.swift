import Testing

@testable import HRMFigures

/// A reader for exactly the kind of file that is written, based on the specification.
struct DecodedPNG {
    var width = 0
    var height = 0
    var palette: [RGBColor] = []
    /// Palette indices, or red, green and blue of each pixel.
    var pixels: [UInt8] = []
    private var isIndexed = true

    struct Damage: Error {
        var reason: String
    }

    init(_ bytes: [UInt8]) throws {
        func require(_ condition: Bool, _ reason: String) throws {
            if !condition { throw Damage(reason: reason) }
        }
        func number(_ slice: ArraySlice<UInt8>) -> Int { slice.reduce(0) { $0 << 8 | Int($1) } }
        try require(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]), "signature")
        var stream: [UInt8] = []
        var names: [String] = []
        var position = 8
        while position < bytes.count {
            let length = number(bytes[position..<(position + 4)])
            let named = bytes[(position + 4)..<(position + 8 + length)]
            let name = String(decoding: named.prefix(4), as: UTF8.self)
            let content = named.dropFirst(4)
            let end = position + 8 + length
            try require(Self.crc(named) == number(bytes[end..<(end + 4)]), "CRC of \(name)")
            names.append(name)
            switch name {
            case "IHDR":
                width = number(content.prefix(4))
                height = number(content.dropFirst(4).prefix(4))
                let kind = Array(content.dropFirst(8))
                isIndexed = kind[1] == 3
                try require([[8, 3, 0, 0, 0], [8, 2, 0, 0, 0]].contains(kind), "kind of image")
            case "PLTE":
                let values = Array(content)
                palette = stride(from: 0, to: values.count, by: 3).map {
                    RGBColor(UInt32(number(values[$0..<($0 + 3)])))
                }
            case "IDAT": stream += content
            default: break
            }
            position = end + 4
        }
        let expected =
            isIndexed ? ["IHDR", "PLTE", "IDAT", "IEND"] : ["IHDR", "IDAT", "IEND"]
        try require(names == expected, "\(names)")
        let rows = try Inflate.zlib(stream)
        let pixelLength = isIndexed ? 1 : 3
        try require(rows.count == (width * pixelLength + 1) * height, "number of pixels")
        pixels = try Self.unfiltered(
            rows, rowLength: width * pixelLength, pixelLength: pixelLength)
    }

    /// Returns rows of pixels without the filters applied before compression.
    static func unfiltered(
        _ rows: [UInt8], rowLength: Int, pixelLength: Int
    ) throws -> [UInt8] {
        var pixels: [UInt8] = []
        for start in stride(from: 0, to: rows.count, by: rowLength + 1) {
            let filter = rows[start]
            for (column, byte) in rows[(start + 1)..<(start + 1 + rowLength)].enumerated() {
                let left = column >= pixelLength ? pixels[pixels.count - pixelLength] : 0
                let above = start > 0 ? pixels[pixels.count - rowLength] : 0
                switch filter {
                case 0: pixels.append(byte)
                case 1: pixels.append(byte &+ left)
                case 2: pixels.append(byte &+ above)
                default: throw Damage(reason: "filter \(filter)")
                }
            }
        }
        return pixels
    }

    /// The CRC of PNG, bit by bit.
    private static func crc(_ bytes: ArraySlice<UInt8>) -> Int {
        var register: UInt32 = .max
        for byte in bytes {
            for bit in 0..<8 {
                let isOdd = (register ^ UInt32(byte >> bit)) & 1 == 1
                register = register >> 1 ^ (isOdd ? 0xEDB8_8320 : 0)
            }
        }
        return Int(~register)
    }

    func color(row: Int, column: Int) -> RGBColor {
        let place = row * width + column
        guard !isIndexed else { return palette[Int(pixels[place])] }
        let channels = pixels[(3 * place)..<(3 * place + 3)].map { UInt32($0) }
        return RGBColor(channels[0] << 16 | channels[1] << 8 | channels[2])
    }
}

@Suite struct PNGImageTests {
    @Test func pixelsAreReadBack() throws {
        var image = PNGImage(width: 300, height: 250, color: RGBColor(0xFFFFFF))
        let places = (0..<250).map { ($0, $0 * 7 % 300, RGBColor(UInt32($0 * 66_001))) }
        for (row, column, color) in places {
            image.fill(rows: row..<(row + 1), columns: column..<(column + 1), color)
        }
        let decoded = try DecodedPNG(image.bytes)
        #expect(decoded.width == 300 && decoded.height == 250)
        #expect(decoded.pixels.count == 75_000)
        for (row, column, color) in places {
            #expect(decoded.color(row: row, column: column) == color)
        }
        #expect(decoded.pixels.filter { $0 != 0 }.count == 250)
    }

    @Test func checksumsAreThoseOfTheStandards() {
        let text = Array("123456789".utf8)
        #expect(Checksums.crc32(text) == 0xCBF4_3926)
        #expect(Checksums.adler32(text) == 0x091E_01DE)
        #expect(Checksums.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
        #expect(Checksums.crc32([]) == 0 && Checksums.adler32([]) == 1)
    }

    @Test func sheetsShowTheirCells() throws {
        let sheet = PictureSheet(rows: [[.init("", PictureSheetTests.small)]])
        let decoded = try DecodedPNG(sheet.png)
        let layout = SheetLayout(sheet)
        #expect(decoded.width == layout.width && decoded.height == layout.height)
        let (x, y) = (layout.panels[0].x, layout.panels[0].y)
        // Near the corners of the cells, where there is neither a line nor a glyph.
        #expect(decoded.color(row: y + 3, column: x + 3) == PictureSheetTests.white)
        #expect(decoded.color(row: y + 3, column: x + 27) == PictureSheetTests.red)
        #expect(decoded.color(row: y + 27, column: x + 27) == PictureSheetTests.white)
        #expect(decoded.color(row: y + 24, column: x + 3) == SheetLayout.heavyLine)
        #expect(decoded.color(row: y + 3, column: x + 24) == SheetLayout.thinLine)
        let lower = (25..<48).flatMap { row in
            (25..<47).map { decoded.color(row: y + row, column: x + $0) }
        }
        #expect(lower.contains(PictureSheetTests.red))
    }

    @Test func whatIsOutsideIsLeftOut() throws {
        var canvas = Canvas(width: 4, height: 3, color: RGBColor(0))
        canvas.fill(x: -5, y: -5, width: 7, height: 6, RGBColor(1))
        canvas.fill(x: 3, y: 2, width: 9, height: 9, RGBColor(2))
        canvas.fill(x: 9, y: 9, width: 2, height: 2, RGBColor(3))
        canvas.fill(x: -9, y: -9, width: 2, height: 2, RGBColor(3))
        let decoded = try DecodedPNG(canvas.image.bytes)
        #expect(
            decoded.pixels.map { Int(decoded.palette[Int($0)].blue) } == [
                1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
            ])
    }

    @Test func lettersAreTold() {
        // Every printable ASCII character but the space.
        let letters = (0x21...0x7E).map { Character(Unicode.Scalar(UInt8($0))) }
        let shapes = letters.map { letter in
            BitmapFont.dots(of: letter).map { $0.row * 3 + $0.column }
        }
        #expect(Set(shapes).count == 94)
        #expect(shapes.allSatisfy { $0.count < 15 })
        #expect(shapes.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0..<15).contains($0) } })
        #expect(BitmapFont.dots(of: "😀").count == 15)
        #expect(BitmapFont.dots(of: " ").isEmpty)
        #expect(BitmapFont.width(of: "12", scale: 2) == 14)
        #expect(BitmapFont.width(of: "", scale: 2) == 0)
    }
}

/// An indexed-colour image.
struct PNGImage {
    let width: Int
    let height: Int
    /// At most 256 colours; `pixels` contains indices into it.
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

    /// Fills a rectangle within the image.
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
        PNGFile.bytes(of: pixels, width: width, height: height, pixels: .indexed(palette))
    }
}

/// A full-colour image with anti-aliased lines; drawing is clipped at its edges.
struct RasterImage: Hashable {
    let width: Int
    let height: Int
    /// Red, green and blue of each pixel, row by row.
    private(set) var samples: [UInt8]

    init(width: Int, height: Int, color: RGBColor) {
        precondition(width >= 1 && height >= 1, "an image of \(width) × \(height) pixels")
        self.width = width
        self.height = height
        let pixel = [color.red, color.green, color.blue]
        samples = []
        samples.reserveCapacity(3 * width * height)
        for _ in 0..<(width * height) { samples += pixel }
    }

    /// The bytes of the PNG file.
    var bytes: [UInt8] {
        PNGFile.bytes(of: samples, width: width, height: height, pixels: .rgb)
    }

    /// Returns the colour of a pixel.
    func color(x: Int, y: Int) -> RGBColor {
        let place = 3 * (y * width + x)
        let channels = (0..<3).map { UInt32(samples[place + $0]) }
        return RGBColor(channels[0] << 16 | channels[1] << 8 | channels[2])
    }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: RGBColor) {
        for row in (y..<(y + height)).clamped(to: 0..<self.height) {
            for column in (x..<(x + width)).clamped(to: 0..<self.width) {
                mix(color, x: column, y: row, share: 1)
            }
        }
    }

    /// Copies an indexed-colour image.
    mutating func place(_ image: PNGImage, x: Int, y: Int) {
        for row in (y..<(y + image.height)).clamped(to: 0..<height) {
            for column in (x..<(x + image.width)).clamped(to: 0..<width) {
                let pixel = image.pixels[(row - y) * image.width + column - x]
                mix(image.palette[Int(pixel)], x: column, y: row, share: 1)
            }
        }
    }

    mutating func write(_ text: String, x: Int, y: Int, scale: Int, _ color: RGBColor) {
        for (index, character) in text.enumerated() {
            let left = x + index * BitmapFont.advance * scale
            for dot in BitmapFont.dots(of: character) {
                fill(
                    x: left + dot.column * scale, y: y + dot.row * scale, width: scale,
                    height: scale, color)
            }
        }
    }

    /// Draws a line with round ends and corners.
    ///
    /// A pixel is blended according to its coverage, which is computed from the distance of its
    /// center to the line. Self-intersections do not become darker.
    mutating func stroke(_ points: [LineChart.Point], width lineWidth: Double, _ color: RGBColor) {
        var coverage: [Int: Double] = [:]
        for (start, end) in zip(points, points.dropFirst()) {
            cover(Segment(start: start, end: end, radius: lineWidth / 2), &coverage)
        }
        for (place, share) in coverage {
            mix(color, x: place % width, y: place / width, share: share)
        }
    }

    private func cover(_ segment: Segment, _ coverage: inout [Int: Double]) {
        for y in segment.rows.clamped(to: 0..<height) {
            for x in segment.columns(inRow: y).clamped(to: 0..<width) {
                let share = segment.coverage(x: x, y: y)
                let place = y * width + x
                if share > coverage[place, default: 0] { coverage[place] = share }
            }
        }
    }

    private mutating func mix(_ color: RGBColor, x: Int, y: Int, share: Double) {
        let place = 3 * (y * width + x)
        for (channel, value) in [color.red, color.green, color.blue].enumerated() {
            let before = Double(samples[place + channel])
            let mixed = before + (Double(value) - before) * share
            samples[place + channel] = UInt8(mixed.rounded())
        }
    }
}

/// A straight piece of a line.
private struct Segment {
    var start: LineChart.Point
    var end: LineChart.Point
    /// Half of the line's width.
    var radius: Double

    /// The rows that the segment can touch.
    var rows: Range<Int> { Self.pixels(from: min(start.y, end.y), to: max(start.y, end.y), radius) }

    /// Returns the columns that the segment can touch in a row.
    func columns(inRow row: Int) -> Range<Int> {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let all = Self.pixels(from: min(start.x, end.x), to: max(start.x, end.x), radius)
        guard dy != 0 else { return all }
        // The part of a steep segment within reach of a row lies between these two points.
        let reach = radius + 1
        let crossings = [Double(row) + 0.5 - reach, Double(row) + 0.5 + reach].map { y in
            start.x + dx * min(max((y - start.y) / dy, 0), 1)
        }
        let (least, most) = (min(crossings[0], crossings[1]), max(crossings[0], crossings[1]))
        return Self.pixels(from: least, to: most, radius).clamped(to: all)
    }

    /// Returns the covered share of a pixel, 0 through 1.
    func coverage(x: Int, y: Int) -> Double {
        let (px, py) = (Double(x) + 0.5 - start.x, Double(y) + 0.5 - start.y)
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = dx * dx + dy * dy
        let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
        let (ox, oy) = (px - along * dx, py - along * dy)
        return min(max(radius + 0.5 - (ox * ox + oy * oy).squareRoot(), 0), 1)
    }

    private static func pixels(from least: Double, to most: Double, _ radius: Double) -> Range<Int>
    {
        Int((least - radius - 1).rounded(.down))..<(Int((most + radius + 1).rounded(.up)) + 1)
    }
}

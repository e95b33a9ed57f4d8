extension ChartSheet {
    /// The sheet as the bytes of a PNG file; equal sheets give equal bytes.
    public var png: [UInt8] { raster.bytes }

    /// The sheet as pixels.
    var raster: RasterImage {
        let size = size
        var image = RasterImage(width: size.width, height: size.height, color: ChartLayout.paper)
        draw(on: &image, top: 0)
        return image
    }

    /// The size of the sheet in pixels.
    var size: (width: Int, height: Int) {
        let height = layouts(top: 0).reduce(0) { $0 + $1.height }.rounded(.up)
        return (Int(ChartLayout.width), max(1, Int(height)))
    }

    /// Draws the charts onto a larger picture.
    func draw(on image: inout RasterImage, top: Double) {
        for mark in layouts(top: top).flatMap(\.marks) { Self.draw(mark, on: &image) }
    }

    private static func draw(_ mark: ChartMark, on image: inout RasterImage) {
        switch mark {
        case .box(let x, let y, let width, let height, let color):
            image.fill(
                x: Int(x.rounded()), y: Int(y.rounded()), width: Int(width.rounded()),
                height: Int(height.rounded()), color)
        case .line(let points, let width, let color):
            image.stroke(points, width: width, color)
        case .dot(let place, let radius, let color):
            image.stroke([place, place], width: 2 * radius, color)
        case .text(let words, let place, let style, let color):
            let width = style.width(of: words)
            let left =
                switch style.anchor {
                case .start: place.x
                case .middle: place.x - width / 2
                case .end: place.x - width
                }
            let top = place.y - Double(BitmapFont.height * style.scale) / 2
            image.write(
                words, x: Int(left.rounded()), y: Int(top.rounded()), scale: style.scale, color)
        }
    }
}

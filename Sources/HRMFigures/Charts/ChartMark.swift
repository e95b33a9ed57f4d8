/// An element of a chart, in pixels from the upper left corner, for both SVG and PNG.
enum ChartMark: Hashable {
    /// A filled rectangle.
    case box(x: Double, y: Double, width: Double, height: Double, RGBColor)
    /// A line through points.
    case line([LineChart.Point], width: Double, RGBColor)
    /// A filled circle.
    case dot(LineChart.Point, radius: Double, RGBColor)
    /// A text, vertically centered at the point.
    case text(String, LineChart.Point, ChartText, RGBColor)
}

/// The appearance of a text in a chart.
struct ChartText: Hashable {
    /// The point of the text that lies at its position.
    enum Anchor: String {
        case start
        case middle
        case end
    }

    var anchor = Anchor.start
    var isTitle = false

    /// The font size in an SVG file.
    var fontSize: Int { isTitle ? 15 : 12 }
    /// The size of a font dot in a PNG file, in pixels.
    var scale: Int { isTitle ? 3 : 2 }

    /// Returns the width reserved for a text; SVG fonts are narrower.
    func width(of text: String) -> Double { Double(BitmapFont.width(of: text, scale: scale)) }

    /// Returns the longest prefix of a text that fits.
    func shortened(_ text: String, toWidth room: Double) -> String {
        guard width(of: text) > room else { return text }
        let letters = Int(room) / (BitmapFont.advance * scale)
        return String(text.prefix(max(0, letters - 2))) + ".."
    }
}

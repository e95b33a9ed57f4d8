/// An element of a chart, in pixels from the upper left corner; SVG and PNG draw the same.
enum ChartMark: Hashable {
    /// A filled rectangle.
    case box(x: Double, y: Double, width: Double, height: Double, RGBColor)
    /// A line through points.
    case line([LineChart.Point], width: Double, RGBColor)
    /// A filled circle.
    case dot(LineChart.Point, radius: Double, RGBColor)
    /// A text, with the middle of its height at the place.
    case text(String, LineChart.Point, ChartText, RGBColor)
}

/// The appearance of a text in a chart.
struct ChartText: Hashable {
    /// The part of the text at its position.
    enum Anchor: String {
        case start
        case middle
        case end
    }

    var anchor = Anchor.start
    var isTitle = false

    /// Height of letters in an SVG file.
    var fontSize: Int { isTitle ? 15 : 12 }
    /// Pixels a dot in a PNG file.
    var scale: Int { isTitle ? 3 : 2 }

    /// Room for a text; letters of an SVG file are narrower.
    func width(of text: String) -> Double { Double(BitmapFont.width(of: text, scale: scale)) }

    /// As much of the beginning of a text as there is room for.
    func shortened(_ text: String, toWidth room: Double) -> String {
        guard width(of: text) > room else { return text }
        let letters = Int(room) / (BitmapFont.advance * scale)
        return String(text.prefix(max(0, letters - 2))) + ".."
    }
}

extension ChartSheet {
    /// The charts in a column.
    var layouts: [ChartLayout] { layouts(top: 0) }

    /// Returns the charts in a column with a given upper edge.
    func layouts(top: Double) -> [ChartLayout] {
        var top = top
        return charts.map { chart in
            let layout = ChartLayout(chart, top: top)
            top += layout.height
            return layout
        }
    }

    /// The sheet as an SVG document; equal sheets give equal bytes.
    public var svg: String {
        SVGFile.text(
            width: Self.text(ChartLayout.width),
            height: Self.text(layouts.reduce(0) { $0 + $1.height }), elements: svgElements)
    }

    /// All elements of the sheet except its background.
    var svgElements: [String] { layouts.flatMap(\.marks).map(Self.element) }

    private static func element(_ mark: ChartMark) -> String {
        switch mark {
        case .box(let x, let y, let width, let height, let color):
            return "<rect x=\"\(text(x))\" y=\"\(text(y))\" width=\"\(text(width))\" "
                + "height=\"\(text(height))\" fill=\"\(color.text)\"/>"
        case .line(let points, let width, let color):
            let places = points.map { "\(text($0.x)),\(text($0.y))" }.joined(separator: " ")
            return "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(color.text)\" "
                + "stroke-width=\"\(width)\" stroke-linejoin=\"round\"/>"
        case .dot(let place, let radius, let color):
            return "<circle cx=\"\(text(place.x))\" cy=\"\(text(place.y))\" r=\"\(text(radius))\" "
                + "fill=\"\(color.text)\"/>"
        case .text(let words, let place, let style, let color):
            return "<text x=\"\(text(place.x))\" y=\"\(text(place.y))\" "
                + "text-anchor=\"\(style.anchor.rawValue)\" dominant-baseline=\"central\" "
                + "font-size=\"\(style.fontSize)\" fill=\"\(color.text)\">"
                + "\(words.escapedForXML)</text>"
        }
    }

    /// Returns a length with at most one decimal.
    private static func text(_ length: Double) -> String {
        let fixed = NumberText.fixed(length, digits: 1)
        return fixed.hasSuffix(".0") ? String(fixed.dropLast(2)) : fixed
    }
}

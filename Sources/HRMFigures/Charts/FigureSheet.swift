/// Pictures and charts in a column, in one file.
public struct FigureSheet: Sendable, Hashable {
    /// A part of the sheet.
    public enum Part: Sendable, Hashable {
        /// Pictures in rows.
        case pictures(PictureSheet)
        /// Curves.
        case charts(ChartSheet)

        fileprivate var size: (width: Int, height: Int) {
            switch self {
            case .pictures(let sheet): sheet.pngSize
            case .charts(let sheet): sheet.size
            }
        }
    }

    /// The parts from top to bottom.
    public var parts: [Part]

    /// Creates a sheet.
    ///
    /// - Parameter parts: The parts from top to bottom.
    public init(_ parts: [Part]) {
        self.parts = parts
    }

    /// The size of the whole sheet in pixels.
    private var size: (width: Int, height: Int) {
        parts.map(\.size).reduce((1, 0)) { (max($0.0, $1.width), $0.1 + $1.height) }
    }

    /// Each part with the position of its upper edge in pixels.
    private var placed: [(part: Part, top: Int)] {
        var top = 0
        return parts.map { part in
            defer { top += part.size.height }
            return (part, top)
        }
    }

    /// The sheet as an SVG document; equal sheets give equal bytes.
    public var svg: String {
        let size = size
        let elements = placed.flatMap { part, top in
            let inside =
                switch part {
                case .pictures(let sheet): SheetLayout(sheet).svgElements
                case .charts(let sheet): sheet.svgElements
                }
            return ["<g transform=\"translate(0 \(top))\">"] + inside + ["</g>"]
        }
        return SVGFile.text(
            width: "\(size.width)", height: "\(max(1, size.height))", elements: elements)
    }

    /// The sheet as the bytes of a PNG file; equal sheets give equal bytes.
    public var png: [UInt8] {
        let size = size
        var image = RasterImage(
            width: size.width, height: max(1, size.height), color: SheetLayout.paper)
        for (part, top) in placed {
            switch part {
            case .pictures(let sheet):
                let layout = SheetLayout(sheet)
                var canvas = Canvas(
                    width: layout.width, height: layout.height, color: SheetLayout.paper)
                canvas.draw(layout)
                image.place(canvas.image, x: 0, y: top)
            case .charts(let sheet): sheet.draw(on: &image, top: Double(top))
            }
        }
        return image.bytes
    }
}

/// A looping animation of picture sheets.
public struct AnimatedSheet: Sendable, Hashable {
    /// A sheet and its display time.
    public struct Frame: Sendable, Hashable {
        /// The sheet.
        public var sheet: PictureSheet
        /// The display time in seconds.
        public var seconds: Double

        /// Creates a frame.
        ///
        /// - Parameters:
        ///   - sheet: The sheet.
        ///   - seconds: The display time in seconds, above 0.
        public init(_ sheet: PictureSheet, seconds: Double) {
            precondition(seconds > 0 && seconds.isFinite, "a frame of \(seconds) seconds")
            self.sheet = sheet
            self.seconds = seconds
        }
    }

    /// The frames in order, at least one.
    public let frames: [Frame]

    /// Creates an animation.
    ///
    /// - Parameter frames: The frames in order, at least one.
    public init(frames: [Frame]) {
        precondition(!frames.isEmpty, "an animation without frames")
        self.frames = frames
    }

    /// The size of the largest sheet in each direction, in pixels.
    private var size: (width: Int, height: Int) {
        frames.map(\.sheet.pngSize).reduce((1, 1)) { (max($0.0, $1.width), max($0.1, $1.height)) }
    }

    /// The animation as an SVG document without scripts; equal animations give equal bytes.
    ///
    /// Viewers without animation support show the last frame.
    public var svg: String {
        let size = size
        let total = frames.reduce(0) { $0 + $1.seconds }
        var start = 0.0
        let elements = frames.enumerated().flatMap { index, frame in
            let end = start + frame.seconds
            defer { start = end }
            let isFirst = index == 0
            let isLast = index == frames.count - 1
            let inside = SheetLayout(frame.sheet).svgElements
            guard frames.count > 1 else { return inside }
            // The changes of this frame's visibility, at fractions of the total time.
            let turns =
                (isFirst ? [] : [("hidden", 0)]) + [("visible", start / total)]
                + (isLast ? [] : [("hidden", end / total)])
            let values = turns.map(\.0).joined(separator: ";")
            let times = turns.map { NumberText.fixed($0.1, digits: 6) }.joined(separator: ";")
            return ["<g visibility=\"\(isLast ? "visible" : "hidden")\">"] + inside + [
                "<animate attributeName=\"visibility\" values=\"\(values)\" keyTimes=\"\(times)\" "
                    + "calcMode=\"discrete\" dur=\"\(NumberText.fixed(total, digits: 3))s\" "
                    + "repeatCount=\"indefinite\"/>",
                "</g>",
            ]
        }
        return SVGFile.text(width: "\(size.width)", height: "\(size.height)", elements: elements)
    }

    /// The animation as the bytes of a GIF file; equal animations give equal bytes.
    ///
    /// - Precondition: All frames together have at most 256 colours.
    public var gif: [UInt8] {
        let size = size
        // All frames share one canvas and therefore one palette.
        var canvas = Canvas(width: size.width, height: size.height, color: SheetLayout.paper)
        let images = frames.map { frame in
            canvas.fill(
                x: 0, y: 0, width: size.width, height: size.height, SheetLayout.paper)
            canvas.draw(SheetLayout(frame.sheet))
            return GIFFile.Frame(pixels: canvas.image.pixels, seconds: frame.seconds)
        }
        return GIFFile.bytes(
            of: images, width: size.width, height: size.height, palette: canvas.image.palette)
    }
}

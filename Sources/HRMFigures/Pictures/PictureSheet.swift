/// Pictures with captions in rows, for instance the input and output of each example.
public struct PictureSheet: Sendable, Hashable {
    /// A picture and its caption.
    public struct Panel: Sendable, Hashable {
        /// The title above the picture.
        public var caption: String
        /// The picture.
        public var picture: GridPicture

        /// Creates a picture with a caption.
        ///
        /// - Parameters:
        ///   - caption: The title above the picture.
        ///   - picture: The picture.
        public init(_ caption: String, _ picture: GridPicture) {
            self.caption = caption
            self.picture = picture
        }
    }

    /// The rows from top to bottom, each with its panels from left to right.
    public var rows: [[Panel]]

    /// Creates a sheet.
    ///
    /// - Parameter rows: The rows from top to bottom, each with its panels from left to right.
    public init(rows: [[Panel]]) {
        self.rows = rows
    }

    /// Returns the sheet as text for a terminal.
    ///
    /// - Parameters:
    ///   - width: The width of the terminal in columns.
    ///   - color: True to colour the cells with ANSI codes; otherwise only glyphs are shown.
    /// - Returns: Lines that end with line feeds.
    public func text(width: Int, color: Bool) -> String {
        rows.map { panels in
            let blocks = panels.map { panel in
                CaptionedBlock(
                    caption: panel.caption, lineWidth: panel.picture.width,
                    lines: panel.picture.lines(color: color))
            }
            return BlockStrip(blocks: blocks).text(width: width)
        }.joined(separator: "\n")
    }
}

/// The positions of all elements of a sheet in pixels, for both SVG and PNG.
struct SheetLayout {
    /// A panel with its position.
    struct Placed {
        var panel: PictureSheet.Panel
        /// The left edge of caption and picture.
        var x: Int
        /// The upper edge of the picture.
        var y: Int
    }

    static let captionHeight = 16
    static let margin = 12
    static let paper = RGBColor(0xFFFFFF)
    static let captionInk = RGBColor(0x333333)
    static let thinLine = RGBColor(0xBBBBBB)
    static let heavyLine = RGBColor(0x333333)

    /// Returns the thickness of a wrong cell's frame.
    static func markWidth(cell: Int) -> Int { cell >= 12 ? 2 : 1 }

    /// Returns the sizes of a new cell's corner mark: with its outline, and without.
    static func noteSides(cell: Int) -> (outer: Int, inner: Int) {
        cell >= 24 ? (7, 6) : cell >= 12 ? (5, 4) : (3, 2)
    }

    /// The side length of a cell.
    let cell: Int
    private(set) var width = margin
    private(set) var height = margin
    private(set) var panels: [Placed] = []

    init(_ sheet: PictureSheet) {
        let largest = sheet.rows.joined().reduce(1) {
            max($0, $1.picture.columns, $1.picture.rows)
        }
        cell = largest <= 16 ? 24 : largest <= 40 ? 12 : 6
        for row in sheet.rows {
            var x = Self.margin
            var rowHeight = 0
            for panel in row {
                let captionWidth = BitmapFont.width(of: panel.caption, scale: 2)
                let size = (panel.picture.columns * cell, panel.picture.rows * cell)
                panels.append(Placed(panel: panel, x: x, y: height + Self.captionHeight))
                x += max(size.0, captionWidth) + Self.margin
                rowHeight = max(rowHeight, size.1)
            }
            width = max(width, x)
            height += Self.captionHeight + rowHeight + Self.margin
        }
    }
}

extension PictureSheet {
    /// The sheet as the bytes of a PNG file; equal sheets give equal bytes.
    public var png: [UInt8] {
        let layout = SheetLayout(self)
        var canvas = Canvas(
            width: layout.width, height: layout.height, color: SheetLayout.paper)
        canvas.draw(layout)
        return canvas.image.bytes
    }
}

/// An indexed-colour drawing surface; drawing is clipped at its edges.
struct Canvas {
    private(set) var image: PNGImage

    init(width: Int, height: Int, color: RGBColor) {
        image = PNGImage(width: width, height: height, color: color)
    }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: RGBColor) {
        let rows = (y..<(y + height)).clamped(to: 0..<image.height)
        let columns = (x..<(x + width)).clamped(to: 0..<image.width)
        image.fill(rows: rows, columns: columns, color)
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

    mutating func draw(_ layout: SheetLayout) {
        for placed in layout.panels {
            write(
                placed.panel.caption, x: placed.x, y: placed.y - SheetLayout.captionHeight + 3,
                scale: 2, SheetLayout.captionInk)
            draw(placed.panel.picture, x: placed.x, y: placed.y, cell: layout.cell)
        }
    }

    mutating func draw(_ picture: GridPicture, x: Int, y: Int, cell: Int) {
        for row in 0..<picture.rows {
            for run in picture.runs(inRow: row) {
                fill(
                    x: x + run.start * cell, y: y + row * cell, width: run.count * cell,
                    height: cell, run.fill)
            }
        }
        drawLines(of: picture, x: x, y: y, cell: cell, 1, 1, 1, SheetLayout.thinLine)
        drawLines(
            of: picture, x: x, y: y, cell: cell, picture.boxRows, picture.boxColumns, 2,
            SheetLayout.heavyLine)
        for index in picture.marked.sorted() {
            let left = x + index % picture.columns * cell
            let top = y + index / picture.columns * cell
            let width = SheetLayout.markWidth(cell: cell)
            frame(x: left + 1, y: top + 1, side: cell - 1, thickness: width, .mark)
            frame(
                x: left + 1 + width, y: top + 1 + width, side: cell - 1 - 2 * width, thickness: 1,
                .markEdge)
        }
        let note = SheetLayout.noteSides(cell: cell)
        for index in picture.noted.sorted() {
            let left = x + index % picture.columns * cell + 1
            let top = y + index / picture.columns * cell + 1
            fill(x: left, y: top, width: note.outer, height: note.outer, .noteEdge)
            fill(x: left, y: top, width: note.inner, height: note.inner, .note)
        }
        for (index, content) in picture.cells.enumerated() where content.isLegible {
            let room = cell - 3
            let glyph = content.glyph
            // Two letters that fill their cell would touch the next cell's.
            let fits = (1...(glyph.count > 1 ? 2 : 3)).last { scale in
                BitmapFont.width(of: glyph, scale: scale) <= room
                    && BitmapFont.height * scale <= room
            }
            guard let scale = fits else { continue }
            let left = index % picture.columns * cell
            let top = index / picture.columns * cell
            write(
                glyph, x: x + left + (cell + 1 - BitmapFont.width(of: glyph, scale: scale)) / 2,
                y: y + top + (cell + 1 - BitmapFont.height * scale) / 2, scale: scale, content.ink)
        }
    }

    /// Draws a square frame inside its outline.
    private mutating func frame(x: Int, y: Int, side: Int, thickness: Int, _ color: RGBColor) {
        fill(x: x, y: y, width: side, height: thickness, color)
        fill(x: x, y: y + side - thickness, width: side, height: thickness, color)
        fill(x: x, y: y, width: thickness, height: side, color)
        fill(x: x + side - thickness, y: y, width: thickness, height: side, color)
    }

    private mutating func drawLines(
        of picture: GridPicture, x: Int, y: Int, cell: Int, _ everyRows: Int, _ everyColumns: Int,
        _ thickness: Int, _ color: RGBColor
    ) {
        let shift = thickness / 2
        let (width, height) = (picture.columns * cell, picture.rows * cell)
        for row in Array(stride(from: 0, to: picture.rows, by: everyRows)) + [picture.rows] {
            fill(x: x, y: y + row * cell - shift, width: width, height: thickness, color)
        }
        for column in Array(stride(from: 0, to: picture.columns, by: everyColumns))
            + [picture.columns]
        {
            fill(x: x + column * cell - shift, y: y, width: thickness, height: height, color)
        }
    }
}

extension PictureSheet {
    /// The sheet as an SVG document; equal sheets give equal bytes.
    public var svg: String {
        let layout = SheetLayout(self)
        return SVGFile.text(
            width: "\(layout.width)", height: "\(layout.height)", elements: layout.svgElements)
    }
}

extension SheetLayout {
    /// All elements of the sheet except its background.
    var svgElements: [String] {
        var lines: [String] = []
        for placed in panels {
            lines.append(
                "<text x=\"\(placed.x)\" y=\"\(placed.y - 5)\" font-size=\"11\" "
                    + "fill=\"\(SheetLayout.captionInk.text)\">"
                    + "\(placed.panel.caption.escapedForXML)</text>")
            lines.append("<g transform=\"translate(\(placed.x) \(placed.y))\">")
            lines += placed.panel.picture.svgElements(cell: cell)
            lines.append("</g>")
        }
        return lines
    }
}

extension GridPicture {
    fileprivate func svgElements(cell: Int) -> [String] {
        var lines: [String] = []
        for row in 0..<rows {
            for run in runs(inRow: row) {
                lines.append(
                    "<rect x=\"\(run.start * cell)\" y=\"\(row * cell)\" "
                        + "width=\"\(run.count * cell)\" height=\"\(cell)\" "
                        + "fill=\"\(run.fill.text)\"/>")
            }
        }
        lines.append(gridLines(cell: cell, everyRows: 1, everyColumns: 1, SheetLayout.thinLine, 1))
        lines.append(
            gridLines(
                cell: cell, everyRows: boxRows, everyColumns: boxColumns, SheetLayout.heavyLine, 2))
        for index in marked.sorted() {
            let (left, top) = (index % columns * cell, index / columns * cell)
            let width = SheetLayout.markWidth(cell: cell)
            for (inset, color) in [(width, RGBColor.mark), (2 * width, .markEdge)] {
                lines.append(
                    "<rect x=\"\(left + inset)\" y=\"\(top + inset)\" "
                        + "width=\"\(cell - 2 * inset)\" height=\"\(cell - 2 * inset)\" "
                        + "fill=\"none\" stroke=\"\(color.text)\" stroke-width=\"\(width)\"/>")
            }
        }
        let note = SheetLayout.noteSides(cell: cell)
        for index in noted.sorted() {
            let (left, top) = (index % columns * cell + 1, index / columns * cell + 1)
            for (side, color) in [(note.outer, RGBColor.noteEdge), (note.inner, .note)] {
                lines.append(
                    "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(side)\" height=\"\(side)\" "
                        + "fill=\"\(color.text)\"/>")
            }
        }
        let glyphs = (0..<rows).flatMap { row in
            self.row(row).enumerated().filter { $1.isLegible }.map { column, cellHere in
                let size = cell * (cellHere.glyph.count > 1 ? 4 : 6) / 8
                return "<text x=\"\(column * cell + cell / 2)\" y=\"\(row * cell + cell / 2)\" "
                    + "font-size=\"\(size)\" fill=\"\(cellHere.ink.text)\">"
                    + "\(cellHere.glyph.escapedForXML)</text>"
            }
        }
        if !glyphs.isEmpty {
            lines += ["<g text-anchor=\"middle\" dominant-baseline=\"central\">"]
            lines += glyphs + ["</g>"]
        }
        return lines
    }

    /// Returns the lines at given row and column intervals, including the frame, as one path.
    private func gridLines(
        cell: Int, everyRows: Int, everyColumns: Int, _ color: RGBColor, _ strokeWidth: Int
    ) -> String {
        let (right, bottom) = (columns * cell, rows * cell)
        let across = (Array(stride(from: 0, to: rows, by: everyRows)) + [rows])
            .map { "M0 \($0 * cell)H\(right)" }
        let down = (Array(stride(from: 0, to: columns, by: everyColumns)) + [columns])
            .map { "M\($0 * cell) 0V\(bottom)" }
        return "<path d=\"\((across + down).joined())\" fill=\"none\" stroke=\"\(color.text)\" "
            + "stroke-width=\"\(strokeWidth)\"/>"
    }
}

extension String {
    /// The text with characters replaced that are special or forbidden in XML.
    var escapedForXML: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

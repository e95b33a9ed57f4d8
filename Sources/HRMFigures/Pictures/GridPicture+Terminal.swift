extension GridPicture {
    private var hasBoxes: Bool { boxRows < rows || boxColumns < columns }

    /// The picture as a board, if it has boxes that a board can represent.
    private var board: TerminalBoard? {
        guard hasBoxes, rows == columns else { return nil }
        return TerminalBoard(
            size: rows, boxRows: boxRows, boxColumns: boxColumns,
            cells: cells.map { $0.glyph.isEmpty ? "." : $0.glyph }, wrong: marked)
    }

    /// The width of the picture in terminal columns; with a space beside each glyph, cells are
    /// about square.
    public var width: Int { board?.width ?? columns * (glyphWidth + 1) }

    /// Returns the picture line by line; the glyph of a marked cell is followed by an exclamation
    /// mark.
    ///
    /// - Parameter color: True to colour the cells with ANSI codes; otherwise only glyphs are
    ///   shown.
    /// - Returns: Lines without line feeds, each ``width`` columns wide.
    public func lines(color: Bool) -> [String] {
        if let board { return board.lines(color: color) }
        return (0..<rows).map { row in
            var line = ""
            var current: (fill: RGBColor, ink: RGBColor)?
            func write(_ text: String, fill: RGBColor, ink: RGBColor) {
                if color, current?.fill != fill || current?.ink != ink {
                    line += "\u{1B}[\(ink.code(38));\(fill.code(48))m"
                    current = (fill, ink)
                }
                line += text
            }
            for (column, cell) in self.row(row).enumerated() {
                let glyph = cell.glyph.leftPadded(to: glyphWidth)
                if marked.contains(row * columns + column) {
                    write(glyph, fill: cell.fill, ink: cell.ink)
                    write("!", fill: .mark, ink: .markEdge)
                } else {
                    write(glyph + " ", fill: cell.fill, ink: cell.ink)
                }
            }
            return color ? line + "\u{1B}[0m" : line
        }
    }
}

extension RGBColor {
    /// Returns the parameters of the ANSI code that selects the colour.
    fileprivate func code(_ target: Int) -> String { "\(target);2;\(red);\(green);\(blue)" }
}

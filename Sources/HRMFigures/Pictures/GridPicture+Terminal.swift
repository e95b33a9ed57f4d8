extension GridPicture {
    private var hasBoxes: Bool { boxRows < rows || boxColumns < columns }

    private var glyphWidth: Int { cells.reduce(1) { max($0, $1.glyph.count) } }

    /// The picture as a board, where it has boxes and can be one.
    private var board: TerminalBoard? {
        guard hasBoxes, rows == columns else { return nil }
        return TerminalBoard(
            size: rows, boxRows: boxRows, boxColumns: boxColumns,
            cells: cells.map { $0.glyph.isEmpty ? "." : $0.glyph })
    }

    /// Columns that the picture takes on a terminal: with a blank beside each glyph, cells are
    /// about square.
    public var width: Int { board?.width ?? columns * (glyphWidth + 1) }

    /// The picture line by line.
    ///
    /// - Parameter color: Whether cells have their colours, as ANSI codes, or are glyphs alone.
    /// - Returns: Lines without line feeds, each ``width`` columns wide.
    public func lines(color: Bool) -> [String] {
        if let board { return board.lines(color: color) }
        return (0..<rows).map { row in
            guard color else {
                return self.row(row).map { $0.glyph.leftPadded(to: glyphWidth) + " " }.joined()
            }
            var line = ""
            var current: (fill: RGBColor, ink: RGBColor)?
            for cell in self.row(row) {
                if current?.fill != cell.fill || current?.ink != cell.ink {
                    line += "\u{1B}[\(cell.ink.code(38));\(cell.fill.code(48))m"
                    current = (cell.fill, cell.ink)
                }
                line += cell.glyph.leftPadded(to: glyphWidth) + " "
            }
            return line + "\u{1B}[0m"
        }
    }
}

extension RGBColor {
    /// The parameters of the ANSI code that chooses the colour.
    fileprivate func code(_ target: Int) -> String { "\(target);2;\(red);\(green);\(blue)" }
}

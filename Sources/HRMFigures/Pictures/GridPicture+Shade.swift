extension GridPicture.Cell {
    /// Creates a cell with a fill colour and dark text, empty by default.
    public init(_ glyph: String = "", fill: RGBColor) {
        self.init(glyph, fill: fill, ink: RGBColor(0x111111))
    }
}

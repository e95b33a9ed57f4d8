extension GridPicture {
    /// The picture on a sheet without a caption.
    private var sheet: PictureSheet { PictureSheet(rows: [[.init("", self)]]) }

    /// The picture as an SVG document; equal pictures give equal bytes.
    public var svg: String { sheet.svg }

    /// The picture as the bytes of a PNG file; equal pictures give equal bytes.
    public var png: [UInt8] { sheet.png }

    /// The picture for a terminal with ANSI colours; every line ends with a line feed.
    public var terminal: String { text(color: true) }

    /// Returns the picture for a terminal.
    ///
    /// - Parameter color: True to colour the cells with ANSI codes; otherwise only glyphs are
    ///   shown.
    /// - Returns: Lines that end with line feeds.
    public func text(color: Bool) -> String { lines(color: color).map { $0 + "\n" }.joined() }
}

extension PictureSheet {
    /// The width that is assumed for a terminal of unknown width.
    static let terminalWidth = 80

    /// The sheet for a terminal of 80 columns with ANSI colours; every line ends with a line feed.
    public var terminal: String { text(width: Self.terminalWidth, color: true) }
}

extension LineChart {
    private var sheet: ChartSheet { ChartSheet(charts: [self]) }

    /// The chart as an SVG document; equal charts give equal bytes.
    public var svg: String { sheet.svg }

    /// The chart as the bytes of a PNG file; equal charts give equal bytes.
    public var png: [UInt8] { sheet.png }

    /// The chart for a terminal of 80 columns with ANSI colours; every line ends with a line feed.
    public var terminal: String { text(color: true) }

    /// Returns the chart for a terminal.
    ///
    /// - Parameters:
    ///   - width: The width of the terminal in columns.
    ///   - height: The number of rows for the curves.
    ///   - color: True to distinguish curves by ANSI colours; otherwise by letters.
    /// - Returns: Lines that end with line feeds.
    public func text(width: Int = 80, height: Int = 12, color: Bool) -> String {
        sheet.text(width: width, height: height, color: color)
    }
}

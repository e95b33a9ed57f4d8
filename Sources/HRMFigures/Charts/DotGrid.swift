/// A terminal's cells, each with the eight dots of a Braille character.
struct DotGrid {
    let columns: Int
    let rows: Int
    /// The dots of each cell, as numbered in the Unicode block, and the curve that last set one.
    private var cells: [(dots: UInt8, curve: Int)]

    init(columns: Int, rows: Int) {
        precondition(columns >= 1 && rows >= 1, "a grid of \(columns) × \(rows) cells")
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: (0, 0), count: columns * rows)
    }

    /// Sets the dots along a line.
    ///
    /// - Parameters:
    ///   - points: Positions from 0 through 1 in both directions, `y` upwards.
    ///   - curve: The index of the curve.
    mutating func draw(_ points: [LineChart.Point], curve: Int) {
        let places = points.map { point in
            (x: point.x * Double(2 * columns - 1), y: (1 - point.y) * Double(4 * rows - 1))
        }
        if let first = places.first { set(x: first.x, y: first.y, curve: curve) }
        for (start, end) in zip(places, places.dropFirst()) {
            let (dx, dy) = (end.x - start.x, end.y - start.y)
            let steps = max(1, max(dx.magnitude, dy.magnitude).rounded(.up))
            for step in stride(from: 1, through: steps, by: 1) {
                set(x: start.x + dx * step / steps, y: start.y + dy * step / steps, curve: curve)
            }
        }
    }

    private mutating func set(x: Double, y: Double, curve: Int) {
        let (column, row) = (Int(x.rounded()), Int(y.rounded()))
        let cell = row / 4 * columns + column / 2
        cells[cell].dots |= Self.bit(column: column % 2, row: row % 4)
        cells[cell].curve = curve
    }

    /// Returns the bit of a dot: the first six run down the columns, the last two are the lowest
    /// row.
    private static func bit(column: Int, row: Int) -> UInt8 {
        row < 3 ? 1 << UInt8(column * 3 + row) : 1 << UInt8(6 + column)
    }

    /// The encoding of cells as text.
    enum Style {
        /// Dots in one colour.
        case plain
        /// Dots in the colours of the curves, as ANSI codes.
        case colored
        /// The letter of the curve instead of dots.
        case letters
    }

    /// Returns a row of cells as text.
    func line(_ row: Int, style: Style) -> String {
        cells[(row * columns)..<((row + 1) * columns)].map { cell in
            guard cell.dots != 0 else { return " " }
            switch style {
            case .plain: return Self.character(cell.dots)
            case .colored:
                return Self.code(of: cell.curve) + Self.character(cell.dots) + "\u{1B}[0m"
            case .letters: return Self.letter(of: cell.curve)
            }
        }.joined()
    }

    private static func character(_ dots: UInt8) -> String {
        Unicode.Scalar(0x2800 + UInt32(dots)).map { String(Character($0)) } ?? "?"
    }

    /// Returns the ANSI code of a curve's colour.
    static func code(of curve: Int) -> String {
        let color = ChartPalette.color(curve)
        return "\u{1B}[38;2;\(color.red);\(color.green);\(color.blue)m"
    }

    /// Returns the letter of a curve.
    static func letter(of curve: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return String(letters[curve % letters.count])
    }
}

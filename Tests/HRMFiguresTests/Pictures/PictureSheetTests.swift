import Testing

@testable import HRMFigures

@Suite struct PictureSheetTests {
    static let white = RGBColor(0xFFFFFF)
    static let black = RGBColor(0x000000)
    static let red = RGBColor(0xFF4136)

    /// Two rows of two: an empty cell, a red one, and two with glyphs.
    static let small = GridPicture(
        rows: 2, columns: 2,
        cells: [
            .init("", fill: white, ink: black), .init("", fill: red, ink: black),
            .init("<", fill: white, ink: black), .init("12", fill: white, ink: red),
        ], boxRows: 1)

    @Test func svgIsThis() {
        let sheet = PictureSheet(rows: [[.init("a & b", Self.small)]])
        #expect(
            sheet.svg == """
                <svg xmlns="http://www.w3.org/2000/svg" width="72" height="88" viewBox="0 0 72 88" \
                font-family="Helvetica, Arial, sans-serif">
                <rect width="72" height="88" fill="#ffffff"/>
                <text x="12" y="23" font-size="11" fill="#333333">a &amp; b</text>
                <g transform="translate(12 28)">
                <rect x="0" y="0" width="24" height="24" fill="#ffffff"/>
                <rect x="24" y="0" width="24" height="24" fill="#ff4136"/>
                <rect x="0" y="24" width="48" height="24" fill="#ffffff"/>
                <path d="M0 0H48M0 24H48M0 48H48M0 0V48M24 0V48M48 0V48" fill="none" \
                stroke="#bbbbbb" stroke-width="1"/>
                <path d="M0 0H48M0 24H48M0 48H48M0 0V48M48 0V48" fill="none" stroke="#333333" \
                stroke-width="2"/>
                <g text-anchor="middle" dominant-baseline="central">
                <text x="12" y="36" font-size="18" fill="#000000">&lt;</text>
                <text x="36" y="36" font-size="12" fill="#ff4136">12</text>
                </g>
                </g>
                </svg>

                """)
    }

    @Test func wrongCellsAreMarked() throws {
        func picture(_ marked: Set<Int>) -> GridPicture {
            GridPicture(
                rows: 2, columns: 2,
                cells: (0..<4).map { .init("\($0)", fill: Self.white, ink: Self.black) },
                marked: marked)
        }
        #expect(picture([1, 2]).lines(color: false) == ["0 1!", "2!3 "])
        let colored = picture([1]).lines(color: true)
        #expect(colored[0].contains("1\u{1B}[38;2;255;255;255;48;2;224;0;0m!"))
        #expect(!colored[1].contains("!"))

        let plain = PictureSheet(rows: [[.init("a", picture([]))]])
        let marked = PictureSheet(rows: [[.init("a", picture([3]))]])
        #expect(!plain.svg.contains("#e00000"))
        #expect(
            marked.svg.contains(
                "<rect x=\"26\" y=\"26\" width=\"20\" height=\"20\" fill=\"none\" "
                    + "stroke=\"#e00000\" stroke-width=\"2\"/>"))
        let layout = SheetLayout(marked)
        var canvas = Canvas(width: layout.width, height: layout.height, color: SheetLayout.paper)
        canvas.draw(picture([3]), x: 0, y: 0, cell: 24)
        func color(_ row: Int, _ column: Int) -> RGBColor {
            canvas.image.palette[Int(canvas.image.pixels[row * layout.width + column])]
        }
        #expect(color(26, 26) == .mark && color(46, 46) == .mark)
        #expect(color(27, 27) == .markEdge)
        #expect(color(12, 2) == Self.white)
    }

    @Test func terminalShowsGlyphsOrColours() {
        let picture = GridPicture(
            rows: 2, columns: 2,
            cells: Self.small.cells.map {
                .init(String($0.glyph.prefix(1)), fill: $0.fill, ink: $0.ink)
            }
        )
        let sheet = PictureSheet(rows: [[.init("in", picture), .init("out", picture)]])
        #expect(sheet.text(width: 80, color: false) == " in    out\n\n< 1    < 1\n")
        let lines = picture.lines(color: true)
        #expect(
            lines[0] == "\u{1B}[38;2;0;0;0;48;2;255;255;255m  \u{1B}[38;2;0;0;0;48;2;255;65;54m  "
                + "\u{1B}[0m")
        #expect(picture.width == 4)
        #expect(PictureSheet(rows: []).text(width: 80, color: true).isEmpty)
    }

    @Test func boxesMakeABoard() {
        #expect(
            Self.small.lines(color: true) == [
                "┌────────┐", "│  .   . │", "├────────┤", "│  <  12 │", "└────────┘",
            ])
        #expect(Self.small.width == 10)
    }

    @Test func placesDoNotOverlap() {
        let wide = GridPicture(
            rows: 1, columns: 30,
            cells: Array(repeating: .init("", fill: Self.red, ink: Self.black), count: 30))
        let layout = SheetLayout(
            PictureSheet(rows: [
                [.init("a very long caption", Self.small), .init("x", wide)], [.init("y", wide)],
            ]))
        #expect(layout.cell == 12)
        #expect(layout.panels.count == 3)
        for panel in layout.panels {
            #expect(panel.x + panel.panel.picture.columns * layout.cell <= layout.width)
            #expect(panel.y + panel.panel.picture.rows * layout.cell <= layout.height)
        }
        #expect(layout.panels[1].x > layout.panels[0].x + 19 * 8 - 2)
        #expect(layout.panels[2].y >= layout.panels[0].y + 2 * layout.cell)
    }

    @Test func controlCharactersDoNotReachXML() {
        #expect("a\u{0}\n\u{1B}<\"é".escapedForXML == "a\u{FFFD}\u{FFFD}\u{FFFD}&lt;&quot;é")
    }

    @Test func cellsMustFillThePicture() async {
        await #expect(processExitsWith: .failure) {
            _ = GridPicture(rows: 1, columns: 2, cells: [])
        }
    }
}

import Testing

@testable import HRMFigures

@Suite struct FigureSheetTests {
    private let pictures = PictureSheet(rows: [
        [
            .init(
                "board",
                GridPicture(
                    rows: 1, columns: 2,
                    cells: [
                        .init("", fill: RGBColor(0xFF0000)), .init("2", fill: RGBColor(0x00FF00)),
                    ],
                    noted: [1]))
        ]
    ])
    private let charts = ChartSheet(charts: [
        LineChart(
            title: "t",
            series: [.init(name: "c", points: [.init(x: 0, y: 1), .init(x: 3, y: 2)], color: 0)])
    ])

    @Test func partsStandBelowEachOther() throws {
        let svg = FigureSheet([.pictures(pictures), .charts(charts)]).svg
        try expectWellFormed(svg)
        #expect(svg.contains("<g transform=\"translate(0 0)\">"))
        #expect(svg.contains("<g transform=\"translate(0 \(pictures.pngSize.height))\">"))
        #expect(svg.contains("width=\"860\""))
        // Each part is drawn as on its own sheet.
        for alone in [pictures.svg, charts.svg] {
            let inside = alone.split(separator: "\n").dropFirst(2).dropLast()
            #expect(svg.contains(inside.joined(separator: "\n")))
        }
    }

    @Test func pixelsAreThoseOfTheParts() {
        let sheet = FigureSheet([.pictures(pictures), .charts(charts)])
        let top = pictures.pngSize.height
        let chart = charts.raster
        var expected = RasterImage(
            width: 860, height: top + chart.height, color: SheetLayout.paper)
        var canvas = Canvas(
            width: pictures.pngSize.width, height: top, color: SheetLayout.paper)
        canvas.draw(SheetLayout(pictures))
        expected.place(canvas.image, x: 0, y: 0)
        charts.draw(on: &expected, top: Double(top))
        #expect(sheet.png == expected.bytes)
        for (x, y) in [(100, 40), (430, 150), (800, chart.height - 20)] {
            #expect(expected.color(x: x, y: top + y) == chart.color(x: x, y: y))
        }
        #expect(expected.color(x: 20, y: 40) == RGBColor(0xFF0000))
    }

    @Test func nothingIsASheetToo() {
        #expect(FigureSheet([]).svg.contains("width=\"1\" height=\"1\""))
        #expect(!FigureSheet([]).png.isEmpty)
    }
}

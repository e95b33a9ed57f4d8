import Testing

@testable import HRMFigures

@Suite struct ChartSheetTests {
    static func chart(
        curves: Int = 2, count: Int = 50, isLogarithmic: Bool = false, scale: Double = 1,
        hasLogarithmicX: Bool = false
    ) -> LineChart {
        var noise = DeflateTests.Noise(state: UInt64(curves * 1000 + count))
        return LineChart(
            title: "train/lm_loss", subtitle: "mean over 7 steps", xLabel: "steps",
            series: (0..<curves).map { curve in
                .init(
                    name: "run <\(curve)>",
                    points: (0..<count).map {
                        .init(
                            x: Double($0 + 1),
                            y: scale * Double.random(in: -0.5...2, using: &noise))
                    }, color: curve)
            }, isLogarithmic: isLogarithmic, hasLogarithmicX: hasLogarithmicX)
    }

    private static let charts = [
        chart(), chart(curves: 1, count: 1), chart(curves: 1, count: 0), chart(curves: 0),
        chart(curves: 16, count: 200), chart(isLogarithmic: true), chart(scale: 1e200),
        chart(scale: 1e-200), chart(scale: .nan), chart(hasLogarithmicX: true),
        chart(curves: 1, count: 1, hasLogarithmicX: true),
        chart(curves: 0, hasLogarithmicX: true),
    ]

    @Test(arguments: charts) func curvesStayInTheirRectangle(_ chart: LineChart) {
        let layout = ChartLayout(chart, top: 100)
        let (plot, slack) = (layout.plot, 1e-9)
        #expect(plot.left < plot.right && plot.top < plot.bottom)
        for series in chart.drawable {
            for point in series.points {
                let place = layout.place(of: point)
                #expect(place.x >= plot.left - slack && place.x <= plot.right + slack)
                #expect(place.y >= plot.top - slack && place.y <= plot.bottom + slack)
            }
        }
        // Nothing is drawn outside of the picture.
        let (width, bottom) = (ChartLayout.width, 100 + layout.height)
        for mark in layout.marks {
            switch mark {
            case .box(let x, let y, let boxWidth, let height, _):
                #expect(x >= 0 && x + boxWidth <= width && y >= 100 && y + height <= bottom)
            case .line(let points, _, _):
                #expect(points.allSatisfy { (0...width).contains($0.x) })
                #expect(points.allSatisfy { (100...bottom).contains($0.y) })
            case .dot(let place, let radius, _):
                #expect(place.x >= radius && place.x <= width - radius)
            case .text(let words, let place, let style, _):
                let room = style.width(of: words)
                let left =
                    switch style.anchor {
                    case .start: place.x
                    case .middle: place.x - room / 2
                    case .end: place.x - room
                    }
                #expect(left >= 0 && left + room <= width, "\(words)")
                #expect(place.y >= 100 && place.y <= bottom)
            }
        }
    }

    /// Equal factors have equal distances; values without a logarithm are omitted.
    @Test func amountsCanHaveALogarithmicAxis() {
        let points = [-1, 0, 1e10, 1e11, 1e12].map { LineChart.Point(x: $0, y: 1 + $0 / 1e12) }
        let chart = LineChart(
            title: "", series: [.init(name: "", points: points, color: 0)], hasLogarithmicX: true)
        #expect(chart.drawable[0].points == Array(points.dropFirst(2)))
        let layout = ChartLayout(chart, top: 0)
        let places = points.dropFirst(2).map { layout.place(of: $0).x }
        #expect(abs((places[1] - places[0]) - (places[2] - places[1])) < 1e-6)
        #expect(places[0] < places[1])
        #expect(layout.xAxis.ticks.map(\.label).contains("1e11"))
    }

    @Test func higherIsHigher() {
        let layout = ChartLayout(Self.chart(), top: 0)
        let (low, high) = (layout.place(of: .init(x: 1, y: 0)), layout.place(of: .init(x: 9, y: 1)))
        #expect(low.x < high.x && low.y > high.y)
    }

    @Test func svgHasWhatThereIs() {
        let sheet = ChartSheet(charts: [Self.chart(), Self.chart(curves: 9, count: 3)])
        let svg = sheet.svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains(">run &lt;0&gt;</text>") && !svg.contains("<0>"))
        #expect(svg.contains(">mean over 7 steps</text>"))
        #expect(svg.split(separator: "<circle").count == 1 + 27)
        #expect(!svg.contains(NumberText.missing))
        #expect(svg == sheet.svg)
        // Every element is closed.
        #expect(
            svg.split(separator: "\n").dropFirst().dropLast().allSatisfy {
                $0.hasSuffix("/>") || $0.hasSuffix("</text>")
            })
    }

    @Test func pngIsTheSamePicture() throws {
        let sheet = ChartSheet(charts: [Self.chart(curves: 1, count: 3)])
        let raster = sheet.raster
        let png = sheet.png
        let decoded = try DecodedPNG(png)
        #expect(decoded.width == raster.width && decoded.height == raster.height)
        #expect(decoded.pixels == raster.samples)
        let layout = ChartLayout(sheet.charts[0], top: 0)
        for point in sheet.charts[0].series[0].points {
            let place = layout.place(of: point)
            let color = raster.color(x: Int(place.x), y: Int(place.y))
            #expect(color == ChartPalette.colors[0])
        }
        #expect(raster.color(x: 1, y: 1) == ChartLayout.paper)
        // Uniform areas compress well.
        #expect(png.count < raster.samples.count / 40)
    }

    @Test func terminalShowsCurves() {
        let rising = LineChart(
            title: "a", xLabel: "steps",
            series: [
                .init(
                    name: "one", points: (0...40).map { .init(x: Double($0), y: Double($0)) },
                    color: 0)
            ])
        #expect(
            ChartSheet(charts: [rising]).text(width: 30, height: 4, color: false) == """
                a
                one
                40 ┤                    ⣀⡠⠤⠒⠒⠉
                   │             ⣀⣠⠤⠔⠒⠋⠉
                20 ┤      ⣀⣀⠤⠔⠒⠋⠉⠁
                 0 ┤⣀⠤⠤⠒⠊⠉
                   └┴────────────┴───────────┴
                    0           20          40

                """)
        let several = ChartSheet(charts: [Self.chart(count: 3)])
        let plain = several.text(width: 60, color: false)
        #expect(plain.contains("a = run <0>\nb = run <1>\n") && !plain.contains("\u{1B}"))
        #expect(several.text(width: 60, color: true).contains("\u{1B}[38;2;0;114;178m"))
        for chart in Self.charts {
            for width in [0, 20, 80, 200] {
                let text = ChartSheet(charts: [chart]).text(width: width, height: 5, color: false)
                let lines = text.split(separator: "\n")
                #expect(lines.allSatisfy { $0.count <= max(width, 40) }, "\(text)")
            }
        }
        let name = LineChart(title: "\u{1B}[2Jx", series: [])
        #expect(!ChartSheet(charts: [name]).text(width: 40, color: true).contains("\u{1B}"))
    }

    @Test func colorsAreTold() {
        #expect(Set(ChartPalette.colors).count == ChartPalette.colors.count)
        #expect(ChartPalette.color(8) == ChartPalette.colors[1])
        #expect(ChartPalette.dash(6) == nil && ChartPalette.dash(7)?.on == 9)
        #expect(ChartPalette.dash(14)?.on == 2 && ChartPalette.dash(99)?.on == 2)
    }
}

/// The positions of all elements of a chart.
struct ChartLayout {
    static let width = 860.0
    static let plotHeight = 260.0
    static let margin = 14.0
    static let lineHeight = 18.0
    static let titleHeight = 24.0
    static let paper = RGBColor(0xFFFFFF)
    static let ink = RGBColor(0x222222)
    static let faintInk = RGBColor(0x666666)
    static let gridLine = RGBColor(0xE2E2E2)
    static let frameLine = RGBColor(0x888888)
    /// The maximum number of points in a curve for which each point is marked.
    private static let markedPoints = 40

    /// The height of the whole chart.
    let height: Double
    /// The marks, from back to front.
    private(set) var marks: [ChartMark] = []
    /// The plot area: its left, upper, right and lower edge.
    let plot: (left: Double, top: Double, right: Double, bottom: Double)
    let xAxis: ChartAxis
    let yAxis: ChartAxis

    /// Lays out a chart.
    ///
    /// - Parameters:
    ///   - chart: The chart.
    ///   - top: The position of its upper edge.
    init(_ chart: LineChart, top: Double) {
        let series = chart.drawable
        let points = series.flatMap(\.points)
        xAxis = chart.xAxis(tickCount: 5)
        yAxis = ChartAxis(
            covering: points.map(\.y), style: .init(isLogarithmic: chart.isLogarithmic))

        let style = ChartText()
        let labelWidth = yAxis.ticks.map { style.width(of: $0.label) }.max() ?? 0
        let legend = Self.legend(series, width: Self.width - 2 * Self.margin)
        let header =
            (chart.title.isEmpty ? 0 : Self.titleHeight)
            + (chart.subtitle.isEmpty ? 0 : Self.lineHeight)
            + Double(legend.count) * Self.lineHeight
        let plotTop = top + Self.margin + header + 6
        plot = (
            left: Self.margin + labelWidth + 8, top: plotTop, right: Self.width - Self.margin - 20,
            bottom: plotTop + Self.plotHeight
        )
        height = plot.bottom + 2 * Self.lineHeight + Self.margin - top

        addHeader(chart, legend: legend, top: top + Self.margin)
        addAxes(xLabel: chart.xLabel)
        for curve in series { addCurve(curve) }
    }

    /// Returns the position of a value in the picture.
    func place(of point: LineChart.Point) -> LineChart.Point {
        LineChart.Point(
            x: plot.left + (plot.right - plot.left) * xAxis.fraction(of: point.x),
            y: plot.bottom - (plot.bottom - plot.top) * yAxis.fraction(of: point.y))
    }

    private typealias LegendEntry = (text: String, color: Int, x: Double)
    private static let swatchWidth = 26.0

    /// Returns the legend's lines; curves without a name have no entry.
    private static func legend(_ series: [LineChart.Series], width: Double) -> [[LegendEntry]] {
        let style = ChartText()
        var lines: [[LegendEntry]] = []
        var x = 0.0
        for curve in series where !curve.name.isEmpty {
            let text = style.shortened(curve.name, toWidth: width - swatchWidth)
            let needed = swatchWidth + style.width(of: text)
            if lines.isEmpty || x + needed > width {
                lines.append([])
                x = 0
            }
            lines[lines.count - 1].append((text, curve.color, x))
            x += needed + 20
        }
        return lines
    }

    private mutating func addHeader(
        _ chart: LineChart, legend: [[LegendEntry]], top: Double
    ) {
        let room = Self.width - 2 * Self.margin
        var y = top
        if !chart.title.isEmpty {
            let style = ChartText(isTitle: true)
            let text = style.shortened(chart.title, toWidth: room)
            marks.append(
                .text(text, .init(x: Self.margin, y: y + Self.titleHeight / 2), style, Self.ink))
            y += Self.titleHeight
        }
        if !chart.subtitle.isEmpty {
            let text = ChartText().shortened(chart.subtitle, toWidth: room)
            marks.append(
                .text(
                    text, .init(x: Self.margin, y: y + Self.lineHeight / 2), ChartText(),
                    Self.faintInk))
            y += Self.lineHeight
        }
        for line in legend {
            for entry in line {
                let left = LineChart.Point(x: Self.margin + entry.x, y: y + Self.lineHeight / 2)
                let right = LineChart.Point(x: left.x + Self.swatchWidth - 8, y: left.y)
                addLine([left, right], color: entry.color)
                marks.append(
                    .text(
                        entry.text, .init(x: left.x + Self.swatchWidth, y: left.y), ChartText(),
                        Self.ink))
            }
            y += Self.lineHeight
        }
    }

    private mutating func addAxes(xLabel: String) {
        let (width, height) = (plot.right - plot.left, plot.bottom - plot.top)
        for tick in yAxis.ticks {
            let y = (plot.bottom - height * yAxis.fraction(of: tick.value)).rounded()
            marks.append(.box(x: plot.left, y: y, width: width, height: 1, Self.gridLine))
            marks.append(
                .text(
                    tick.label, .init(x: plot.left - 8, y: y), ChartText(anchor: .end),
                    Self.faintInk))
        }
        var end = -Double.infinity
        for tick in xAxis.ticks {
            let x = (plot.left + width * xAxis.fraction(of: tick.value)).rounded()
            marks.append(.box(x: x, y: plot.top, width: 1, height: height, Self.gridLine))
            let half = ChartText().width(of: tick.label) / 2
            // Labels must neither overlap nor exceed the picture.
            guard x - half >= end + 8, x + half <= Self.width else { continue }
            end = x + half
            marks.append(
                .text(
                    tick.label, .init(x: x, y: plot.bottom + Self.lineHeight / 2 + 2),
                    ChartText(anchor: .middle), Self.faintInk))
        }
        marks.append(.box(x: plot.left, y: plot.top, width: 1, height: height, Self.frameLine))
        marks.append(.box(x: plot.left, y: plot.bottom, width: width, height: 1, Self.frameLine))
        marks.append(
            .text(
                xLabel, .init(x: plot.right, y: plot.bottom + 1.5 * Self.lineHeight + 2),
                ChartText(anchor: .end), Self.faintInk))
    }

    private mutating func addCurve(_ series: LineChart.Series) {
        let places = series.points.map(place)
        if places.count > 1 { addLine(places, color: series.color) }
        guard places.count <= Self.markedPoints else { return }
        let color = ChartPalette.color(series.color)
        marks += places.map { .dot($0, radius: 3, color) }
    }

    private mutating func addLine(_ points: [LineChart.Point], color: Int) {
        let width = 1.75
        guard let dash = ChartPalette.dash(color) else {
            marks.append(.line(points, width: width, ChartPalette.color(color)))
            return
        }
        let dashes = DashedLine(on: dash.on, off: dash.off).pieces(of: points)
        marks += dashes.map { .line($0, width: width, ChartPalette.color(color)) }
    }
}

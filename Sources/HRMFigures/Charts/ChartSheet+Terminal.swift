extension ChartSheet {
    /// Returns the sheet as text for a terminal.
    ///
    /// - Parameters:
    ///   - width: The width of the terminal in columns.
    ///   - height: The number of rows for the curves of each chart.
    ///   - color: True to distinguish curves by ANSI colours; otherwise several curves are drawn
    ///     with letters.
    /// - Returns: Lines that end with line feeds.
    public func text(width: Int, height: Int = 12, color: Bool) -> String {
        charts.map { TerminalChart($0, width: width, height: max(2, height), color: color).text }
            .joined(separator: "\n")
    }
}

/// A chart in the cells of a terminal.
private struct TerminalChart {
    private let chart: LineChart
    private let series: [LineChart.Series]
    private let xAxis: ChartAxis
    private let yAxis: ChartAxis
    private let labelWidth: Int
    private let columns: Int
    private let rows: Int
    private let style: DotGrid.Style

    init(_ chart: LineChart, width: Int, height: Int, color: Bool) {
        self.chart = chart
        series = chart.drawable
        let points = series.flatMap(\.points)
        yAxis = ChartAxis(
            covering: points.map(\.y),
            style: .init(isLogarithmic: chart.isLogarithmic, tickCount: max(2, height / 3)))
        labelWidth = yAxis.ticks.map(\.label.count).max() ?? 0
        // A minimum width that keeps the curves visible.
        columns = max(16, width - labelWidth - 2)
        rows = height
        xAxis = chart.xAxis(tickCount: max(2, columns / 14))
        let curves = Set(series.filter { !$0.points.isEmpty }.map(\.color))
        style = color ? .colored : curves.count > 1 ? .letters : .plain
    }

    var text: String {
        let lines = header + plot + axis
        return lines.map { $0.withoutTrailingSpaces + "\n" }.joined()
    }

    private var header: [String] {
        let titles = [chart.title, chart.subtitle].filter { !$0.isEmpty }
        let legend = series.filter { !$0.name.isEmpty }.map { curve in
            let name = curve.name.withoutControlCharacters
            return switch style {
            case .plain: name
            case .colored: "\(DotGrid.code(of: curve.color))━━\u{1B}[0m \(name)"
            case .letters: "\(DotGrid.letter(of: curve.color)) = \(name)"
            }
        }
        return titles.map(\.withoutControlCharacters) + legend
    }

    private var plot: [String] {
        var grid = DotGrid(columns: columns, rows: rows)
        for curve in series {
            let places = curve.points.map { point in
                LineChart.Point(
                    x: xAxis.fraction(of: point.x), y: yAxis.fraction(of: point.y))
            }
            grid.draw(places, curve: curve.color)
        }
        var labels = Array(repeating: "", count: rows)
        for tick in yAxis.ticks {
            let row = Int(((1 - yAxis.fraction(of: tick.value)) * Double(rows - 1)).rounded())
            labels[row] = tick.label
        }
        return labels.enumerated().map { row, label in
            let mark = label.isEmpty ? "│" : "┤"
            return label.leftPadded(to: labelWidth) + " \(mark)" + grid.line(row, style: style)
        }
    }

    /// The horizontal axis with its labels.
    private var axis: [String] {
        let margin = String(repeating: " ", count: labelWidth + 1)
        var line = Array(repeating: Character("─"), count: columns)
        var labels = ""
        for tick in xAxis.ticks {
            let column = Int((xAxis.fraction(of: tick.value) * Double(columns - 1)).rounded())
            let start = max(0, column - tick.label.count / 2)
            // Labels must neither overlap nor exceed the line.
            guard labels.isEmpty || start > labels.count, start + tick.label.count <= columns
            else { continue }
            line[column] = "┴"
            labels = labels.rightPadded(to: start) + tick.label
        }
        let room = columns - labels.count - 1
        if !chart.xLabel.isEmpty, chart.xLabel.count < room {
            labels += String(repeating: " ", count: room - chart.xLabel.count + 1) + chart.xLabel
        }
        return ["\(margin)└" + String(line), "\(margin) \(labels)"]
    }
}

/// Curves over a common axis, such as the loss of several runs over their steps.
public struct LineChart: Sendable, Hashable {
    /// A point in the plane.
    public struct Point: Sendable, Hashable {
        /// The coordinate to the right.
        public var x: Double
        /// The upward coordinate; in pictures, downward.
        public var y: Double

        /// Creates a point.
        ///
        /// - Parameters:
        ///   - x: The coordinate to the right.
        ///   - y: The upward coordinate; in pictures, downward.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// One curve.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The points, from left to right; non-finite ones are omitted.
        public var points: [Point]
        /// The index of the colour in `ChartPalette`; the same run has the same colour in all
        /// charts of a sheet.
        public var color: Int

        /// Creates a curve.
        ///
        /// - Parameters:
        ///   - name: The name in the legend.
        ///   - points: The points, from left to right.
        ///   - color: The index of the colour in `ChartPalette`.
        public init(name: String, points: [Point], color: Int = 0) {
            precondition(color >= 0, "colour \(color)")
            self.name = name
            self.points = points
            self.color = color
        }
    }

    /// The title above the chart.
    public var title: String
    /// The subtitle, in small letters.
    public var subtitle: String
    /// The quantity on the horizontal axis.
    public var xLabel: String
    /// The curves; later ones are drawn over earlier ones.
    public var series: [Series]
    /// True if the vertical axis is logarithmic, which omits non-positive values.
    public var isLogarithmic: Bool
    /// True if the horizontal axis is logarithmic, as for amounts rather than steps.
    public var hasLogarithmicX: Bool

    /// Creates a chart.
    ///
    /// - Parameters:
    ///   - title: The title above the chart.
    ///   - subtitle: The text below the title.
    ///   - xLabel: The quantity on the horizontal axis.
    ///   - series: The curves.
    ///   - isLogarithmic: True if the vertical axis is logarithmic.
    ///   - hasLogarithmicX: True if the horizontal axis is logarithmic.
    public init(
        title: String, subtitle: String = "", xLabel: String = "", series: [Series],
        isLogarithmic: Bool = false, hasLogarithmicX: Bool = false
    ) {
        self.title = title
        self.subtitle = subtitle
        self.xLabel = xLabel
        self.series = series
        self.isLogarithmic = isLogarithmic
        self.hasLogarithmicX = hasLogarithmicX
    }

    /// Returns the horizontal axis, with approximately `tickCount` ticks if it is linear.
    func xAxis(tickCount: Int) -> ChartAxis {
        let values = drawable.flatMap(\.points).map(\.x)
        return hasLogarithmicX
            ? ChartAxis(covering: values, style: .init(isLogarithmic: true))
            : ChartAxis(steps: values, tickCount: tickCount)
    }

    /// The curves without points that cannot be drawn.
    var drawable: [Series] {
        series.map { series in
            var result = series
            result.points.removeAll { point in
                !point.x.isFinite || !point.y.isFinite || (isLogarithmic && point.y <= 0)
                    || (hasLogarithmicX && point.x <= 0)
            }
            return result
        }
    }
}

/// Charts in a column.
public struct ChartSheet: Sendable, Hashable {
    /// The charts from top to bottom.
    public var charts: [LineChart]

    /// Creates a sheet.
    ///
    /// - Parameter charts: The charts from top to bottom.
    public init(charts: [LineChart]) {
        self.charts = charts
    }
}

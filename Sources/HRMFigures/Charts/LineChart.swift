/// Curves over a common axis, such as the loss of several runs over their steps.
public struct LineChart: Sendable, Hashable {
    /// A place in a plane.
    public struct Point: Sendable, Hashable {
        /// Distance to the right.
        public var x: Double
        /// Distance upwards; in pictures, downwards.
        public var y: Double

        /// A place.
        ///
        /// - Parameters:
        ///   - x: Distance to the right.
        ///   - y: Distance upwards; in pictures, downwards.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// One curve.
    public struct Series: Sendable, Hashable {
        /// The name in the legend.
        public var name: String
        /// The points, from left to right; those that are not finite are left out.
        public var points: [Point]
        /// Which colour of ``ChartPalette`` it has; equal in all charts of a sheet where it is the
        /// same run.
        public var color: Int

        /// A curve.
        ///
        /// - Parameters:
        ///   - name: What the legend calls it.
        ///   - points: The points, from left to right.
        ///   - color: Which colour of ``ChartPalette`` it has, from 0.
        public init(name: String, points: [Point], color: Int) {
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
    /// Indicates whether the vertical axis is logarithmic, which leaves out values that are not positive.
    public var isLogarithmic: Bool
    /// Indicates whether the horizontal axis is logarithmic, as for amounts rather than steps.
    public var hasLogarithmicX: Bool

    /// A chart.
    ///
    /// - Parameters:
    ///   - title: What stands above it.
    ///   - subtitle: What stands below the title.
    ///   - xLabel: What the horizontal axis counts.
    ///   - series: The curves.
    ///   - isLogarithmic: Whether the vertical axis is logarithmic.
    ///   - hasLogarithmicX: Whether the horizontal axis is.
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

    /// The horizontal axis, with about so many ticks if it is not logarithmic.
    func xAxis(tickCount: Int) -> ChartAxis {
        let values = drawable.flatMap(\.points).map(\.x)
        return hasLogarithmicX
            ? ChartAxis(covering: values, style: .init(isLogarithmic: true))
            : ChartAxis(steps: values, tickCount: tickCount)
    }

    /// The curves without the points that cannot be drawn.
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

/// Charts one below the other.
public struct ChartSheet: Sendable, Hashable {
    /// The charts from above.
    public var charts: [LineChart]

    /// A sheet.
    ///
    /// - Parameter charts: The charts from above.
    public init(charts: [LineChart]) {
        self.charts = charts
    }
}

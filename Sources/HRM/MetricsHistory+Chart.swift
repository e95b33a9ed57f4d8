public import HRMFigures
public import HRMTraining

extension MetricsHistory {
    /// Returns a chart of some of the metrics over the steps of the run.
    ///
    /// ```swift
    /// let history = try MetricsHistory(ofRun: folder)
    /// print(history.chart("train/lm_loss").terminal)
    /// ```
    ///
    /// - Parameters:
    ///   - names: The metrics, one curve each; those that the run does not have are omitted.
    ///   - title: The title; the names if nil.
    /// - Returns: The chart.
    public func chart(_ names: String..., title: String? = nil) -> LineChart {
        let curves = names.compactMap { self[$0] }
        let points = curves.map {
            $0.points.map { LineChart.Point(x: Double($0.step), y: $0.value) }
        }
        let window = Smoothing.window(for: points)
        return LineChart(
            title: title ?? names.joined(separator: ", "), xLabel: "step",
            series: zip(curves, points).enumerated().map { color, curve in
                LineChart.Series(
                    name: curve.0.name, points: Smoothing.mean(of: curve.1, window: Double(window)),
                    color: color)
            })
    }
}

import HRMFigures
import HRMTraining

/// A chart for each metric, with a curve for each run.
struct MetricCharts {
    let runs: [PlottedRun]
    /// The number of steps in a moving average; by default derived from the length of the run.
    var smooth: Int?
    var isLogarithmic = false

    private static let defaultNames = ["train/lm_loss", "train/exact_accuracy"]
    private static let testSuffix = ".exact_accuracy"

    /// Returns the charts.
    ///
    /// - Parameter names: The metrics; if empty, the most important ones.
    /// - Returns: A chart for each metric.
    /// - Throws: ``CommandError`` with all names, if no run has a metric.
    func sheet(of names: [String]) throws -> ChartSheet {
        let known = knownNames
        guard !known.isEmpty else {
            throw CommandError(
                "there is nothing to draw: \(runs.map(\.name).joined(separator: ", ")) has no "
                    + "metrics yet")
        }
        for name in names where !known.contains(name) {
            throw CommandError(
                "there is no metric '\(name)'; there are: \(known.joined(separator: ", "))")
        }
        let chosen = names.isEmpty ? Self.defaults(among: known) : names
        return ChartSheet(charts: chosen.map(chart))
    }

    /// The names of all runs' metrics, in the order of the files.
    private var knownNames: [String] {
        var seen: Set<String> = []
        return runs.flatMap(\.history.series).map(\.name).filter { seen.insert($0).inserted }
    }

    private static func defaults(among known: [String]) -> [String] {
        let usual = defaultNames.filter(known.contains) + known.filter { $0.hasSuffix(testSuffix) }
        return usual.isEmpty ? Array(known.prefix(3)) : usual
    }

    private func chart(of name: String) -> LineChart {
        let series = runs.map { $0.history[name] }
        let curves = series.map { series in
            (series?.points ?? []).map { LineChart.Point(x: Double($0.step), y: $0.value) }
        }
        let window = Smoothing.window(for: curves, wanted: smooth)
        let notes = [
            window > 1 ? "mean over \(NumberText.grouped(window)) steps" : nil,
            note(series.compactMap { $0?.missingCount }.reduce(0, +)),
        ]
        return LineChart(
            title: name, subtitle: notes.compactMap(\.self).joined(separator: "; "),
            xLabel: "steps",
            series: zip(runs, curves).enumerated().filter { !$1.1.isEmpty }.map { index, curve in
                LineChart.Series(
                    name: curve.0.name,
                    points: Smoothing.mean(of: curve.1, window: Double(window)), color: index)
            }, isLogarithmic: isLogarithmic)
    }

    private func note(_ missing: Int) -> String? {
        missing == 0
            ? nil : missing.grouped("value is not a number", "values are not numbers")
    }
}

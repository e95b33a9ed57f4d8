import HRMFigures
import HRMTraining

extension SweepText {
    /// Returns a chart of exact accuracy over operations: the seeds' means, with minimum and
    /// maximum dotted.
    func chart(of results: [SweepResult]) -> LineChart {
        let colors = ChartPalette.colors.count
        let series = file.experiments.enumerated().flatMap { index, experiment in
            let own = self.results(results, of: index).map(\.points).filter { !$0.isEmpty }
            let spreads = (own.first ?? []).compactMap { point -> (Double, SeedSpread)? in
                let values = own.compactMap { points in
                    points.first { $0.operations == point.operations }?.exactAccuracy
                }
                guard values.count == own.count else { return nil }
                return SeedSpread(values).map { (point.operations, $0) }
            }
            func curve(
                _ name: String, color: Int, _ value: (SeedSpread) -> Double
            ) -> LineChart.Series {
                LineChart.Series(
                    name: name, points: spreads.map { .init(x: $0.0, y: 100 * value($0.1)) },
                    color: color)
            }
            let mean = curve(experiment.name, color: index) { $0.mean }
            // The last line style of the palette is the dotted one.
            let dotted = index % colors + 2 * colors
            return own.count < 2
                ? [mean]
                : [
                    curve("", color: dotted) { $0.lowest }, curve("", color: dotted) { $0.highest },
                    mean,
                ]
        }
        return LineChart(
            title: "Exact accuracy in percent",
            subtitle: "\(file.dataPath), \(seeds); dotted: lowest and highest seed",
            xLabel: "FLOP of training", series: series, hasLogarithmicX: true)
    }
}

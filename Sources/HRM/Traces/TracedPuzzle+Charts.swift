package import HRMFigures
import HRMInference

extension TracedPuzzle {
    private typealias Point = LineChart.Point

    /// The charts of the changes of the states and of the model's confidence.
    package var charts: [LineChart] { [movementChart, confidenceChart] }

    /// A chart with a point for each update if the trace has updates, otherwise for each step.
    private var movementChart: LineChart {
        var slow: [Point] = []
        var fast: [Point] = []
        var place = 0.0
        for step in trace.steps {
            if step.updates.isEmpty {
                place += 1
                slow.append(.init(x: place, y: step.highChange))
                if let change = step.lowChange { fast.append(.init(x: place, y: change)) }
            }
            for update in step.updates {
                place += 1
                let point = Point(x: place, y: update.change)
                if update.loop == .slow { slow.append(point) } else { fast.append(point) }
            }
        }
        let isByUpdate = trace.steps.contains { !$0.updates.isEmpty }
        return LineChart(
            title: "How far the states move",
            subtitle: isByUpdate
                ? "|z' - z| / |z'| of each update of the fast loop (z_L) and the slow one (z_H)"
                : "|z' - z| / |z'| of the fast state (z_L) and the slow one (z_H) over each step",
            xLabel: isByUpdate ? "updates" : "steps",
            series: [
                .init(name: "z_L, the fast state", points: fast, color: 1),
                .init(name: "z_H, the slow state", points: slow, color: 0),
            ].filter { !$0.points.isEmpty }, isLogarithmic: true)
    }

    private var confidenceChart: LineChart {
        func points(_ value: (ThinkingTrace.Reading) -> Double) -> [Point] {
            trace.steps.map { .init(x: Double($0.step), y: value($0.reading)) }
        }
        return LineChart(
            title: "How sure the model is",
            subtitle: "its own probability of being right, and how open the cells are on average",
            xLabel: "steps",
            series: [
                .init(name: "confidence", points: points(\.confidence), color: 2),
                .init(
                    name: "entropy of the cells, 1 for any token at all",
                    points: points { share($0.meanEntropy) }, color: 3),
            ])
    }
}

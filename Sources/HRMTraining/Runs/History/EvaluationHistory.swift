/// The best and the last evaluation recorded in a run, over all sets together.
public struct EvaluationHistory: Sendable, Hashable {
    /// One evaluation.
    public struct Entry: Sendable, Hashable {
        /// The number of steps before the evaluation.
        public var step: Int
        /// The watched metric, averaged over the puzzles.
        public var value: Double
        /// The number of puzzles.
        public var count: Int
    }

    /// The metric that determines the best evaluation of the run.
    public var metric: WatchedMetric
    /// The earliest evaluation with the best value.
    public var best: Entry
    /// The last evaluation.
    public var last: Entry

    /// True if an earlier evaluation was better than the last one.
    public var hasBetterThanLast: Bool { metric.isBetter(best.value, than: last.value) }

    /// Reads the metrics of a run; nil if it has no recorded evaluation.
    ///
    /// - Parameter folder: The run.
    /// - Throws: ``RunFolderError`` or ``MetricsHistoryError``.
    public init?(_ folder: RunFolder) throws {
        let metric = try folder.configuration().watchedMetric
        let history = try MetricsHistory(contentsOf: folder.metricsURL)
        self.init(history, metric: metric)
    }

    /// Uses the evaluation of the averaged weights if there is one, as the run itself does.
    init?(_ history: MetricsHistory, metric: WatchedMetric) {
        let ending = ".\(metric.rawValue)"
        let recorded = history.series.filter { $0.name.hasSuffix(ending) }
        let averages = recorded.filter { $0.name.hasPrefix("ema.") }
        let series = averages.isEmpty ? recorded : averages
        // Sums over the sets by step; of a step evaluated repeatedly, the latest values count.
        var sums: [Int: (value: Double, count: Double)] = [:]
        for values in series {
            let name = values.name.dropLast(ending.count) + ".count"
            guard let counts = history[String(name)], counts.valuesPerPoint == 1,
                values.valuesPerPoint == 1
            else { return nil }
            let countOfStep = Dictionary(
                counts.points.map { ($0.step, $0.value) }, uniquingKeysWith: { $1 })
            let valueOfStep = Dictionary(
                values.points.map { ($0.step, $0.value) }, uniquingKeysWith: { $1 })
            for (step, value) in valueOfStep {
                let count = countOfStep[step] ?? 0
                let sum = sums[step] ?? (0, 0)
                sums[step] = (sum.value + value * count, sum.count + count)
            }
        }
        let entries = sums.filter { $0.value.count >= 1 && $0.value.count < 1e15 }.map {
            Entry(step: $0, value: $1.value / $1.count, count: Int($1.count))
        }.sorted { $0.step < $1.step }
        // A run that returned to an earlier checkpoint has already recorded later steps.
        let lastStep = series.first?.points.last?.step
        guard let last = entries.first(where: { $0.step == lastStep }), var best = entries.first
        else { return nil }
        for entry in entries where metric.isBetter(entry.value, than: best.value) { best = entry }
        (self.metric, self.best, self.last) = (metric, best, last)
    }
}

import Foundation

/// What a run of a sweep has come to so far.
public struct SweepResult: Sendable, Hashable {
    /// An evaluation.
    public struct Point: Sendable, Hashable {
        /// Steps made before it.
        public let step: Int
        /// Floating-point operations of these steps.
        public let operations: Double
        /// Share of puzzles with every cell right.
        public let exactAccuracy: Double
        /// Mean share of cells that are right.
        public let accuracy: Double
    }

    /// The run.
    public let run: SweepRun
    /// How far it is.
    public let state: SweepFolder.State
    /// The evaluations, from the first to the last: of the average of the weights, where one is
    /// kept.
    public let points: [Point]
    /// Test puzzles of an evaluation.
    public let puzzles: Int

    /// The evaluation at the run's end; nil before.
    public var last: Point? { state == .finished ? points.last : nil }
    /// The best evaluation, the first of equals; nil before the run's end.
    public var best: Point? {
        guard state == .finished else { return nil }
        return points.reduce(nil as Point?) { best, point in
            point.exactAccuracy > best?.exactAccuracy ?? -1 ? point : best
        }
    }

    /// Reads what a run has come to.
    ///
    /// Of a data set with several test sets, the first one counts.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - folder: The sweep's folder.
    /// - Throws: ``RunFolderError`` or ``MetricsHistoryError`` about a file that cannot be read.
    public init(of run: SweepRun, in folder: SweepFolder) throws {
        self.run = run
        state = try folder.state(of: run)
        let metrics = folder.url(of: run).appendingPathComponent(RunFolder.metricsName)
        guard state != .open, FileManager.default.fileExists(atPath: metrics.path) else {
            (points, puzzles) = ([], 0)
            return
        }
        let history = try MetricsHistory(contentsOf: metrics)
        let prefix = run.configuration.averagesWeights ? "ema." : ""
        let name = history.series.map(\.name).first {
            $0.hasPrefix(prefix) && $0.hasSuffix(".exact_accuracy")
                && (!prefix.isEmpty || !$0.hasPrefix("ema."))
        }
        guard let set = name?.dropLast("exact_accuracy".count) else {
            (points, puzzles) = ([], 0)
            return
        }
        func values(_ metric: String) -> [Int: Double] {
            let points = history["\(set)\(metric)"]?.points ?? []
            return Dictionary(points.map { ($0.step, $0.value) }) { $1 }
        }
        let (exact, cells) = (values("exact_accuracy"), values("accuracy"))
        points = exact.keys.sorted().map { step in
            Point(
                step: step, operations: run.cost.operations(of: step, outOf: run.steps),
                exactAccuracy: exact[step] ?? .nan, accuracy: cells[step] ?? .nan)
        }
        puzzles = Int(history["\(set)count"]?.last?.value ?? 0)
    }
}

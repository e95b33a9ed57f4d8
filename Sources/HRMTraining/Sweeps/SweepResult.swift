import Foundation

/// The results of a sweep's run so far.
package struct SweepResult: Sendable, Hashable {
    /// An evaluation.
    package struct Point: Sendable, Hashable {
        /// The number of steps before it.
        package let step: Int
        /// The floating-point operations of these steps.
        package let operations: Double
        /// The share of puzzles with every cell correct.
        package let exactAccuracy: Double
        /// The mean share of correct cells.
        package let accuracy: Double
    }

    /// The run.
    package let run: SweepRun
    /// The progress of the run.
    package let state: SweepFolder.State
    /// The evaluations in order, of the averaged weights if enabled.
    package let points: [Point]
    /// The number of test puzzles in an evaluation.
    package let puzzles: Int

    /// The evaluation at the run's end; nil while the run is unfinished.
    package var last: Point? { state == .finished ? points.last : nil }
    /// The best evaluation, the earliest in a tie; nil while the run is unfinished.
    package var best: Point? {
        guard state == .finished else { return nil }
        return points.reduce(nil as Point?) { best, point in
            point.exactAccuracy > best?.exactAccuracy ?? -1 ? point : best
        }
    }

    /// Reads the results of a run.
    ///
    /// Of a data set with several test sets, the first one counts.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - folder: The sweep's folder.
    /// - Throws: ``RunFolderError`` or ``MetricsHistoryError`` about a file that cannot be read.
    package init(of run: SweepRun, in folder: SweepFolder) throws {
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

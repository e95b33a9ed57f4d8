public import Foundation
import HRMModel

/// What a list of runs tells about one of them.
public struct RunSummary: Sendable, Hashable {
    /// The best evaluation.
    public struct BestAccuracy: Sendable, Hashable {
        /// The metric's name, such as `all.exact_accuracy`.
        public var metric: String
        /// The step after which it was measured.
        public var step: Int
        /// The share of puzzles with every cell right.
        public var value: Double
    }

    /// What the run says of itself.
    public var description: RunDescription
    /// The last step that the metrics tell about.
    public var steps: Int
    /// The best evaluation; none where there was no evaluation yet.
    public var best: BestAccuracy?
    /// Weights that the main optimizer trains.
    public var parameterCount: Int
    /// Bytes of all files in the folder.
    public var byteCount: Int
    /// Whether a process of this machine trains in the folder.
    public var isBusy: Bool
    /// When the metrics, or without them the description, were last written.
    public var lastChange: Date

    /// Reads what there is to tell.
    ///
    /// - Parameter folder: The folder of a run, finished or not.
    /// - Throws: ``RunFolderError`` or ``MetricsHistoryError`` about the first broken file.
    public init(_ folder: RunFolder) throws {
        description = try folder.description()
        let configuration = try folder.configuration()
        parameterCount =
            ParameterLayout(
                configuration: configuration.architecture, dimensions: description.dimensions
            ).parameterCount
        byteCount = Self.byteCount(below: folder.url)
        isBusy = folder.isBusy
        steps = 0
        var written = folder.descriptionURL
        if FileManager.default.fileExists(atPath: folder.metricsURL.path) {
            written = folder.metricsURL
            // The largest and the last value are exact, however few points are kept.
            let history = try MetricsHistory(contentsOf: folder.metricsURL, pointLimit: 2)
            steps = history.lastStep
            best = Self.best(of: history)
        } else if let last = folder.eventFiles.last {
            written = last
            let history = try MetricsHistory(eventsOf: folder.eventFiles, pointLimit: 2)
            steps = history.lastStep
            best = Self.best(of: history)
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: written.path)
        lastChange = attributes?[.modificationDate] as? Date ?? .distantPast
    }

    /// Whether the run says that it goes on, but no process of this machine trains in its folder: one
    /// that is killed cannot change what `run.json` says.
    public var seemsStopped: Bool { description.state == .running && !isBusy }

    /// The best exact accuracy on a test set; of training batches there is one a step, some of which
    /// are lucky.
    private static func best(of history: MetricsHistory) -> BestAccuracy? {
        var best: BestAccuracy?
        for series in history.series
        where series.name.hasSuffix("exact_accuracy") && !series.name.hasPrefix("train/") {
            guard let largest = series.largest, largest.value > best?.value ?? -.infinity
            else { continue }
            best = BestAccuracy(metric: series.name, step: largest.step, value: largest.value)
        }
        return best
    }

    private static func byteCount(below folder: URL) -> Int {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .fileSizeKey]
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: Array(keys))
        var sum = 0
        while let url = files?.nextObject() as? URL {
            guard let values = try? url.resourceValues(forKeys: keys),
                values.isRegularFile == true
            else { continue }
            // Files with holes can be larger than any disk.
            let (total, isTooMuch) = sum.addingReportingOverflow(values.fileSize ?? 0)
            sum = isTooMuch ? .max : total
        }
        return sum
    }
}

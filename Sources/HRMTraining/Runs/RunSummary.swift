package import Foundation
import HRMModel

/// The summary of a run in a list.
package struct RunSummary: Sendable, Hashable {
    /// The best evaluation.
    package struct BestAccuracy: Sendable, Hashable {
        /// The metric's name, such as `all.exact_accuracy`.
        package var metric: String
        /// The step after which it was measured.
        package var step: Int
        /// The share of puzzles with every cell correct.
        package var value: Double
    }

    /// The run's own description.
    package var description: RunDescription
    /// The last step in the metrics.
    package var steps: Int
    /// The best evaluation; nil before the first one.
    package var best: BestAccuracy?
    /// The number of weights trained by the main optimizer.
    package var parameterCount: Int
    /// The total size of all files in the folder, in bytes.
    package var byteCount: Int
    /// True if a process on this machine is training in the folder.
    package var isBusy: Bool
    /// The time of the last change of the metrics or, without metrics, of the description.
    package var lastChange: Date

    /// Reads the summary.
    ///
    /// - Parameter folder: The folder of a run, finished or not.
    /// - Throws: ``RunFolderError`` or ``MetricsHistoryError`` about the first unreadable file.
    package init(_ folder: RunFolder) throws {
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
            // The largest and the last value are exact for any number of points.
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

    /// True if `run.json` states that the run is in progress, but no process on this machine is
    /// training in its folder: a killed run cannot update the file.
    package var seemsStopped: Bool { description.state == .running && !isBusy }

    /// Returns the best exact accuracy on a test set; training batches are not considered, since
    /// their best is dominated by chance.
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
            // Sparse files can be larger than any disk.
            let (total, isTooMuch) = sum.addingReportingOverflow(values.fileSize ?? 0)
            sum = isTooMuch ? .max : total
        }
        return sum
    }
}

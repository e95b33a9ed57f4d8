import Foundation
import HRMFiles
import HRMTraining

/// The speed of a training, from the times in its newest event file.
enum RunSpeed {
    /// The number of records in which the first step with a time is searched.
    private static let mostRecords = 16

    /// Returns the time that a run needs for its remaining steps at the speed of its session; nil if
    /// it is unknown.
    static func secondsLeft(of url: URL, _ summary: RunSummary) -> Double? {
        guard let file = (try? RunFolder.openUnfinished(url))?.eventFiles.last,
            var reader = try? EventFileReader(contentsOf: file)
        else { return nil }
        for _ in 0..<mostRecords {
            guard let event = try? reader.next() else { return nil }
            guard case .summary = event.content else { continue }
            let steps = summary.steps - event.step
            let seconds = summary.lastChange.timeIntervalSince1970 - event.wallTime
            guard steps > 0, seconds > 0 else { return nil }
            let left = max(0, summary.description.totalSteps - summary.steps)
            return Double(left) * seconds / Double(steps)
        }
        return nil
    }
}

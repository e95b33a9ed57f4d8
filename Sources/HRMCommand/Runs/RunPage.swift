import Foundation
import HRMFiles
import HRMServer
import HRMTraining

/// The page that `hrm plot --html` writes.
enum RunPage {
    /// The maximum number of points of a curve.
    static let mostPoints = 2_000

    /// Writes the curves of runs into one file.
    static func write(_ runs: [PlottedRun], to file: URL) throws {
        let page = try StandalonePage(plotting: runs.map(members))
        try AtomicFile.write(Data(page.html.utf8), to: file)
    }

    private static func members(of run: PlottedRun) -> JSONValue {
        let series = run.history.series.map { series in
            let points = series.points.map {
                JSONValue.list([.integer($0.step), .number($0.value)])
            }
            return (series.name, JSONValue.list(points))
        }
        return .object([
            "name": .text(run.name),
            "series": .object(Dictionary(series) { first, _ in first }),
        ])
    }
}

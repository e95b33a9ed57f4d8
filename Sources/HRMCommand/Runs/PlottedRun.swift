import Foundation
import HRMTraining

/// A run to plot.
struct PlottedRun {
    /// The name in the legend.
    let name: String
    let history: MetricsHistory

    /// Reads runs.
    ///
    /// - Parameters:
    ///   - paths: Run folders, as written by the user.
    ///   - pointLimit: The maximum number of points of a curve; neighbours are averaged.
    /// - Returns: The runs, named by the last components of their paths if these differ.
    /// - Throws: ``CommandError`` with the run that cannot be read.
    static func read(
        _ paths: [String], pointLimit: Int = MetricsHistory.defaultPointLimit
    ) throws -> [PlottedRun] {
        let short = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
        let names = Set(short).count == paths.count ? short : paths
        return try zip(paths, names).map { path, name in
            let url = URL(fileURLWithPath: path)
            do {
                return PlottedRun(
                    name: name, history: try MetricsHistory(ofRun: url, pointLimit: pointLimit))
            } catch {
                throw CommandError(error, in: url)
            }
        }
    }
}

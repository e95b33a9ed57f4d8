import Foundation
import HRMTraining

/// A run whose curves are drawn.
struct PlottedRun {
    /// What the legend calls it.
    let name: String
    let history: MetricsHistory

    /// Reads runs.
    ///
    /// - Parameter paths: Run folders, as the user wrote them.
    /// - Returns: The runs, called by the last parts of their paths where these differ.
    /// - Throws: ``CommandError`` that names the run which cannot be read.
    static func read(_ paths: [String]) throws -> [PlottedRun] {
        let short = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
        let names = Set(short).count == paths.count ? short : paths
        return try zip(paths, names).map { path, name in
            let url = URL(fileURLWithPath: path)
            do {
                return PlottedRun(name: name, history: try MetricsHistory(ofRun: url))
            } catch {
                throw CommandError(error, in: url)
            }
        }
    }
}

import Foundation
import HRMFiles
import HRMTraining

/// The trainings below a folder.
struct RunCatalog: Sendable {
    /// The folder; nil if the server has none.
    let folder: URL?

    /// Returns all runs with their identifiers.
    ///
    /// - Throws: ``HTTPError`` if the folder cannot be read.
    func runs() throws(HTTPError) -> [(identifier: String, found: RunSearch.Found)] {
        guard let folder else { return [] }
        do {
            return try RunSearch.runs(below: folder).map { (Self.identifier(of: $0.name), $0) }
        } catch {
            throw HTTPError(
                .internalServerError, "the folder of runs cannot be read", at: "server",
                remedy: "start the server with another --runs")
        }
    }

    /// Returns a run.
    ///
    /// - Throws: ``HTTPError`` if there is none with this identifier.
    func run(_ identifier: String) throws(HTTPError) -> RunSearch.Found {
        guard let run = try runs().first(where: { $0.identifier == identifier }) else {
            throw HTTPError(
                .notFound, "there is no such run", at: "path", remedy: "use one of /v1/runs")
        }
        return run.found
    }

    /// Returns the identifier of a run; that of the searched folder itself is not a dot, which a
    /// URL would lose.
    static func identifier(of name: String) -> String {
        name == "." ? "~" : ModelIdentifier.identifier(of: name)
    }
}

import Foundation
import HRMFiles
import HRMTraining

/// Tells about trainings.
struct RunHandlers: Sendable {
    let catalog: RunCatalog
    private static let mostCompared = 16
    private static let usualPoints = 1000

    /// Answers `GET /v1/runs`.
    func list() throws -> HTTPResponse {
        let now = Date()
        return .json(
            .object([
                "runs": .list(
                    try catalog.runs().map { .object(RunState.members(of: $0.found, at: now)) }),
                "folder": catalog.folder.map { .text($0.lastPathComponent) } ?? .null,
            ]))
    }

    /// Answers `GET /v1/runs/{id}`.
    func detail(_ identifier: String) throws -> HTTPResponse {
        let run = try catalog.run(identifier)
        var members = RunState.members(of: run, at: Date())
        let settings = Self.settings(of: run.url)
        members["settings"] = .object(
            Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
        let history = try? MetricsHistory(ofRun: run.url, pointLimit: 2)
        members["metrics"] = .list((history?.series ?? []).map { .text($0.name) })
        members["samples"] = .list(
            RunSamples.samples(of: run.url).map { RunSamples.members(of: $0, run: identifier) })
        return .json(.object(members))
    }

    /// Answers `GET /v1/runs/{id}/metrics`.
    func metrics(_ identifier: String, _ request: HTTPRequest) throws -> HTTPResponse {
        let run = try catalog.run(identifier)
        let after = try Self.number(request, "after", in: -1...(1 << 53)) ?? -1
        let points = try Self.number(request, "points", in: 2...10_000) ?? Self.usualPoints
        let names = try request.query("names").map {
            Set($0.split(separator: ",").map(String.init))
        }
        let file = (try? RunFolder.openUnfinished(run.url))?.metricsURL
        // Before the values are read, so that no later line is left out.
        let offset = file.map(MetricsTail.byteCount) ?? 0
        var series: [String: JSONValue] = [:]
        var history: MetricsHistory?
        do {
            history = try MetricsHistory(ofRun: run.url, pointLimit: points)
        } catch RunFolderError.notARun {
            // There are no metrics yet.
        } catch {
            throw HTTPError(
                .unprocessableContent, "\(error)".replacing(run.url.path, with: run.name),
                at: "path", remedy: "see the run with 'hrm plot'")
        }
        for metric in history?.series ?? [] where names?.contains(metric.name) ?? true {
            let kept = metric.points.filter { $0.step > after }
            series[metric.name] = .object([
                "steps": .list(kept.map { .integer($0.step) }),
                "values": .list(kept.map { .number($0.value) }),
                "values_per_point": .integer(metric.valuesPerPoint),
            ])
        }
        return .json(
            .object([
                "run": .text(identifier), "last_step": .integer(history?.lastStep ?? 0),
                "offset": .text(String(offset)),
                "is_truncated": .flag(history?.isTruncated ?? false), "series": .object(series),
            ]))
    }

    /// Answers `GET /v1/runs/{id}/samples/{step}`.
    func sample(_ identifier: String, step: String) throws -> HTTPResponse {
        let run = try catalog.run(identifier)
        guard let number = Int(step), number >= 0,
            let sample = RunSamples.samples(of: run.url, step: number).last
        else {
            throw HTTPError(
                .notFound, "there is no picture of this step", at: "path",
                remedy: "use a url of the run's samples")
        }
        return HTTPResponse(
            headers: [("content-type", "image/png"), ("cache-control", "no-cache")],
            body: .data(Data(sample.bytes)))
    }

    /// Answers `GET /v1/differences`.
    func differences(_ request: HTTPRequest) throws -> HTTPResponse {
        let identifiers = (try request.query("runs") ?? "").split(separator: ",").map(String.init)
        guard (2...Self.mostCompared).contains(identifiers.count) else {
            throw HTTPError(
                .badRequest, "\(identifiers.count) runs are named", at: "query.runs",
                remedy: "name 2 to \(Self.mostCompared), separated by commas")
        }
        let all = try identifiers.map { Self.settings(of: try catalog.run($0).url) }
        var names: [String] = []
        for setting in all.joined() where !names.contains(setting.key) { names.append(setting.key) }
        let tables = all.map {
            Dictionary($0.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        }
        let differing = names.compactMap { name -> JSONValue? in
            let values = tables.map { $0[name] ?? .null }
            guard Set(values.compactMap { try? $0.line() }).count > 1 else { return nil }
            return .object(["name": .text(name), "values": .list(values)])
        }
        return .json(
            .object([
                "runs": .list(identifiers.map { .text($0) }), "settings": .list(differing),
            ]))
    }

    /// The settings of a run: those of its configuration, and the seed; none if it is unreadable.
    static func settings(of url: URL) -> [(key: String, value: JSONValue)] {
        guard let folder = try? RunFolder.openUnfinished(url),
            let configuration = try? folder.configuration()
        else { return [] }
        var settings = configuration.members
        if let description = try? folder.description() {
            settings += [
                ("run.workers", .integer(description.workers)),
                ("run.kernels", .text(description.kernelPath)),
                ("run.data", .text(description.dataPath)),
                ("run.data_fingerprint", .text(description.dataFingerprint)),
                ("run.total_steps", .integer(description.totalSteps)),
                ("run.package_version", .text(description.packageVersion)),
            ]
        }
        return settings
    }

    /// Returns a whole number in the query; nil if there is none.
    static func number(
        _ request: HTTPRequest, _ name: String, in range: ClosedRange<Int>
    ) throws(HTTPError) -> Int? {
        guard let text = try request.query(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw HTTPError(
                .badRequest,
                "it is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                at: "query.\(name)", remedy: "send such a number")
        }
        return number
    }
}

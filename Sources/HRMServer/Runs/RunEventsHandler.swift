import Foundation
import HRMFiles
import HRMTraining

/// Follows a training.
struct RunEventsHandler: Sendable {
    let catalog: RunCatalog
    let load: ServerLoad

    private static let interval = Duration.milliseconds(400)
    /// The least time between two events `state` of a run in the same state.
    private static let stateInterval = Duration.seconds(3)

    /// Answers `GET /v1/runs/{id}/events`.
    func callAsFunction(_ identifier: String, _ request: HTTPRequest) throws -> HTTPResponse {
        let run = try catalog.run(identifier)
        let after = try request.query("after")
        let known = request.header("last-event-id") ?? after ?? "0"
        guard let offset = Int(known), offset >= 0 else {
            throw HTTPError(
                .badRequest, "it is no id of an event", at: "Last-Event-ID", remedy: "leave it out")
        }
        let place = try load.place([.streams])
        let file = run.url.appendingPathComponent(Self.metricsName(run.url))
        return .events { events in
            defer { place.release() }
            try await follow(
                run, MetricsTail(file, offset: offset), identifier: identifier, events)
        }
    }

    private static func metricsName(_ url: URL) -> String {
        (try? RunFolder.openUnfinished(url))?.metricsURL.lastPathComponent ?? "metrics.jsonl"
    }

    private func follow(
        _ run: RunSearch.Found, _ start: MetricsTail, identifier: String, _ events: EventStream
    ) async throws {
        var tail = start
        var shown: Set<Int> = []
        var state: (name: String, time: ContinuousClock.Instant)?
        var hasEvaluation = true
        while true {
            try Task.checkCancellation()
            let found = await current(run)
            let members = RunState.members(of: found, at: Date())
            guard case .text(let name)? = members["state"] else { return }
            let now = ContinuousClock.now
            var isNew = state?.name != name
            if let state, now - state.time >= Self.stateInterval, name == "running" { isNew = true }
            if isNew {
                state = (name, now)
                try await events.send("state", .object(members))
            }
            while let news = tail.next() {
                switch news {
                case .rewind(let step):
                    shown = shown.filter { $0 <= step }
                    try await events.send(
                        "rewind", .object(["step": .integer(step)]), identifier: "\(tail.offset)")
                case .lines(let lines):
                    hasEvaluation = hasEvaluation || lines.contains(where: Self.isEvaluation)
                    try await events.send(
                        "metrics", .object(["lines": .list(lines)]), identifier: "\(tail.offset)")
                }
            }
            if hasEvaluation {
                hasEvaluation = false
                for sample in RunSamples.samples(of: run.url)
                where shown.insert(sample.step).inserted {
                    try await events.send("sample", RunSamples.members(of: sample, run: identifier))
                }
            }
            if name != "running" {
                try await events.send("end", .object(members))
                return
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Returns the present state of a run.
    private func current(_ run: RunSearch.Found) async -> RunSearch.Found {
        var run = run
        run.summary = Result { try RunSummary(RunFolder.openUnfinished(run.url)) }
        return run
    }

    /// True for a line with a metric of an evaluation.
    private static func isEvaluation(_ line: JSONValue) -> Bool {
        guard case .object(let members) = line else { return false }
        return members.keys.contains { $0.hasSuffix("exact_accuracy") && !$0.hasPrefix("train/") }
    }
}

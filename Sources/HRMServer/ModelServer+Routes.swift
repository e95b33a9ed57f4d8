import Foundation
import HRMFiles

extension ModelServer {
    /// Returns the routes of the interface, those of `/v1/openapi.json`.
    static func routes(
        library: ModelLibrary, runs: RunCatalog, load: ServerLoad, learning: LearnHandler,
        completions: CompletionHandler?, health: HealthHandler, description: Data
    ) -> [Route] {
        let solve = SolveHandler(library: library, load: load)
        let thoughts = ThoughtsHandler(library: library, load: load)
        let check = CheckHandler(library: library)
        let generate = GenerateHandler(load: load)
        let hint = HintHandler(library: library, load: load)
        let export = ExportHandler(library: library, load: load)
        let arc = ARCHandlers(library: library, load: load)
        let trainings = RunHandlers(catalog: runs)
        let events = RunEventsHandler(catalog: runs, load: load)
        return [
            Route("GET", "/v1/health") { _, _ in .json(health.state) },
            Route("GET", "/v1/openapi.json") { _, _ in
                HTTPResponse(
                    headers: [
                        ("content-type", "application/json; charset=utf-8"),
                        ("cache-control", "no-cache"),
                    ], body: .data(description))
            },
            Route("GET", "/v1/models") { _, _ in
                var models: [JSONValue] = []
                for entry in library.entries() {
                    models.append(await library.description(of: entry, hasCard: false))
                }
                return .json(
                    .object([
                        "models": .list(models), "learns_tasks": .flag(true),
                        "text_model": completions.map { .text($0.name) } ?? .null,
                    ]))
            },
            Route("GET", "/v1/models/{id}") { _, values in
                .json(
                    await library.description(
                        of: try library.entry(values[0]), hasCard: true))
            },
            Route("POST", "/v1/solve") { request, _ in try await solve(request) },
            Route("POST", "/v1/thoughts") { request, _ in try await thoughts(request) },
            Route("POST", "/v1/check") { request, _ in try await check(request) },
            Route("POST", "/v1/generate") { request, _ in try await generate(request) },
            Route("POST", "/v1/hint") { request, _ in try await hint(request) },
            Route("POST", "/v1/export") { request, _ in try await export(request) },
            Route("POST", "/v1/arc/check") { request, _ in try arc.check(request) },
            Route("POST", "/v1/arc/solve") { request, _ in try await arc.solve(request) },
            Route("POST", "/v1/arc/learn") { request, _ in try await learning(request) },
            Route("GET", "/v1/runs") { _, _ in
                try await OwnThread.run { try trainings.list() }
            },
            Route("GET", "/v1/runs/{id}") { _, values in
                try await OwnThread.run { try trainings.detail(values[0]) }
            },
            Route("GET", "/v1/runs/{id}/metrics") { request, values in
                try await OwnThread.run { try trainings.metrics(values[0], request) }
            },
            Route("GET", "/v1/runs/{id}/events") { request, values in
                try events(values[0], request)
            },
            Route("GET", "/v1/runs/{id}/samples/{step}") { _, values in
                try await OwnThread.run { try trainings.sample(values[0], step: values[1]) }
            },
            Route("GET", "/v1/differences") { request, _ in
                try await OwnThread.run { try trainings.differences(request) }
            },
            Route("POST", "/v1/completions") { request, _ in
                guard let completions else {
                    throw HTTPError(
                        .notFound, "the server has no text model", at: "path",
                        remedy: "start it with --text-model")
                }
                return try await completions(request)
            },
        ]
    }
}

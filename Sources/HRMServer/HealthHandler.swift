import HRMFiles
import HRMTraining

/// Tells the state, the load and the limits of the server.
struct HealthHandler: Sendable {
    let load: ServerLoad
    let limits: HTTPLimits
    let connections: ConnectionServer
    let start: ContinuousClock.Instant

    /// The content of `GET /v1/health`.
    var state: JSONValue {
        .object([
            "status": .text(connections.isStopping ? "stopping" : "ok"),
            "version": .text(Package.version),
            "uptime_seconds": .number((ContinuousClock.now - start) / .seconds(1)),
            "load": .object([
                "connections": .integer(connections.connectionCount),
                "puzzles": .integer(load.count(of: .puzzles)),
                "streams": .integer(load.count(of: .streams)),
                "learning": .integer(load.count(of: .learning)),
                "answered": .integer(load.answered),
            ]),
            "limits": .object([
                "connections": .integer(connections.connectionLimit),
                "puzzles": .integer(load.limits.puzzles),
                "streams": .integer(load.limits.streams),
                "learning": .integer(load.limits.learning),
                "body_bytes": .integer(limits.bodyBytes),
                "request_seconds": .number(load.limits.requestSeconds),
                "learning_minutes": .number(load.limits.learningMinutes),
            ]),
        ])
    }
}

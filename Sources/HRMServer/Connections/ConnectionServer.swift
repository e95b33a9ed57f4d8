import FlyingSocks
import Foundation
import Synchronization

/// Accepts connections and keeps their number and times within the limits.
final class ConnectionServer: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: OpenConnection] = [:]
        var isStopping = false
    }

    private let listener: Socket
    /// The port that is listened on.
    let port: Int
    private let limits: HTTPLimits
    private let state = Mutex(State())
    private static let interval = Duration.milliseconds(250)

    /// Binds an address.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - limits: The bounds.
    /// - Throws: `SocketError` if the address is not free.
    init(_ address: ListeningAddress, limits: HTTPLimits) throws {
        var limits = limits
        limits.connections = min(limits.connections, FileLimit.raised(for: limits.connections))
        self.limits = limits
        listener = try address.listeningSocket()
        switch try listener.sockname() {
        case .ip4(_, let port), .ip6(_, let port): self.port = Int(port)
        case .unix: port = 0
        }
    }

    /// The number of open connections.
    var connectionCount: Int { state.withLock { $0.connections.count } }
    /// The largest number of connections.
    var connectionLimit: Int { limits.connections }
    /// True once the server was asked to stop.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Answers requests until ``stop()``.
    ///
    /// - Parameters:
    ///   - headers: The headers of every answer.
    ///   - admit: Refuses a request by its head.
    ///   - handler: Answers a request.
    /// - Throws: An error of the system's event queue.
    func run(
        headers: [(name: String, value: String)],
        admit: @escaping @Sendable (RequestHead) throws -> Void,
        handler: @escaping ConnectionLoop.Handler
    ) async throws {
        let pool = SocketPool.make(maxEvents: 256)
        try await pool.prepare()
        defer { try? listener.close() }
        let socket = try AsyncSocket(socket: listener, pool: pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            group.addTask { try await self.watchDeadlines() }
            group.addTask {
                await withDiscardingTaskGroup { connections in
                    while let accepted = await self.accept(socket) {
                        let loop = ConnectionLoop(
                            connection: accepted, pool: pool, limits: self.limits,
                            headers: headers, admit: admit, handler: handler,
                            isStopping: { self.isStopping })
                        connections.addTask { await self.serve(loop) }
                    }
                    await self.waitForEnd()
                    connections.cancelAll()
                    for connection in self.open { connection.expire(at: .now + .seconds(1 << 20)) }
                }
            }
            defer { group.cancelAll() }
            // The first task that ends is that of the connections, unless the system fails.
            for _ in 0..<1 { try await group.next() }
        }
    }

    /// Ends the server: nothing more is accepted, and requests in progress get a short time.
    func stop() {
        state.withLock { $0.isStopping = true }
        _ = shutdown(listener.file.rawValue, Int32(SHUT_RDWR))
        for connection in open { connection.endIfIdle() }
    }

    private var open: [OpenConnection] {
        state.withLock { Array($0.connections.values) }
    }

    private func serve(_ loop: ConnectionLoop) async {
        await loop.run()
        loop.connection.close()
        state.withLock { $0.connections[ObjectIdentifier(loop.connection)] = nil }
    }

    /// Returns the next connection; nil when the server ends.
    private func accept(_ socket: AsyncSocket) async -> OpenConnection? {
        while !isStopping {
            do {
                let connection = OpenConnection(try await socket.accept())
                guard !isStopping else {
                    connection.close()
                    return nil
                }
                connection.begin(.idle, seconds: limits.idleSeconds)
                if await add(connection) { return connection }
            } catch is CancellationError {
                return nil
            } catch {
                // Without descriptors or memory, or if the client has already gone: the next one may
                // succeed.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        return nil
    }

    /// Adds a connection, in the place of an idle one if there are too many.
    private func add(_ connection: OpenConnection) async -> Bool {
        let isFull = state.withLock { state in
            guard state.connections.count >= limits.connections else {
                state.connections[ObjectIdentifier(connection)] = connection
                return false
            }
            return true
        }
        guard isFull else { return true }
        if open.contains(where: { $0.endIfIdle() }) {
            // Its task needs a moment to end.
            for _ in 0..<20 where connectionCount >= limits.connections {
                try? await Task.sleep(for: .milliseconds(1))
            }
            let isAdded = state.withLock { state in
                guard state.connections.count < limits.connections else { return false }
                state.connections[ObjectIdentifier(connection)] = connection
                return true
            }
            if isAdded { return true }
        }
        let error = HTTPError(
            .serviceUnavailable, "there are too many connections", at: "server",
            remedy: "try again later", retryAfter: 2, endsConnection: true)
        if case .data(let body) = HTTPResponse(error).body {
            let head = HTTPResponse(error).head(common: [], isChunked: false, closes: true)
            _ = try? connection.socket.socket.write(head + body, from: 0)
        }
        connection.close()
        return false
    }

    private func watchDeadlines() async throws {
        while true {
            try await Task.sleep(for: Self.interval)
            let now = ContinuousClock.now
            for connection in open { connection.expire(at: now) }
        }
    }

    private func waitForEnd() async {
        let end = ContinuousClock.now + .seconds(limits.stopSeconds)
        while connectionCount > 0, ContinuousClock.now < end {
            for connection in open { connection.endIfIdle() }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}

import FlyingSocks
import Foundation
import Synchronization

/// A connection with a deadline, which another thread enforces.
final class OpenConnection: Sendable {
    /// The activity that a deadline belongs to.
    enum Phase: Sendable {
        /// Waiting for a request.
        case idle
        /// Receiving a request.
        case reading
        /// Computing an answer.
        case working
        /// Sending an answer.
        case writing
    }

    private struct State {
        var phase = Phase.idle
        var deadline: ContinuousClock.Instant?
        var isOverdue = false
        var isClosed = false
    }

    /// The socket.
    let socket: AsyncSocket
    private let state = Mutex(State())

    /// Creates a connection of a socket.
    init(_ socket: AsyncSocket) {
        self.socket = socket
    }

    /// Begins a phase.
    ///
    /// - Parameters:
    ///   - phase: The phase.
    ///   - seconds: The time after which the connection is ended; nil for no limit.
    func begin(_ phase: Phase, seconds: Double?) {
        state.withLock {
            $0.phase = phase
            $0.deadline = seconds.map { .now + .seconds($0) }
        }
    }

    /// The current phase.
    var phase: Phase { state.withLock { $0.phase } }
    /// True if the deadline has passed.
    var isOverdue: Bool { state.withLock { $0.isOverdue } }

    /// Ends what the connection waits for, if its deadline has passed.
    func expire(at now: ContinuousClock.Instant) {
        state.withLock { state in
            guard !state.isClosed, !state.isOverdue, let deadline = state.deadline, deadline <= now
            else { return }
            state.isOverdue = true
            // A client that sends too slowly is still told so.
            end(state.phase == .reading ? SHUT_RD : SHUT_RDWR)
        }
    }

    /// Ends the connection if it waits for a request.
    ///
    /// - Returns: True if it did.
    @discardableResult
    func endIfIdle() -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.phase == .idle else { return false }
            state.isOverdue = true
            end(SHUT_RDWR)
            return true
        }
    }

    /// Returns whether the client has closed the connection, without taking bytes from it.
    ///
    /// - Returns: True if it has; false if there is nothing; nil if there are bytes of a next
    ///   request.
    func isClosedByClient() -> Bool? {
        state.withLock { state in
            guard !state.isClosed else { return true }
            var byte: UInt8 = 0
            let count = recv(
                socket.socket.file.rawValue, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            if count > 0 { return nil }
            return count == 0 || errno != EAGAIN && errno != EINTR
        }
    }

    /// Closes the socket; a later use of its number is another connection.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            try? socket.close()
        }
    }

    private func end(_ direction: Int) { end(Int32(direction)) }

    private func end(_ direction: Int32) {
        _ = shutdown(socket.socket.file.rawValue, direction)
    }
}

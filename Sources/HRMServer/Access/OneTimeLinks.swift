import Synchronization

/// The links with which a browser gets the cookie; each works once.
final class OneTimeLinks: Sendable {
    /// The value of the cookie.
    let session = Secret.random()
    private let current = Mutex(Secret.random())
    private let announce: @Sendable (String) -> Void

    /// - Parameter announce: Called with the ticket of each further link, once one was used.
    init(announce: @escaping @Sendable (String) -> Void) {
        self.announce = announce
    }

    /// The ticket of the next link.
    var ticket: String { current.withLock { $0 } }

    /// Uses a ticket.
    ///
    /// - Returns: True if it is the current one; it is then no longer.
    func redeem(_ ticket: String) -> Bool {
        let next: String? = current.withLock { current in
            guard Secret.areEqual(ticket, current) else { return nil }
            current = Secret.random()
            return current
        }
        guard let next else { return false }
        announce(next)
        return true
    }

    /// Returns whether a ticket is the current one, without using it.
    func isValid(_ ticket: String) -> Bool { Secret.areEqual(ticket, self.ticket) }
}

import FlyingSocks
import Foundation

/// The address on which a server listens.
struct ListeningAddress: Sendable, Equatable {
    /// The host: a name, or an address of version 4 or 6.
    var host: String
    /// The port; 0 for any free one.
    var port: Int

    /// True if only this machine can connect.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && addressOf(host) != nil
    }

    /// True if the address stands for all addresses of the machine.
    var isAny: Bool { host == "0.0.0.0" || host == "::" }

    /// Creates a socket that listens on the address.
    ///
    /// - Throws: `SocketError` if the host is unknown, or the port is not free.
    func listeningSocket() throws -> Socket {
        let port = UInt16(clamping: port)
        if host.contains(":") {
            return try Self.listen(sockaddr_in6.inet6(ip6: host, port: port))
        }
        let numeric = host == "localhost" ? "127.0.0.1" : addressOf(host) ?? resolved()
        guard let numeric else { throw SocketError.unsupportedAddress }
        return try Self.listen(sockaddr_in.inet(ip4: numeric, port: port))
    }

    private static func listen(_ address: some SocketAddress) throws -> Socket {
        let socket = try Socket(domain: Int32(type(of: address).family))
        do {
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: address)
            try socket.listen()
            return socket
        } catch {
            try? socket.close()
            throw error
        }
    }

    private func addressOf(_ text: String) -> String? {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1 ? text : nil
    }

    /// Returns the first address of version 4 of a name.
    private func resolved() -> String? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let list else { return nil }
        defer { freeaddrinfo(list) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                list.pointee.ai_addr, list.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST) == 0
        else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

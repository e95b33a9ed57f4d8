/// The reason why a server cannot start.
public enum ModelServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Other machines could connect, and there is no token.
    case tokenNeeded(host: String)
    /// The token is empty.
    case emptyToken
    /// The address cannot be used.
    case notListening(host: String, port: Int, reason: String)

    /// One sentence that states the problem and the remedy.
    public var description: String {
        switch self {
        case .tokenNeeded(let host):
            "other machines could connect to \(host), and there is no token; give one with --token, or "
                + "leave out --host"
        case .emptyToken: "the token is empty; give a longer one"
        case .notListening(let host, let port, let reason):
            "the server cannot listen on \(host), port \(port): \(reason); use another --port or "
                + "--host, or end the program that uses it"
        }
    }
}

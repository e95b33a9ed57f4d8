/// An error in downloading a file.
public enum DownloadError: Error, Equatable, Sendable {
    /// The name of a repository or file could lead out of its folder.
    case invalidName(String)
    /// An environment variable has an invalid value.
    case invalidSetting(name: String, value: String, requirement: String)
    /// The token file is not usable.
    case tokenFile(path: String, reason: String)
    /// The server does not respond.
    case unreachable(server: String, reason: String)
    /// Network use is disabled, and the file is not in the cache.
    case offline(file: String, cache: String)
    /// The server requires a token, or rejects the one sent.
    case unauthorized(url: String, hasToken: Bool)
    /// The server denies this user access to the file.
    case forbidden(url: String, hasToken: Bool)
    /// The file does not exist.
    case notFound(url: String)
    /// The server returned another error status on every attempt.
    case status(Int, url: String, attempts: Int)
    /// The response is not that of a hub.
    case unexpectedAnswer(url: String, reason: String)
    /// The connection ended early on every attempt.
    case interrupted(url: String, received: Int, expected: Int, attempts: Int, reason: String)
    /// The downloaded content does not match the checksum.
    case wrongChecksum(url: String, found: String, expected: String)
    /// Another process is downloading the same file.
    case busy(path: String)
    /// The cache cannot be read or written.
    case cache(path: String, reason: String)
}

extension DownloadError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    public var description: String {
        let elsewhere = "or fetch the file in another way and name it instead"
        return switch self {
        case .invalidName(let name):
            "'\(name.prefix(100))' is not the name of a data set or file on a hub; a data set is "
                + "called owner/name, and no part of a name begins with a dot"
        case .invalidSetting(let name, let value, let requirement):
            "\(name)=\(value) \(requirement)"
        case .tokenFile(let path, let reason):
            "no token can be read from \(path): \(reason); log in again, remove the file, or set "
                + "HF_TOKEN"
        case .unreachable(let server, let reason):
            "\(server) cannot be reached: \(reason); check the connection and HF_ENDPOINT, "
                + elsewhere
        case .offline(let file, let cache):
            "\(file) is not in the cache \(cache), and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids "
                + "to fetch it; unset it, or set HF_HOME to the folder that has the file"
        case .unauthorized(let url, let hasToken):
            "\(url) is only for users who are known (status 401); "
                + (hasToken
                    ? "the token is not accepted, make a new one in the hub's settings and set "
                        + "HF_TOKEN"
                    : "set HF_TOKEN to an access token from the hub's settings, \(elsewhere)")
        case .forbidden(let url, let hasToken):
            "\(url) may not be read (status 403); accept the terms on the data set's page"
                + (hasToken
                    ? " as the user whose token is used" : " and set HF_TOKEN to a token")
        case .notFound(let url):
            "\(url) does not exist (status 404); check HF_ENDPOINT and the file's name"
        case .status(let status, let url, let attempts):
            "\(url) was answered with status \(status) \(times(attempts)); try again later, "
                + elsewhere
        case .unexpectedAnswer(let url, let reason):
            "\(url) was not answered as a hub does: \(reason); check HF_ENDPOINT"
        case .interrupted(let url, let received, let expected, let attempts, let reason):
            "\(url) broke off after \(received) of \(expected) bytes, \(times(attempts)) "
                + "(\(reason)); the part that is there is kept: the same command continues it"
        case .wrongChecksum(let url, let found, let expected):
            "\(url) has arrived damaged: its checksum is \(found), it should be \(expected); "
                + "nothing was kept, try again, \(elsewhere)"
        case .busy(let path):
            "\(path) is locked: another program is fetching the same file; wait for it to end"
        case .cache(let path, let reason):
            "\(path) cannot be used: \(reason); set HF_HOME to a folder that can be written, with "
                + "room for the file"
        }
    }

    private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}

import Foundation

/// The number of files that the process may open.
enum FileLimit {
    /// The number of descriptors that are left for files.
    private static let reserve = 64

    /// Raises the limit as far as needed and possible.
    ///
    /// - Parameter connections: The wanted number of connections.
    /// - Returns: The possible number of connections, at least 8.
    static func raised(for connections: Int) -> Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let resource = RLIMIT_NOFILE
        #else
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #endif
        guard getrlimit(resource, &limit) == 0 else { return connections }
        let wanted = rlim_t(connections + reserve)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            _ = setrlimit(resource, &limit)
            _ = getrlimit(resource, &limit)
        }
        guard limit.rlim_cur < wanted else { return connections }
        return max(8, Int(limit.rlim_cur) - reserve)
    }
}

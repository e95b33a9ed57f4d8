internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The processors that this process may use.
///
/// They are often fewer than the machine has: `taskset`, container CPU sets, batch systems and
/// `mpirun` bind a process to some processors, and a container's quota limits its processor time.
enum Processors {
    /// The number of threads that can run at the same time, at least 1.
    static let available = max(1, min(allowed, quota ?? .max))

    /// The number of processors in the affinity mask of the process; all of the machine if there is
    /// no mask.
    private static var allowed: Int {
        let count = Int(hrm_allowed_processors())
        return count > 0 ? count : sysconf(Int32(_SC_NPROCESSORS_ONLN))
    }

    #if canImport(Glibc)
        /// The container's quota in whole processors; nil without a limit.
        private static var quota: Int? {
            if let text = firstLine(of: "/sys/fs/cgroup/cpu.max") {
                return quota(unified: text)
            }
            guard let quota = firstLine(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
                let period = firstLine(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
            else { return nil }
            return Self.quota(unified: "\(quota) \(period)")
        }

        /// Returns the first line of a small file.
        private static func firstLine(of path: String) -> String? {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
            return String(decoding: line, as: UTF8.self)
        }
    #else
        private static var quota: Int? { nil }
    #endif

    /// Converts a quota to whole processors.
    ///
    /// - Parameter text: The processor time per period and the period, in microseconds, separated
    ///   by a space; `max` or a negative number for no limit.
    /// - Returns: The number of processors, rounded up; nil without a limit.
    static func quota(unified text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let quota = Int(parts[0]), let period = Int(parts[1]),
            quota > 0, period > 0
        else { return nil }
        return (quota - 1) / period + 1
    }
}

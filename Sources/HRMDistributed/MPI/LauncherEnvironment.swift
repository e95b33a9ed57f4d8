#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The variables by which launchers of MPI tell a process that it is one of several.
package enum LauncherEnvironment {
    /// Variables with the number of processes: Open MPI, MPICH and SLURM's PMI, MVAPICH.
    private static let sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"]
    private static let ranks = [
        "OMPI_COMM_WORLD_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK", "PMIX_RANK",
    ]

    /// The number of processes that were started together; 1 without a launcher.
    package static var processCount: Int {
        if let count = sizes.lazy.compactMap({ number(of: $0) }).first { return count }
        // SLURM with PMIx; a batch script has the second variable, too.
        return text(of: "PMIX_RANK") == nil ? 1 : number(of: "SLURM_STEP_NUM_TASKS") ?? 1
    }

    /// The number of this process among them; 0 without a launcher.
    package static var processNumber: Int {
        ranks.lazy.compactMap { text(of: $0) }.compactMap { Int($0) }.first ?? 0
    }

    /// The value of a variable that is a number of seconds.
    static func seconds(_ name: String) -> Double? {
        text(of: name).flatMap(Double.init).flatMap { $0 > 0 && $0 < 1e9 ? $0 : nil }
    }

    private static func number(of name: String) -> Int? {
        text(of: name).flatMap { Int($0) }.flatMap { $0 >= 1 ? $0 : nil }
    }

    private static func text(of name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}

internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An instruction set for which the engine has kernels.
@safe
public struct KernelPath: Hashable, CustomStringConvertible {
    /// The value of the environment variable `HRM_KERNELS` that selects it, such as `avx2`.
    public let name: String
    let table: UnsafePointer<hrm_kernels>

    /// The paths that this machine can run, best first; never empty.
    public static let available: [KernelPath] = {
        var paths: [KernelPath] = []
        while let table = unsafe hrm_kernels_available(paths.count) {
            paths.append(
                unsafe KernelPath(name: String(cString: table.pointee.name), table: table))
        }
        return paths
    }()

    /// The path named by the environment variable `HRM_KERNELS`, if it is set.
    public static let requested: String? = {
        guard let value = unsafe getenv("HRM_KERNELS") else { return nil }
        let name = unsafe String(cString: value)
        return name.isEmpty ? nil : name
    }()

    /// The kernels used by every primitive, chosen once.
    ///
    /// They are the requested ones if this machine supports them, otherwise the best ones.
    public static let active: KernelPath =
        available.first { $0.name == requested } ?? available[0]

    /// Refuses a request that this machine cannot meet; programs call it at startup.
    public static func checkRequest() throws(KernelPathError) {
        if let requested, active.name != requested {
            throw KernelPathError(requested: requested, available: available.map(\.name))
        }
    }

    /// Returns true if two paths have the same name.
    public static func == (a: KernelPath, b: KernelPath) -> Bool { a.name == b.name }

    /// Adds the name to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The name.
    public var description: String { name }

    var kernels: hrm_kernels { unsafe table.pointee }
}

// SAFETY: the tables are constants of the C target and are never modified.
extension KernelPath: @unchecked Sendable {}

/// The error for a value of `HRM_KERNELS` that this machine does not support.
public struct KernelPathError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The requested name.
    public let requested: String
    /// The available paths, best first.
    public let available: [String]

    /// One sentence that states the problem and the remedy.
    public var description: String {
        "HRM_KERNELS=\(requested): this machine has \(available.joined(separator: ", ")); "
            + "unset the variable, or set it to one of these"
    }
}

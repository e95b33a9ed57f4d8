internal import CHRMKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One of the instruction sets for which the engine has kernels.
@safe
public struct KernelPath: Hashable, CustomStringConvertible {
    /// The name by which the environment variable `HRM_KERNELS` asks for it, such as `avx2`.
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

    /// The kernels every primitive runs on, chosen once.
    ///
    /// They are the requested ones where this machine has them, the best otherwise.
    public static let active: KernelPath =
        available.first { $0.name == requested } ?? available[0]

    /// Refuses a request that this machine cannot meet; programs call it when they start.
    public static func checkRequest() throws(KernelPathError) {
        if let requested, active.name != requested {
            throw KernelPathError(requested: requested, available: available.map(\.name))
        }
    }

    /// Compares two paths by their names.
    public static func == (a: KernelPath, b: KernelPath) -> Bool { a.name == b.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The name.
    public var description: String { name }

    var kernels: hrm_kernels { unsafe table.pointee }
}

// SAFETY: the tables are constants of the C target; nobody ever writes to them.
extension KernelPath: @unchecked Sendable {}

/// `HRM_KERNELS` names kernels that this machine does not have.
public struct KernelPathError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The requested name.
    public let requested: String
    /// The available paths, best first.
    public let available: [String]

    /// One sentence: what is wrong and how to mend it.
    public var description: String {
        "HRM_KERNELS=\(requested): this machine has \(available.joined(separator: ", ")); "
            + "unset the variable, or set it to one of these"
    }
}

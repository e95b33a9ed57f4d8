internal import CPJRT
import Foundation

/// The platforms for which wheels run on a machine.
struct PlatformTags: Hashable, Sendable {
    var system: String
    var machine: String
    /// The version of the C library on Linux, of the system on macOS.
    var major: Int
    var minor: Int

    /// This machine's.
    static let current: PlatformTags = {
        #if arch(arm64)
            let names = (linux: "aarch64", macOS: "arm64")
        #else
            let names = (linux: "x86_64", macOS: "x86_64")
        #endif
        #if os(Linux)
            let parts =
                unsafe String(cString: cpjrt_libc_version()).split(separator: ".")
                .compactMap { Int($0) }
            return PlatformTags(
                system: "linux", machine: names.linux, major: parts.first ?? 0,
                minor: parts.dropFirst().first ?? 0)
        #else
            let version = ProcessInfo.processInfo.operatingSystemVersion
            return PlatformTags(
                system: "macosx", machine: names.macOS, major: version.majorVersion,
                minor: version.minorVersion)
        #endif
    }()

    /// Returns true if wheels for a platform run here.
    ///
    /// - Parameter tag: A platform of a wheel's name, for instance `manylinux_2_27_x86_64`.
    /// - Returns: True if system, processor and version fit.
    func accepts(_ tag: String) -> Bool {
        let old = ["manylinux1_": "5_", "manylinux2010_": "12_", "manylinux2014_": "17_"]
        for (prefix, minor) in old where tag.hasPrefix(prefix) {
            return accepts("manylinux_2_" + minor + tag.dropFirst(prefix.count))
        }
        let family = system == "linux" ? "manylinux_" : "macosx_"
        if system == "linux", tag == "linux_\(machine)" { return true }
        guard tag.hasPrefix(family) else { return false }
        let parts = tag.dropFirst(family.count).split(separator: "_", maxSplits: 2)
        guard parts.count == 3, let tagMajor = Int(parts[0]), let tagMinor = Int(parts[1]),
            parts[2] == machine || (system == "macosx" && parts[2] == "universal2")
        else { return false }
        return tagMajor < major && system == "macosx"
            || tagMajor == major && tagMinor <= minor
    }
}

/// A version of the PJRT interface.
package struct PluginVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The major version; different ones are incompatible.
    package var major: Int
    /// The minor version; functions and fields are only appended.
    package var minor: Int

    /// The oldest version whose table of functions has today's order.
    package static let oldest = PluginVersion(major: 0, minor: 57)

    /// Creates a version.
    package init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The version as `major.minor`.
    package var description: String { "\(major).\(minor)" }

    /// Compares versions by major, then by minor version.
    package static func < (first: Self, second: Self) -> Bool {
        (first.major, first.minor) < (second.major, second.minor)
    }
}

/// An error in installing a plug-in.
package enum InstallError: Error, Equatable, Sendable {
    /// A setting of the package index cannot be used.
    case setting(name: String, reason: String)
    /// The index does not answer, or with an error.
    case index(url: String, reason: String)
    /// The index has no wheel that fits.
    case noWheel(package: String, index: String, reason: String)
    /// A wheel cannot be used.
    case wheel(name: String, reason: String)
    /// The folder of plug-ins cannot be written.
    case folder(path: String, reason: String)
    /// Another process installs into the folder.
    case busy(path: String)
}

extension InstallError: CustomStringConvertible {
    /// A sentence that states the problem, the place and the remedy.
    package var description: String {
        switch self {
        case .setting(let name, let reason):
            "\(name) \(reason)"
        case .index(let url, let reason):
            "\(url) cannot be read: \(reason); check the connection and PIP_INDEX_URL, or unpack "
                + "the plug-in yourself and name its file in HRM_PJRT_PLUGINS"
        case .noWheel(let package, let index, let reason):
            "\(index) has no wheel of \(package) for this machine: \(reason)"
        case .wheel(let name, let reason):
            "\(name) cannot be installed: \(reason); nothing was kept"
        case .folder(let path, let reason):
            "\(path) cannot be used: \(reason); set HRM_PLUGINS to a folder that can be written"
        case .busy(let path):
            "another process installs a plug-in into \(path); wait for it to end"
        }
    }
}

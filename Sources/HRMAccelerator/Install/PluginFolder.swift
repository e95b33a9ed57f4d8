package import Foundation

/// The folder in which `hrm devices install` puts plug-ins.
package enum PluginFolder {
    /// Returns the folder: `HRM_PLUGINS`, else `hrm/plugins` in `XDG_DATA_HOME` or `~/.local/share`.
    ///
    /// - Parameter environment: The environment variables.
    /// - Returns: The folder, which need not exist.
    package static func url(environment: [String: String]) -> URL {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let own = value("HRM_PLUGINS") { return URL(fileURLWithPath: own) }
        let base =
            value("XDG_DATA_HOME") ?? (value("HOME") ?? NSHomeDirectory()) + "/.local/share"
        return URL(fileURLWithPath: base).appendingPathComponent("hrm/plugins")
    }
}

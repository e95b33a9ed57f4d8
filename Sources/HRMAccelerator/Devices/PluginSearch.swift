package import Foundation

/// The places where plug-ins are, and those found there.
package struct PluginSearch: Sendable {
    /// A file that seems to be a plug-in.
    package struct Found: Hashable, Sendable {
        /// The shared library.
        package var url: URL
        /// The platform, from the names of file and folder; the plug-in itself may say another.
        package var platform: String
        /// The place, in words.
        package var place: String
    }

    private let environment: [String: String]
    private static let mostPerFolder = 1000

    /// Creates a search.
    ///
    /// - Parameter environment: The variables `HRM_PJRT_PLUGINS` (files and folders, separated by
    ///   colons), `HRM_PLUGINS`, `VIRTUAL_ENV`, `CONDA_PREFIX` and `HOME`.
    package init(environment: [String: String]) {
        self.environment = environment
    }

    /// Returns all plug-ins, those of `HRM_PJRT_PLUGINS` first, then installed ones, then those of
    /// Python's packages.
    ///
    /// - Returns: Each file once.
    package func all() -> [Found] {
        var result: [Found] = []
        for path in (value("HRM_PJRT_PLUGINS") ?? "").split(separator: ":") {
            let url = URL(fileURLWithPath: String(path))
            let files = isFolder(url) ? libraries(in: url) : [url]
            result += files.map { found($0, "HRM_PJRT_PLUGINS") }
        }
        let installed = PluginFolder.url(environment: environment)
        for folder in folders(in: installed) {
            result += libraries(in: folder).map { found($0, "installed") }
        }
        for packages in pythonFolders() {
            result += pythonLibraries(in: packages).map { found($0, packages.path) }
        }
        var seen: Set<String> = []
        return result.filter {
            seen.insert($0.url.resolvingSymlinksInPath().standardizedFileURL.path).inserted
        }
    }

    /// Returns the first plug-in for a platform, or the one at a path.
    ///
    /// - Parameter name: A platform, or a path with a slash.
    /// - Returns: The plug-in.
    /// - Throws: ``AcceleratorError/plugin(path:reason:)`` with what there is.
    package func plugin(named name: String) throws(AcceleratorError) -> Found {
        if name.contains("/") { return found(URL(fileURLWithPath: name), "the command line") }
        let plugins = all()
        if let plugin = plugins.first(where: { $0.platform == name }) { return plugin }
        let platforms = Set(plugins.map(\.platform)).sorted().joined(separator: ", ")
        throw .plugin(
            path: "pjrt:\(name)",
            reason: plugins.isEmpty
                ? "no plug-in is installed" : "the plug-ins found are for \(platforms)")
    }

    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func found(_ url: URL, _ place: String) -> Found {
        Found(url: url, platform: Self.platform(of: url), place: place)
    }

    /// Guesses the platform from the names of a file and its folder.
    static func platform(of url: URL) -> String {
        let names = [
            url.lastPathComponent, url.deletingLastPathComponent().lastPathComponent,
        ].map { $0.lowercased() }
        for name in names {
            for platform in ["cuda", "rocm", "tpu", "metal", "cpu"] where name.contains(platform) {
                return platform
            }
        }
        let name = url.deletingPathExtension().lastPathComponent
        return name.hasPrefix("lib") ? String(name.dropFirst(3)) : name
    }

    /// The folders of Python's packages that are usual on this machine.
    private func pythonFolders() -> [URL] {
        var prefixes = [value("VIRTUAL_ENV"), value("CONDA_PREFIX")].compactMap(\.self)
        if let home = value("HOME") {
            prefixes.append("\(home)/.local")
            prefixes += folders(in: URL(fileURLWithPath: "\(home)/.pyenv/versions")).map(\.path)
        }
        prefixes += ["/usr/local", "/usr"]
        return prefixes.flatMap { prefix in
            folders(in: URL(fileURLWithPath: prefix).appendingPathComponent("lib"))
                .filter { $0.lastPathComponent.hasPrefix("python3") }
                .flatMap { folder in
                    ["site-packages", "dist-packages"].map { folder.appendingPathComponent($0) }
                }
        }.filter { isFolder($0) }
    }

    /// The plug-ins of packages that are known to have one.
    private func pythonLibraries(in packages: URL) -> [URL] {
        let groups = ["xla_plugins", "jax_plugins"].flatMap {
            folders(in: packages.appendingPathComponent($0))
        }
        let singles = ["libtpu", "lammps_jax_pjrt_cpu", "fastatomstruct_xla_cpu"].map {
            packages.appendingPathComponent($0)
        }
        return groups.flatMap { libraries(in: $0) }
            + singles.flatMap { libraries(in: $0) }.filter { $0.lastPathComponent != "sdk.so" }
    }

    private func entries(of folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().prefix(Self.mostPerFolder).filter { !$0.hasPrefix(".") }
            .map { folder.appendingPathComponent($0) }
    }

    private func folders(in folder: URL) -> [URL] { entries(of: folder).filter { isFolder($0) } }

    private func libraries(in folder: URL) -> [URL] {
        entries(of: folder).filter { ["so", "dylib"].contains($0.pathExtension) && !isFolder($0) }
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(
            atPath: url.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue
    }
}

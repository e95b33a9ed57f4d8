package import Foundation
internal import HRMData
internal import HRMFiles

/// A package of the Python package index that contains a plug-in.
package struct PluginPackage: Hashable, Sendable {
    /// The package's name.
    package var name: String
    /// The version; nil for the newest release.
    package var version: String?

    /// Creates a package.
    package init(name: String, version: String? = nil) {
        self.name = name
        self.version = version
    }

    /// Packages by the names of `hrm devices install`.
    package static let known: [(device: String, package: PluginPackage)] = [
        ("cpu", PluginPackage(name: "xla-cpu-pjrt", version: "0.0.1")),
        ("cuda12", PluginPackage(name: "jax-cuda12-pjrt")),
        ("cuda13", PluginPackage(name: "jax-cuda13-pjrt")),
        ("rocm7", PluginPackage(name: "jax-rocm7-pjrt")),
        ("tpu", PluginPackage(name: "libtpu")),
    ]

    /// Parses the name of a device, or `PACKAGE` or `PACKAGE==VERSION`; nil if it is neither.
    package init?(text: String) {
        if let known = Self.known.first(where: { $0.device == text }) {
            self = known.package
            return
        }
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 3 && parts[1].isEmpty,
            parts[0].wholeMatch(of: /[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?/) != nil
        else { return nil }
        name = String(parts[0])
        if parts.count == 3 {
            guard PackageVersion(String(parts[2])) != nil else { return nil }
            version = String(parts[2])
        }
    }
}

/// Takes plug-ins from the Python package index.
package struct PluginInstaller: Sendable {
    /// The index.
    package var settings: IndexSettings
    /// The folder of plug-ins.
    package var folder: URL
    var platform = PlatformTags.current
    private static let wheelLimit = 2 << 30

    /// Creates an installer.
    ///
    /// - Parameters:
    ///   - settings: The index.
    ///   - folder: The folder of plug-ins; it is created if it is missing.
    package init(settings: IndexSettings, folder: URL) {
        self.settings = settings
        self.folder = folder
    }

    /// A wheel that fits this machine.
    package struct Choice: Hashable, Sendable {
        /// The file's name.
        package var wheel: String
        /// The package's version.
        package var version: String
        /// The size in bytes; nil if the index does not tell.
        package var byteCount: Int?
        let file: IndexFile
    }

    /// Returns the wheel of the newest release, or of a version, that runs on this machine.
    ///
    /// - Parameter package: The package.
    /// - Returns: The wheel.
    /// - Throws: ``InstallError``.
    package func choice(of package: PluginPackage) throws(InstallError) -> Choice {
        try choice(of: package, among: PackageIndex(settings: settings).files(of: package.name))
    }

    func choice(
        of package: PluginPackage, among files: [IndexFile]
    ) throws(InstallError) -> Choice {
        func refuse(_ reason: String) -> InstallError {
            .noWheel(package: package.name, index: settings.url.absoluteString, reason: reason)
        }
        let wanted = package.version.flatMap { PackageVersion($0) }
        let wheels = files.compactMap { file in
            WheelName(file.name).map { (name: $0, file: file) }
        }.filter { $0.name.distribution == WheelName.normalized(package.name) }
        guard !wheels.isEmpty else { throw refuse("there are no wheels at all") }
        let versions = wheels.filter {
            wanted.map { [version = $0.name.version] in $0 == version }
                ?? (!$0.name.version.isPreRelease && !$0.file.isYanked)
        }
        guard !versions.isEmpty else {
            let names = Set(wheels.map(\.name.versionText)).sorted().joined(separator: ", ")
            throw refuse(
                package.version.map { "version \($0) is not among \(names)" }
                    ?? "there is no release among \(names)")
        }
        let fitting = versions.filter { wheel in
            wheel.name.platforms.contains { platform.accepts($0) }
                && wheel.name.abiTags.contains { $0 == "none" || $0 == "abi3" }
        }
        guard
            let best = fitting.max(by: {
                ($0.name.version, $0.file.name) < ($1.name.version, $1.file.name)
            })
        else {
            let tags = Set(versions.flatMap(\.name.platforms)).sorted().joined(separator: ", ")
            throw refuse(
                "they are for \(tags); this machine is \(platform.system) \(platform.major)."
                    + "\(platform.minor) on \(platform.machine)")
        }
        return Choice(
            wheel: best.file.name, version: best.name.versionText, byteCount: best.file.byteCount,
            file: best.file)
    }

    /// Installs a wheel.
    ///
    /// The wheel is downloaded to a temporary folder, checked and unpacked there, and the folder is
    /// renamed at the end. Other processes that install into the same folder are refused meanwhile.
    ///
    /// - Parameters:
    ///   - choice: The wheel.
    ///   - package: Its package.
    ///   - progress: Called with the bytes received and, if known, the bytes in all.
    /// - Returns: The plug-in, and true if it was there already.
    /// - Throws: ``InstallError``.
    package func install(
        _ choice: Choice, of package: PluginPackage, progress: (Int, Int?) -> Void
    ) throws(InstallError) -> (plugin: URL, wasThere: Bool) {
        let name = "\(WheelName.normalized(package.name))-\(choice.version)"
        let target = folder.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .folder(path: folder.path, reason: FileReason.of(error))
        }
        let lock: FileLock
        do {
            lock = try FileLock(folder.appendingPathComponent(".lock"))
        } catch {
            throw switch error {
            case .busy: .busy(path: folder.path)
            case .cache(_, let reason): .folder(path: folder.path, reason: reason)
            default: .folder(path: folder.path, reason: error.description)
            }
        }
        let result = Result { () throws(InstallError) in
            try installed(choice, at: target, progress: progress)
        }
        // Until here no other process installs into the folder.
        _ = consume lock
        return try result.get()
    }

    private func installed(
        _ choice: Choice, at target: URL, progress: (Int, Int?) -> Void
    ) throws(InstallError) -> (plugin: URL, wasThere: Bool) {
        if let plugin = Self.library(in: target) { return (plugin, true) }
        let download = folder.appendingPathComponent(".\(UUID().uuidString).whl.tmp")
        defer { try? FileManager.default.removeItem(at: download) }
        try PackageIndex(settings: settings).download(
            choice.file, to: download, limit: Self.wheelLimit, progress: progress)
        try Self.unpack(download, named: choice.wheel, to: target)
        guard let plugin = Self.library(in: target) else {
            throw .wheel(name: choice.wheel, reason: "it has no shared library")
        }
        return (plugin, false)
    }

    static func unpack(
        _ wheel: URL, named name: String, to target: URL
    ) throws(InstallError) {
        let bytes: Data
        do {
            bytes = try InputFile.mapped(wheel)
        } catch {
            throw .wheel(name: name, reason: error.reason)
        }
        let content = try PluginWheel(bytes, name: name)
        try AtomicFolder.create(target) { problem in
            switch problem {
            case .exists(let path): .folder(path: path, reason: "it exists already")
            case .unwritable(let path, let reason): .folder(path: path, reason: reason)
            }
        } fill: { folder throws(InstallError) in
            try content.unpack(into: folder)
        }
    }

    /// Returns the shared library of an installed plug-in.
    private static func library(in folder: URL) -> URL? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().first { $0.hasSuffix(".so") || $0.hasSuffix(".dylib") }
            .map { folder.appendingPathComponent($0) }
    }
}

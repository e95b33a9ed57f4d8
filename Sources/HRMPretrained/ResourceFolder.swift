import Foundation

/// Where the build puts this target's resources.
///
/// The accessor that the build makes, `Bundle.module`, ends the program when the folder is not where it
/// was built; a program that was copied without it shall say so and go on.
enum ResourceFolder {
    #if canImport(Darwin)
        static let name = "swift-hrm_HRMPretrained.bundle"
        /// Xcode makes a bundle with folders of its own, the package manager one without.
        private static let paths = [name, name + "/Contents/Resources"]
    #else
        static let name = "swift-hrm_HRMPretrained.resources"
        private static let paths = [name]
    #endif

    /// Folders in which it may lie: beside the program, in an app's resources, and beside a test bundle.
    static var candidates: [URL] {
        let main = Bundle.main
        let program = main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        let tests = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        var seen: Set<String> = []
        return ([main.resourceURL, main.bundleURL, program].compactMap(\.self) + tests)
            .flatMap { folder in paths.map { folder.appendingPathComponent($0) } }
            .filter { seen.insert($0.path).inserted }
    }
}

import Foundation

/// The location of this target's resources.
///
/// The generated accessor `Bundle.module` terminates the program if the folder is not where it was
/// built; a program copied without its resources should report an error instead.
enum ResourceFolder {
    #if canImport(Darwin)
        static let name = "swift-hrm_HRMPretrained.bundle"
        /// Xcode creates a bundle with subfolders, the package manager one without.
        private static let paths = [name, name + "/Contents/Resources"]
    #else
        static let name = "swift-hrm_HRMPretrained.resources"
        private static let paths = [name]
    #endif

    /// The possible folders: beside the program, in an app's resources, and beside a test bundle.
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
